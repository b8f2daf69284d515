// Python's operators over values. All throw Failure where Python raises, worded like Python.
#pragma once

#include <string_view>
#include <vector>

#include "engine/jinja/runtime.h"
#include "engine/jinja/value.h"

namespace quorum::jinja {

enum class Operator { kAdd, kSubtract, kMultiply, kDivide, kFloorDivide, kModulo, kPower };
enum class Comparison {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn
};

bool is_true(const Value& value);
bool equal(Runtime& runtime, const Value& left, const Value& right);
bool less(Runtime& runtime, const Value& left, const Value& right);
bool contains(Runtime& runtime, const Value& container, const Value& item);
bool compare(Runtime& runtime, Comparison comparison, const Value& left, const Value& right);
Value arithmetic(Runtime& runtime, Operator op, const Value& left, const Value& right);
Value negate(const Value& value);
Value positive(const Value& value);

bool is_iterable(const Value& value);
// The elements; reads a generator to its end.
std::vector<Value> iterate(Runtime& runtime, const Value& value);
// len(); throws Failure for what has none.
std::int64_t length(const Value& value);
bool has_length(const Value& value);

// [&<>'"] as markupsafe writes them.
std::string escape_html(std::string_view text);
// `left + right` of two strings.
Value concatenate(Runtime& runtime, const Value& left, const Value& right);

}  // namespace quorum::jinja
