// The drawing functions behind problem_generator.h, and the helpers that they share.
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

// Worked steps as text: "12 * 7 = 84. 84 + 5 = 89.". Every call returns the result of its step.
class Steps {
 public:
  Number add(Number a, Number b) { return step(a, '+', b, a + b); }
  Number subtract(Number a, Number b) { return step(a, '-', b, a - b); }
  Number multiply(Number a, Number b) { return step(a, '*', b, a * b); }
  // Precondition: b divides a.
  Number divide(Number a, Number b) { return step(a, '/', b, a / b); }
  // a * b over the decimal places of b: 47 * 83 as 47 * 80 + 47 * 3.
  Number multiply_by_places(Number a, Number b);
  // All terms, one after the other.
  Number sum(const std::vector<Number>& terms);
  void say(std::string_view sentence);
  const std::string& written() const { return text_; }

 private:
  Number step(Number a, char operation, Number b, Number result);

  std::string text_;
};

// "{0}", "{1}", … in the pattern replaced by the values.
std::string fill(std::string_view pattern, std::initializer_list<std::string> values);
// One of the texts.
std::string_view pick(PhiloxStream& random, std::initializer_list<std::string_view> texts);
bool coin(PhiloxStream& random);
// A number with exactly `digits` digits, 1 to 9.
Number number_of_digits(PhiloxStream& random, int digits);
std::string text(Number number);
// "3, 5 and 8"; with a separator " + " for example "3 + 5 + 8".
std::string list(const std::vector<Number>& numbers);
std::string joined(const std::vector<Number>& numbers, std::string_view separator);
// The same numbers in a random order.
std::vector<Number> shuffled(PhiloxStream& random, std::vector<Number> numbers);
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
