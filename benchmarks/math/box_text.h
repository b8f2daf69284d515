// What stands in and around boxes: joiners between them, placeholders in them, signs and units
// behind them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quorum {

inline constexpr std::size_t kMaxJoinerBytes = 40;

// Whether the text between two boxes or formulas makes them one list: at most kMaxJoinerBytes, a
// joiner (",", ";", "and", "or", \quad), and besides joiners only math delimiters and space.
bool joins(std::string_view between);

// Whether the tidied content of a box only shows where an answer goes: empty, dots, rules, "your
// answer".
bool is_placeholder(std::string_view tidied);

struct Attribute {
  std::string text;       // as it belongs to the answer; empty: there is none
  std::size_t bytes = 0;  // that it spans, math delimiters in front included
};
// The percent sign, degree sign or unit at the front of what follows a box.
Attribute attribute_behind(std::string_view behind);

}  // namespace quorum
