// Solves mini's problems from their text alone, without looking at how they are generated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quorum::testing {

// The integers of a text from left to right.
std::vector<std::int64_t> numbers_in(std::string_view text);

// The value of an expression of integers, + - * / and brackets. `exact` becomes false where a
// division leaves a rest or the text is no expression.
std::int64_t evaluate(std::string_view expression, bool& exact);

// The answer of a problem of this kind.
std::int64_t solve(const std::string& kind, const std::string& problem);

}  // namespace quorum::testing
