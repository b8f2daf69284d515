// What Python's getattr finds on a value, as far as the sandbox lets a template see it.
#include <algorithm>
#include <cmath>

#include "engine/jinja/ast.h"
#include "engine/jinja/builtins.h"
#include "engine/jinja/methods.h"

namespace quorum::jinja {
namespace {

using Names = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view name, Names names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Value bind(const Value& self, std::string_view name, Builtin function) {
  auto callable = std::make_shared<CallableObject>();
  callable->name = name;
  callable->self = self;
  callable->function = function;
  return Value::callable(std::move(callable));
}

Value unsafe(const Value& value, std::string_view name) {
  return Value::undefined_because("access to attribute '" + std::string(name) + "' of '" +
                                  type_name(value) + "' object is unsafe.");
}

// Methods that Python has and that change a container; and those that this interpreter lacks.
bool is_mutating(Kind kind, std::string_view name) {
  if (kind == Kind::kList)
    return is_one_of(name,
                     {"append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"});
  return kind == Kind::kDict &&
         is_one_of(name, {"clear", "pop", "popitem", "setdefault", "update"});
}

bool is_missing(Kind kind, std::string_view name) {
  switch (kind) {
    case Kind::kText: return is_one_of(name, {"encode", "isidentifier", "maketrans", "translate"});
    case Kind::kDict: return name == "fromkeys";
    case Kind::kInt:
    case Kind::kBool:
      return is_one_of(name, {"bit_length", "bit_count", "to_bytes", "from_bytes", "conjugate",
                              "as_integer_ratio"});
    case Kind::kFloat: return is_one_of(name, {"as_integer_ratio", "conjugate", "hex", "fromhex"});
    case Kind::kGenerator: return is_one_of(name, {"send", "throw", "close"});
    case Kind::kView: return is_one_of(name, {"isdisjoint", "mapping"});
    default: return false;
  }
}

Value changed(Runtime& runtime, const Value& self, const Arguments& arguments) {
  LoopObject& loop = self.as_loop();
  const bool same = loop.last_changed && loop.last_changed->size() == arguments.positional.size() &&
                    std::equal(arguments.positional.begin(), arguments.positional.end(),
                               loop.last_changed->begin(), [&](const Value& a, const Value& b) {
                                 return equal(runtime, a, b);
                               });
  if (!same) loop.last_changed = arguments.positional;
  return Value::boolean(!same);
}

Value cycle(Runtime&, const Value& self, const Arguments& arguments) {
  if (arguments.positional.empty()) throw Failure("no items for cycling given");
  const auto index = static_cast<std::size_t>(self.as_loop().index);
  return arguments.positional[index % arguments.positional.size()];
}

std::optional<Value> loop_attribute(const Value& value, std::string_view name) {
  const LoopObject& loop = value.as_loop();
  if (!loop.items) throw Failure("this loop has ended");
  const auto size = static_cast<std::int64_t>(loop.items->size());
  const std::int64_t index = loop.index;
  const auto item = [&](std::int64_t at) { return (*loop.items)[static_cast<std::size_t>(at)]; };
  if (name == "index") return Value::integer(index + 1);
  if (name == "index0") return Value::integer(index);
  if (name == "revindex") return Value::integer(size - index);
  if (name == "revindex0") return Value::integer(size - index - 1);
  if (name == "first") return Value::boolean(index == 0);
  if (name == "last") return Value::boolean(index + 1 >= size);
  if (name == "length") return Value::integer(size);
  if (name == "depth") return Value::integer(1);  // it counts recursive loops only
  if (name == "depth0") return Value::integer(0);
  if (name == "previtem")
    return index > 0 ? item(index - 1) : Value::undefined_because("there is no previous item");
  if (name == "nextitem")
    return index + 1 < size ? item(index + 1) : Value::undefined_because("there is no next item");
  if (name == "changed") return bind(value, name, changed);
  if (name == "cycle") return bind(value, name, cycle);
  return std::nullopt;
}

std::optional<Value> macro_attribute(Runtime& runtime, const Value& value, std::string_view name) {
  const Macro* macro = value.as_callable().macro;
  if (macro == nullptr) return std::nullopt;
  if (name == "name") return Value::text(macro->name);
  if (name == "caller") return Value::boolean(macro->uses_caller);
  if (name == "catch_kwargs") return Value::boolean(macro->uses_kwargs);
  if (name == "catch_varargs") return Value::boolean(macro->uses_varargs);
  if (name != "arguments") return std::nullopt;
  std::vector<Value> names;
  for (const Macro::Parameter& parameter : macro->parameters)
    names.push_back(Value::text(parameter.name));
  return runtime.tuple(std::move(names));
}

Value is_whole(Runtime&, const Value& self, const Arguments& arguments) {
  const Bound bound("is_integer", arguments, {});
  const double number = self.as_double();
  return Value::boolean(std::isfinite(number) && std::floor(number) == number);
}

std::optional<Value> number_attribute(const Value& value, std::string_view name) {
  const bool whole = value.is_integral();
  if (name == "real") return whole ? Value::integer(value.as_int()) : value;
  if (name == "imag") return whole ? Value::integer(0) : Value::real(0);
  if (whole && name == "numerator") return Value::integer(value.as_int());
  if (whole && name == "denominator") return Value::integer(1);
  if (!whole && name == "is_integer") return bind(value, name, is_whole);
  return std::nullopt;
}

std::optional<Value> range_attribute(const Value& value, std::string_view name) {
  const RangeObject& range = value.as_range();
  if (name == "start") return Value::integer(range.start);
  if (name == "stop") return Value::integer(range.stop);
  if (name == "step") return Value::integer(range.step);
  return std::nullopt;
}

std::optional<Value> own_attribute(Runtime& runtime, const Value& value, std::string_view name) {
  switch (value.kind()) {
    case Kind::kText:
      if (const Builtin method = find_text_method(name)) return bind(value, name, method);
      if (const Builtin method = find_text_test_method(name)) return bind(value, name, method);
      return std::nullopt;
    case Kind::kNamespace:
      if (const Value* member = value.as_namespace().find(name))
        return name.starts_with('_') ? unsafe(value, name) : *member;
      return std::nullopt;
    case Kind::kLoop: return loop_attribute(value, name);
    case Kind::kCallable: return macro_attribute(runtime, value, name);
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kFloat: return number_attribute(value, name);
    case Kind::kRange:
      if (auto member = range_attribute(value, name)) return member;
      [[fallthrough]];
    default:
      if (const Builtin method = find_container_method(value.kind(), name))
        return bind(value, name, method);
      return std::nullopt;
  }
}

}  // namespace

std::optional<Value> find_attribute(Runtime& runtime, const Value& value, std::string_view name) {
  if (auto attribute = own_attribute(runtime, value, name)) return attribute;
  if (name.size() > 4 && name.starts_with("__") && name.ends_with("__")) return unsafe(value, name);
  if (is_mutating(value.kind(), name)) return unsafe(value, name);
  if (is_missing(value.kind(), name))
    throw Failure("the method " + type_name(value) + "." + std::string(name) + " is not supported");
  return std::nullopt;
}

}  // namespace quorum::jinja
