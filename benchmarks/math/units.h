// Sizes of units of measurement.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "benchmarks/math/number.h"
#include "benchmarks/math/rational.h"

namespace quorum {

struct UnitSize {
  std::string dimension;  // "m", "m^2": the unit that `size` counts
  Rational size;
};
// Of a unit in normal form (number.h): "cm^2" is 1/10000 "m^2". Metric and imperial units are
// apart. nullopt: its size is not known.
std::optional<UnitSize> size_of_unit(std::string_view unit);

// The unit of a quantity, "%" for a percent sign; empty: none.
std::string_view measure_of(const Quantity& quantity);

// Whether two units (of measure_of()) say different things. Not where one is missing, nor of a unit
// of length and "unit" of the same power, nor of a degree with its scale and one without.
bool units_differ(std::string_view a, std::string_view b);

// A unit that sets and ratios of numbers are written with and that means nothing there: degrees,
// dollars, "units", none.
bool is_formal_unit(std::string_view unit);

// How often `to` goes into `from`: 100 of "m" and "cm". nullopt: they do not measure the same.
std::optional<Rational> conversion(std::string_view from, std::string_view to);

}  // namespace quorum
