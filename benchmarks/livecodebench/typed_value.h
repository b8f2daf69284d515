// What a solution function returned and what it should have returned, compared as Python's ==
// compares them, in another process than the one that ran the solution.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace quorum::code {

inline constexpr int kMaxValueDepth = 200;

struct TypedValue {
  enum class Kind {
    kNone,
    kNumber,  // bool, int and float are one kind, as 1 == 1.0 == True
    kText,
    kList,
    kTuple,  // equal to no list
    kMap,
    kOther,  // a type that equals nothing that JSON can express; NaN too
  };
  Kind kind = Kind::kNone;
  // kNumber: the exact value, the same text for equal numbers. kText: its UTF-8, lone surrogates
  // as three bytes. kOther: the name of its type.
  std::string text;
  std::vector<TypedValue> items;  // kList, kTuple; kMap: key, value, key, value, …

  static TypedValue number(double value);
  static TypedValue integer(std::string_view digits);  // -?[0-9]+
};

// json.loads(text): NaN, Infinity and integers of any size included; of two equal keys the last
// counts. Error(kData) for what Python refuses, and beyond kMaxValueDepth.
Result<TypedValue> parse_json_value(std::string_view text);

// What the driver sends (driver.py, `encode`): one byte for the kind, then for N nothing, for i, f,
// s and ? a length, a colon and so many bytes, for [ ( { a count, a colon and the items.
// Error(kData) for anything else, and for more than `most` values, those inside of others counted:
// it comes from a process that runs foreign code, and a byte there is many in memory here.
Result<TypedValue> parse_wire_value(std::string_view bytes, std::size_t most);

// Itself and all values in it. Equal values have equal counts.
std::size_t count_values(const TypedValue& value);

bool equal_values(const TypedValue& a, const TypedValue& b);

// For people, at most about `bytes` long.
std::string show_value(const TypedValue& value, std::size_t bytes = 80);

}  // namespace quorum::code
