// Units that are products and quotients of others.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace quorum {

// Factors of a unit with their powers: km/h is {km: 1, hour: -1}. Powers are -6 to 6, never 0.
using UnitFactors = std::map<std::string, int>;

// Reads "km/h", "miles per hour", "m\cdot s^{-2}", "\frac{\text{km}}{\text{h}}" in LaTeX or normal
// form (notation.h). nullopt: a factor is no known unit, or what a slash divides by is not clear.
std::optional<UnitFactors> read_unit_product(std::string_view text);

// The factors sorted by name: "hour^-1*km", which read_unit_product() reads, too.
std::string unit_product_name(const UnitFactors& factors);

// Of a name in this form, whatever its factors are called. nullopt: it has another form.
std::optional<UnitFactors> factors_of_name(std::string_view name);

}  // namespace quorum
