// Filters that apply an attribute, another filter or a test to every item.
#include <algorithm>

#include "engine/jinja/builtins.h"
#include "engine/jinja/filters.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {

AttributeGetter::AttributeGetter(Runtime& runtime, const Value& path, const Value* otherwise)
    : runtime_(runtime), otherwise_(otherwise) {
  if (path.is_none()) return;
  if (!path.is_text()) {
    parts_.push_back(path);
    return;
  }
  std::string_view rest = path.as_text();
  runtime.charge(rest.size());
  for (bool more = true; more;) {
    const std::size_t dot = rest.find('.');
    more = dot != std::string_view::npos;
    const std::string_view part = rest.substr(0, dot);
    const bool digits =
        !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    parts_.push_back(digits ? Value::integer(parse_integer(part, 10).value_or(0))
                            : Value::text(std::string(part)));
    if (more) rest.remove_prefix(dot + 1);
  }
}

Value AttributeGetter::operator()(const Value& item) const {
  Value value = item;
  for (const Value& part : parts_) {
    runtime_.charge(1);
    value = get_item(runtime_, value, part);
    if (otherwise_ != nullptr && !otherwise_->is_none() && value.is_undefined())
      value = *otherwise_;
  }
  return value;
}

Value without_case(Runtime& runtime, const Value& value) {
  return value.is_text() ? runtime.text(lower(value.as_text())) : value;
}

namespace {

const Value* named(const Arguments& arguments, std::string_view name) {
  for (const auto& [other, value] : arguments.named)
    if (other == name) return &value;
  return nullptr;
}

Arguments after(const Arguments& arguments, std::size_t used) {
  Arguments rest;
  rest.positional.assign(arguments.positional.begin() + static_cast<std::ptrdiff_t>(used),
                         arguments.positional.end());
  rest.named = arguments.named;
  return rest;
}

const std::string& function_name(const Value& value) {
  if (!value.is_text())
    throw Failure("a filter or test is named by a string, got " + type_name(value));
  return value.as_text();
}

Value selected(Runtime& runtime, const Value& input, const Arguments& arguments, bool by_attribute,
               bool keep) {
  if (!is_true(input)) return runtime.generator({});
  const std::size_t offset = by_attribute ? 1 : 0;
  if (by_attribute && arguments.positional.empty())
    throw Failure("Missing parameter for attribute name");
  const AttributeGetter attribute(runtime, by_attribute ? arguments.positional[0] : Value::none());
  const bool has_test = arguments.positional.size() > offset;
  const Arguments rest = has_test ? after(arguments, offset + 1) : Arguments{};
  std::vector<Value> result;
  for (Value& item : iterate(runtime, input)) {
    runtime.charge(2);
    const Value looked_at = attribute(item);
    const bool holds =
        has_test ? apply_test(runtime, function_name(arguments.positional[offset]), looked_at, rest)
                 : is_true(looked_at);
    if (holds == keep) result.push_back(std::move(item));
  }
  return runtime.generator(std::move(result));
}

}  // namespace

Value filter_map(Runtime& runtime, const Value& input, const Arguments& arguments) {
  if (!is_true(input)) return runtime.generator({});
  std::vector<Value> result;
  if (arguments.positional.empty() && named(arguments, "attribute") != nullptr) {
    for (const auto& [name, value] : arguments.named)
      if (name != "attribute" && name != "default")
        throw Failure("Unexpected keyword argument '" + name + "'");
    const AttributeGetter attribute(runtime, *named(arguments, "attribute"),
                                    named(arguments, "default"));
    for (const Value& item : iterate(runtime, input)) result.push_back(attribute(item));
    return runtime.generator(std::move(result));
  }
  if (arguments.positional.empty()) throw Failure("map requires a filter argument");
  const std::string& name = function_name(arguments.positional[0]);
  const Arguments rest = after(arguments, 1);
  for (const Value& item : iterate(runtime, input)) {
    runtime.charge(2);
    result.push_back(apply_filter(runtime, name, item, rest));
  }
  return runtime.generator(std::move(result));
}

Value filter_select(Runtime& runtime, const Value& input, const Arguments& arguments) {
  return selected(runtime, input, arguments, false, true);
}
Value filter_reject(Runtime& runtime, const Value& input, const Arguments& arguments) {
  return selected(runtime, input, arguments, false, false);
}
Value filter_selectattr(Runtime& runtime, const Value& input, const Arguments& arguments) {
  return selected(runtime, input, arguments, true, true);
}
Value filter_rejectattr(Runtime& runtime, const Value& input, const Arguments& arguments) {
  return selected(runtime, input, arguments, true, false);
}

Value filter_unique(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("unique", arguments, {"case_sensitive", "attribute"});
  const AttributeGetter attribute(runtime, bound.optional(1) ? bound[1] : Value::none());
  DictObject seen;
  std::vector<Value> result;
  for (Value& item : iterate(runtime, input)) {
    Value key = attribute(item);
    if (!bound.truth(0, false)) key = without_case(runtime, key);
    runtime.charge_key(key);
    const std::size_t before = seen.entries.size();
    seen.set(std::move(key), Value::none());
    runtime.charge(2);
    if (seen.entries.size() != before) result.push_back(std::move(item));
  }
  return runtime.generator(std::move(result));
}

// A member that getattr finds; never an item.
Value filter_attr(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("attr", arguments, {"name"}, 1);
  if (input.is_undefined()) throw Failure(input.undefined_message());
  if (auto found = find_attribute(runtime, input, bound.text(0))) return std::move(*found);
  return Value::undefined_member(input, bound[0]);
}

}  // namespace quorum::jinja
