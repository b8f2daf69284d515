// The names that templates may use without defining them: filters, tests, global functions, and
// methods of values.
#pragma once

#include <optional>
#include <string>

#include <string_view>

#include "engine/jinja/callable.h"
#include "engine/jinja/runtime.h"

namespace quorum::jinja {

// nullptr for an unknown name.
Builtin find_filter(std::string_view name);
// What to say about a name that is no filter here.
std::string unknown_filter(std::string_view name);
Builtin find_test(std::string_view name);
Builtin find_global(std::string_view name);

// A filter or test by name at run time. Throws Failure for an unknown one.
Value apply_filter(Runtime& runtime, std::string_view name, const Value& input,
                   const Arguments& arguments);
bool apply_test(Runtime& runtime, std::string_view name, const Value& input,
                const Arguments& arguments);

struct NamedBuiltin {
  std::string_view name;
  Builtin function;
};

// What Python's getattr finds on a value: a bound method, a member, or an undefined value for what
// the sandbox forbids; nullopt: there is none. Throws Failure for a method that is not supported.
std::optional<Value> find_attribute(Runtime& runtime, const Value& value, std::string_view name);

// `value.name` and `value[key]` as Jinja's sandbox resolves them; undefined where there is none.
Value get_attribute(Runtime& runtime, const Value& value, std::string_view name);
Value get_item(Runtime& runtime, const Value& value, const Value& key);
// `value[start:stop:step]`; each may be none.
Value get_slice(Runtime& runtime, const Value& value, const Value& start, const Value& stop,
                const Value& step);

}  // namespace quorum::jinja
