// The tests that follow `is`.
#include <algorithm>

#include "engine/jinja/builtins.h"
#include "engine/jinja/methods.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"

namespace quorum::jinja {
namespace {

using Predicate = bool (*)(Runtime&, const Value&);

template <Predicate predicate>
Value plain(Runtime& runtime, const Value& value, const Arguments& arguments) {
  const Bound bound("test", arguments, {});
  return Value::boolean(predicate(runtime, value));
}

bool is_defined(Runtime&, const Value& value) { return !value.is_undefined(); }
bool is_undefined(Runtime&, const Value& value) { return value.is_undefined(); }
bool is_none(Runtime&, const Value& value) { return value.is_none(); }
bool is_boolean(Runtime&, const Value& value) { return value.is(Kind::kBool); }
bool is_literally_true(Runtime&, const Value& value) {
  return value.is(Kind::kBool) && value.as_int() != 0;
}
bool is_literally_false(Runtime&, const Value& value) {
  return value.is(Kind::kBool) && value.as_int() == 0;
}
bool is_integer(Runtime&, const Value& value) { return value.is(Kind::kInt); }
bool is_float(Runtime&, const Value& value) { return value.is(Kind::kFloat); }
bool is_number(Runtime&, const Value& value) { return value.is_number(); }
bool is_string(Runtime&, const Value& value) { return value.is_text(); }
bool is_mapping(Runtime&, const Value& value) { return value.is(Kind::kDict); }
bool is_iterable_value(Runtime&, const Value& value) { return is_iterable(value); }
bool is_escaped(Runtime&, const Value& value) { return value.is_markup(); }
bool is_callable(Runtime&, const Value& value) {
  return value.is(Kind::kCallable) || value.is_undefined() || value.is(Kind::kLoop);
}
bool is_sequence(Runtime&, const Value& value) {
  return value.is_text() || value.is_sequence() || value.is(Kind::kDict) ||
         value.is(Kind::kRange) || value.is_undefined();
}
void check_hashable(const Value& value) {
  if (value.is(Kind::kList) || value.is(Kind::kDict))
    throw Failure("unhashable type: '" + type_name(value) + "'");
}
bool is_filter(Runtime&, const Value& value) {
  check_hashable(value);
  return value.is_text() && find_filter(value.as_text()) != nullptr;
}
bool is_test(Runtime&, const Value& value) {
  check_hashable(value);
  return value.is_text() && find_test(value.as_text()) != nullptr;
}

Value remainder(Runtime& runtime, const Value& value, const Value& divisor) {
  return arithmetic(runtime, Operator::kModulo, value, divisor);
}
bool is_odd(Runtime& runtime, const Value& value) {
  return equal(runtime, remainder(runtime, value, Value::integer(2)), Value::integer(1));
}
bool is_even(Runtime& runtime, const Value& value) {
  return equal(runtime, remainder(runtime, value, Value::integer(2)), Value::integer(0));
}

bool text_test(Runtime& runtime, const Value& value, std::string_view method) {
  const Value text = runtime.text(to_text(value));
  return is_true(find_text_test_method(method)(runtime, text, {}));
}
bool is_lower_case(Runtime& runtime, const Value& value) {
  return text_test(runtime, value, "islower");
}
bool is_upper_case(Runtime& runtime, const Value& value) {
  return text_test(runtime, value, "isupper");
}

Value is_divisible(Runtime& runtime, const Value& value, const Arguments& arguments) {
  const Bound bound("divisibleby", arguments, {"num"}, 1);
  return Value::boolean(equal(runtime, remainder(runtime, value, bound[0]), Value::integer(0)));
}

Value is_same(Runtime& runtime, const Value& value, const Arguments& arguments) {
  const Bound bound("sameas", arguments, {"other"}, 1);
  if (value.kind() != bound[0].kind()) return Value::boolean(false);
  const bool scalar = value.is_none() || value.is_number() || value.is_text();
  return Value::boolean(scalar ? equal(runtime, value, bound[0])
                               : value.identity() == bound[0].identity());
}

Value is_in(Runtime& runtime, const Value& value, const Arguments& arguments) {
  const Bound bound("in", arguments, {"seq"}, 1);
  return Value::boolean(contains(runtime, bound[0], value));
}

template <Comparison comparison>
Value compared(Runtime& runtime, const Value& value, const Arguments& arguments) {
  const Bound bound("comparison", arguments, {""}, 1);
  return Value::boolean(compare(runtime, comparison, value, bound[0]));
}

constexpr NamedBuiltin kTests[] = {
    {"boolean", plain<is_boolean>},
    {"callable", plain<is_callable>},
    {"defined", plain<is_defined>},
    {"divisibleby", is_divisible},
    {"eq", compared<Comparison::kEqual>},
    {"equalto", compared<Comparison::kEqual>},
    {"==", compared<Comparison::kEqual>},
    {"escaped", plain<is_escaped>},
    {"even", plain<is_even>},
    {"false", plain<is_literally_false>},
    {"filter", plain<is_filter>},
    {"float", plain<is_float>},
    {"ge", compared<Comparison::kGreaterEqual>},
    {">=", compared<Comparison::kGreaterEqual>},
    {"gt", compared<Comparison::kGreater>},
    {"greaterthan", compared<Comparison::kGreater>},
    {">", compared<Comparison::kGreater>},
    {"in", is_in},
    {"integer", plain<is_integer>},
    {"iterable", plain<is_iterable_value>},
    {"le", compared<Comparison::kLessEqual>},
    {"<=", compared<Comparison::kLessEqual>},
    {"lower", plain<is_lower_case>},
    {"lt", compared<Comparison::kLess>},
    {"lessthan", compared<Comparison::kLess>},
    {"<", compared<Comparison::kLess>},
    {"mapping", plain<is_mapping>},
    {"ne", compared<Comparison::kNotEqual>},
    {"!=", compared<Comparison::kNotEqual>},
    {"none", plain<is_none>},
    {"number", plain<is_number>},
    {"odd", plain<is_odd>},
    {"sameas", is_same},
    {"sequence", plain<is_sequence>},
    {"string", plain<is_string>},
    {"test", plain<is_test>},
    {"true", plain<is_literally_true>},
    {"undefined", plain<is_undefined>},
    {"upper", plain<is_upper_case>},
};

}  // namespace

Builtin find_test(std::string_view name) {
  for (const NamedBuiltin& test : kTests)
    if (test.name == name) return test.function;
  return nullptr;
}

bool apply_test(Runtime& runtime, std::string_view name, const Value& input,
                const Arguments& arguments) {
  const Builtin function = find_test(name);
  if (function == nullptr) throw Failure("No test named '" + std::string(name) + "'.");
  return is_true(function(runtime, input, arguments));
}

}  // namespace quorum::jinja
