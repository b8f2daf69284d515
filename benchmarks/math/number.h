// A number as answers write it, with what may stand behind it: percent, degrees, a unit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "benchmarks/math/rational.h"

namespace quorum {

struct Quantity {
  Rational value;
  bool percent = false;
  std::string unit;  // in normal form: "cm^2", "degree", "dollar"; ordinal endings are none
};

// Reads a normal form (notation.h): integers, decimals, repeating decimals (0.\overline{3}),
// fractions, mixed numbers, scientific notation (6.72 \times 10^{-5}), signs. nullopt: it is none
// of these, or a part exceeds 4096 bits.
std::optional<Quantity> parse_quantity(std::string_view normal_form);

// What may stand behind a number or an expression, in a quantity without a value: a unit in words,
// a percent sign. nullopt: it is more than that.
std::optional<Quantity> parse_unit(std::string_view suffix);

}  // namespace quorum
