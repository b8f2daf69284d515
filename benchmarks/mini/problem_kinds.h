// The drawing functions behind problem_generator.h, and how they word things; steps.h writes their
// solutions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/philox.h"

namespace quorum::mini {

using Number = std::int64_t;

struct Draft {
  std::string problem;
  Number answer = 0;
  std::string reasoning;
};

// "{0}", "{1}", … in the pattern replaced by the values.
std::string fill(std::string_view pattern, std::initializer_list<std::string> values);
// One of the texts.
std::string_view pick(PhiloxStream& random, std::initializer_list<std::string_view> texts);
bool coin(PhiloxStream& random);
// A number with exactly `digits` digits, 1 to 9.
Number number_of_digits(PhiloxStream& random, int digits);
std::string text(Number number);
// "3, 5 and 8", and "3 + 5 + 8" with the separator " + ".
std::string list(const std::vector<Number>& numbers);
std::string joined(const std::vector<Number>& numbers, std::string_view separator);
// Two different first names.
struct TwoNames {
  std::string first, second;
};
TwoNames two_names(PhiloxStream& random);

// Each takes a level of 1 to 5.
Draft draw_add(PhiloxStream& random, int level);
Draft draw_subtract(PhiloxStream& random, int level);
Draft draw_multiply(PhiloxStream& random, int level);
Draft draw_brackets(PhiloxStream& random, int level);
Draft draw_remainder(PhiloxStream& random, int level);
Draft draw_fraction(PhiloxStream& random, int level);
Draft draw_sequence(PhiloxStream& random, int level);
Draft draw_money(PhiloxStream& random, int level);
Draft draw_travel(PhiloxStream& random, int level);
Draft draw_ages(PhiloxStream& random, int level);
Draft draw_units(PhiloxStream& random, int level);
Draft draw_area(PhiloxStream& random, int level);

}  // namespace quorum::mini
