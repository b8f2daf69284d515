#include "benchmarks/math/units.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "benchmarks/math/unit_product.h"

namespace quorum {
namespace {

struct Unit {
  std::string_view name, dimension, size;
};
constexpr std::array<Unit, 22> kUnits = {{{"mm", "m", "0.001"},
                                          {"cm", "m", "0.01"},
                                          {"m", "m", "1"},
                                          {"km", "m", "1000"},
                                          {"inch", "inch", "1"},
                                          {"foot", "inch", "12"},
                                          {"yard", "inch", "36"},
                                          {"mile", "inch", "63360"},
                                          {"second", "second", "1"},
                                          {"minute", "second", "60"},
                                          {"hour", "second", "3600"},
                                          {"day", "second", "86400"},
                                          {"week", "second", "604800"},
                                          {"mg", "g", "0.001"},
                                          {"g", "g", "1"},
                                          {"kg", "g", "1000"},
                                          {"oz", "oz", "1"},
                                          {"lb", "oz", "16"},
                                          {"ml", "L", "0.001"},
                                          {"L", "L", "1"},
                                          {"cent", "cent", "1"},
                                          {"dollar", "cent", "100"}}};

// The power of a unit that is written with one.
char power_of(std::string_view unit) {
  return unit.size() > 2 && unit[unit.size() - 2] == '^' ? unit.back() : '1';
}
bool is_generic(std::string_view unit) {
  return unit == "unit" || unit == "unit^2" || unit == "unit^3";
}
bool is_temperature(std::string_view unit) { return unit == "degree C" || unit == "degree F"; }
// What no "unit" stands for.
bool is_no_measure(std::string_view unit) {
  for (const std::string_view other : {"%", "dollar", "cent", "degree", "radian"})
    if (unit == other) return true;
  return is_temperature(unit);
}

// "different ways" and "ways": words that are no measure, of which the last one is the same.
bool is_same_thing(std::string_view a, std::string_view b) {
  if (size_of_unit(a) || size_of_unit(b)) return false;
  if (a.starts_with("light ") != b.starts_with("light ")) return false;  // light years
  const auto last_word = [](std::string_view words) {
    words = words.substr(words.rfind(' ') + 1);
    return words.size() > 3 && words.back() == 's' ? words.substr(0, words.size() - 1) : words;
  };
  const bool several =
      a.find(' ') != std::string_view::npos || b.find(' ') != std::string_view::npos;
  return several && last_word(a).size() > 2 && last_word(a) == last_word(b) && !is_no_measure(a) &&
         !is_no_measure(b) && !is_generic(a) && !is_generic(b);
}

}  // namespace

std::optional<UnitSize> size_of_unit(std::string_view unit) {
  const auto factors = factors_of_name(unit);
  if (!factors) return std::nullopt;
  UnitFactors dimension;
  Rational all = *Rational::from_decimal("1");
  for (const auto& [factor, power] : *factors) {
    const std::string_view name = factor;
    const auto* const known = std::find_if(kUnits.begin(), kUnits.end(),
                                           [&](const Unit& one) { return one.name == name; });
    if (known == kUnits.end()) return std::nullopt;
    dimension[std::string(known->dimension)] += power;
    const Rational size = *Rational::from_decimal(known->size);
    for (int i = 0; i < std::abs(power); ++i) {
      const auto next = power > 0 ? all.times(size) : all.divided_by(size);
      if (!next) return std::nullopt;
      all = *next;
    }
  }
  return UnitSize{unit_product_name(dimension), all};
}

std::string_view measure_of(const Quantity& quantity) {
  return quantity.percent ? std::string_view("%") : std::string_view(quantity.unit);
}

bool units_differ(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty() || a == b) return false;
  if (is_same_thing(a, b)) return false;
  if (is_generic(a) || is_generic(b))
    return power_of(a) != power_of(b) || is_no_measure(a) || is_no_measure(b);
  if (a == "degree" || b == "degree") return !is_temperature(a) && !is_temperature(b);
  return true;
}

bool is_formal_unit(std::string_view unit) {
  return unit.empty() || unit == "degree" || unit == "dollar" || is_generic(unit);
}

std::optional<Rational> conversion(std::string_view from, std::string_view to) {
  const auto a = size_of_unit(from), b = size_of_unit(to);
  if (!a || !b || a->dimension != b->dimension) return std::nullopt;
  return a->size.divided_by(b->size);
}

}  // namespace quorum
