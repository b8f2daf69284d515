#include "benchmarks/math/units.h"

#include <array>

namespace quorum {
namespace {

struct Unit {
  std::string_view name, dimension, size;
};
constexpr std::array<Unit, 20> kUnits = {{{"mm", "m", "0.001"},
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
                                          {"L", "L", "1"}}};

}  // namespace

std::optional<UnitSize> size_of_unit(std::string_view unit) {
  int power = 1;
  std::string_view end;
  if (unit.size() > 2 && unit[unit.size() - 2] == '^' &&
      (unit.back() == '2' || unit.back() == '3')) {
    power = unit.back() - '0';
    end = unit.substr(unit.size() - 2);
    unit.remove_suffix(2);
  }
  for (const Unit& known : kUnits) {
    if (unit != known.name) continue;
    const Rational size = *Rational::from_decimal(known.size);
    Rational all = size;
    for (int i = 1; i < power; ++i) all = *all.times(size);
    return UnitSize{std::string(known.dimension) + std::string(end), all};
  }
  return std::nullopt;
}

std::optional<Rational> conversion(std::string_view from, std::string_view to) {
  const auto a = size_of_unit(from), b = size_of_unit(to);
  if (!a || !b || a->dimension != b->dimension) return std::nullopt;
  return a->size.divided_by(b->size);
}

}  // namespace quorum
