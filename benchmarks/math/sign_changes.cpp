#include "benchmarks/math/sign_changes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <string_view>

#include "benchmarks/math/approximate.h"
#include "benchmarks/math/decision_budget.h"

namespace quorum {
namespace {

using Kind = Expression::Kind;

constexpr long kMostNodeValues = 200'000;  // some milliseconds
constexpr std::size_t kMostPlaces = 48;    // of one line
constexpr int kMostLevel = 3;              // integers that a floor is followed through

struct TooMuchWork {};

double function_value(std::string_view name, double x) {
  if (name == "sin") return std::sin(x);
  if (name == "cos") return std::cos(x);
  if (name == "tan") return std::tan(x);
  if (name == "cot") return 1 / std::tan(x);
  if (name == "sec") return 1 / std::cos(x);
  if (name == "csc") return 1 / std::sin(x);
  if (name == "sinh") return std::sinh(x);
  if (name == "cosh") return std::cosh(x);
  if (name == "tanh") return std::tanh(x);
  if (name == "arcsin") return std::asin(x);
  if (name == "arccos") return std::acos(x);
  if (name == "arctan") return std::atan(x);
  if (name == "ln" || name == "log") return std::log(x);
  if (name == "abs") return std::abs(x);
  if (name == "floor") return std::floor(x);
  if (name == "ceil") return std::ceil(x);
  return std::numeric_limits<double>::quiet_NaN();
}

// What is followed: a part less `level`.
struct Followed {
  std::size_t node;
  int level = 0;
};

// Along the line of one symbol.
class Line {
 public:
  Line(const Expression& expression, std::string_view symbol, int others, long& work)
      : expression_(expression), symbol_(symbol), others_(others), work_(work) {
    const std::size_t count = expression.nodes.size();
    values_.resize(count);
    depends_.resize(count);
    exponents_.resize(count);
    inside_.resize(count);
    level_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Expression::Node& node = expression.nodes[i];
      bool depends = node.kind == Kind::kSymbol && node.name == symbol;
      for (const int part : node.parts) depends = depends || depends_[index(part)];
      depends_[i] = depends;
      if (node.kind == Kind::kPower) exponents_[i] = small_fraction(expression, node.parts[1]);
      if (depends)
        along_.push_back(i);
      else
        values_[i] = of(i, 0);
    }
    for (std::size_t i = count; i-- > 0;) {
      const Expression::Node& node = expression.nodes[i];
      const bool steps =
          node.kind == Kind::kFunction && (node.name == "floor" || node.name == "ceil");
      const bool opens = steps || is_restricting(i);
      for (std::size_t p = 0; p < node.parts.size(); ++p) {
        const std::size_t part = index(node.parts[p]);
        if (inside_[i] || (opens && p == 0)) inside_[part] = true;
        if (steps) level_[part] = true;
      }
    }
  }

  std::vector<Followed> followed() const {
    std::vector<Followed> all;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (!inside_[i] || !depends_[i]) continue;
      const Kind kind = expression_.nodes[i].kind;
      const bool part = kind == Kind::kSum || kind == Kind::kSymbol || kind == Kind::kFunction;
      if (part || level_[i]) all.push_back({i});
      if (!level_[i]) continue;
      for (int level = 1; level <= kMostLevel; ++level) {
        all.push_back({i, level});
        all.push_back({i, -level});
      }
    }
    return all;
  }

  double value(const Followed& what, double x) {
    for (const std::size_t i : along_) {
      if (i > what.node) break;
      values_[i] = of(i, x);
      --work_;
    }
    if (work_ < 0) throw TooMuchWork{};
    return values_[what.node] - what.level;
  }

 private:
  static std::size_t index(int part) { return static_cast<std::size_t>(part); }

  bool is_restricting(std::size_t at) const {
    const Expression::Node& node = expression_.nodes[at];
    if (node.kind == Kind::kFunction)
      return node.name == "abs" || node.name == "ln" || node.name == "log";
    if (node.kind != Kind::kPower) return false;
    return !exponents_[at] || exponents_[at]->bottom % 2 == 0;
  }

  double of(std::size_t at, double x) const {
    const Expression::Node& node = expression_.nodes[at];
    const auto part = [&](std::size_t i) { return values_[index(node.parts[i])]; };
    switch (node.kind) {
      case Kind::kNumber: return static_cast<double>(to_float(node.number));
      case Kind::kSymbol:
        if (node.name == symbol_) return x;
        if (node.name == "e") return std::numbers::e;
        if (node.name == "\\pi") return std::numbers::pi;
        if (node.name == "i") return std::numeric_limits<double>::quiet_NaN();
        return static_cast<double>(SamplePoint{others_}.value_in_units(node.name)) / (1 << 20);
      case Kind::kSum: {
        double sum = 0;
        for (std::size_t i = 0; i < node.parts.size(); ++i) sum += part(i);
        return sum;
      }
      case Kind::kProduct: {
        double product = 1;
        for (std::size_t i = 0; i < node.parts.size(); ++i) product *= part(i);
        return product;
      }
      case Kind::kQuotient: return part(0) / part(1);
      case Kind::kNegative: return -part(0);
      case Kind::kPower: {
        const auto& exponent = exponents_[at];
        const bool odd_root = exponent && exponent->bottom > 1 && exponent->bottom % 2 == 1;
        if (!odd_root || part(0) >= 0) return std::pow(part(0), part(1));
        const double size = std::pow(-part(0), part(1));
        return exponent->top % 2 == 0 ? size : -size;
      }
      case Kind::kFunction:
        return node.parts.size() == 1 ? function_value(node.name, part(0))
                                      : std::numeric_limits<double>::quiet_NaN();
    }
    return 0;
  }

  const Expression& expression_;
  std::string_view symbol_;
  int others_;
  long& work_;
  std::vector<double> values_;
  std::vector<std::optional<SmallFraction>> exponents_;  // of powers
  std::vector<bool> depends_;                            // on the symbol
  std::vector<std::size_t> along_;                       // the nodes that do
  std::vector<bool> inside_;                             // of what the sign matters for
  std::vector<bool> level_;                              // the argument of a floor or ceiling
};

// -1, 0, 1, or 2 where there is no value.
int sign_of(double value) { return std::isnan(value) ? 2 : value > 0 ? 1 : value < 0 ? -1 : 0; }

// At a double zero the sign of what is closer than this is noise.
bool is_narrow(double low, double high) {
  return high - low < 1e-8 * std::max({1e-3, std::abs(low), std::abs(high)});
}

// Halves the stretch between two points of different signs down to the places where they end: more
// than one where a third sign is met, as behind a zero at `low`.
void find_places(Line& line, const Followed& what, double low, double high,
                 std::set<double>& places) {
  const int sign = sign_of(line.value(what, low)), last = sign_of(line.value(what, high));
  for (int step = 0; step < 60; ++step) {
    const double middle = low + (high - low) / 2;
    if (places.size() >= kMostPlaces) return;
    if (is_narrow(low, high)) break;
    const int here = sign_of(line.value(what, middle));
    if (here != sign && here != last) {
      find_places(line, what, low, middle, places);
      return find_places(line, what, middle, high, places);
    }
    (here == sign ? low : high) = middle;
  }
  places.insert(low + (high - low) / 2);
}

// Between `low` and `high`, where the value is nearest to zero; the signs there are the same.
double nearest_to_zero(Line& line, const Followed& what, double low, double high) {
  for (int step = 0; step < 40; ++step) {
    const double third = (high - low) / 3, a = low + third, b = high - third;
    const double of_a = line.value(what, a), of_b = line.value(what, b);
    if (sign_of(of_a) != sign_of(of_b))
      return sign_of(of_a) == sign_of(line.value(what, low)) ? b : a;
    (std::abs(of_a) < std::abs(of_b) ? high : low) = std::abs(of_a) < std::abs(of_b) ? b : a;
  }
  return low + (high - low) / 2;
}

const std::vector<double>& grid() {
  static const std::vector<double> kGrid = [] {
    std::set<double> all;
    for (int i = -40; i <= 40; ++i) all.insert(i * 0.25);
    for (int i = -24; i <= 40; ++i) {
      all.insert(std::exp2(i * 0.5));
      all.insert(-std::exp2(i * 0.5));
    }
    return std::vector<double>(all.begin(), all.end());
  }();
  return kGrid;
}

void add_places(Line& line, std::set<double>& places) {
  for (const Followed& what : line.followed()) {
    std::vector<double> values;
    for (const double x : grid()) values.push_back(line.value(what, x));
    for (std::size_t i = 1; i < values.size() && places.size() < kMostPlaces; ++i) {
      const double low = grid()[i - 1], high = grid()[i];
      if (sign_of(values[i]) != sign_of(values[i - 1])) {
        find_places(line, what, low, high, places);
        continue;
      }
      if (i + 1 == values.size() || sign_of(values[i]) == 2) continue;
      const double next = grid()[i + 1], size = std::abs(values[i]);
      if (sign_of(values[i + 1]) != sign_of(values[i]) || size > std::abs(values[i - 1]) ||
          size > std::abs(values[i + 1]))
        continue;
      const double lowest = nearest_to_zero(line, what, low, next);
      if (sign_of(line.value(what, lowest)) == sign_of(values[i])) continue;
      find_places(line, what, low, lowest, places);
      find_places(line, what, lowest, next, places);
    }
  }
}

}  // namespace

std::optional<std::vector<SamplePoint>> points_between_sign_changes(const Expression& a,
                                                                    const Expression& b) {
  std::vector<SamplePoint> points;
  std::set<std::string_view> symbols;
  for (const Expression* expression : {&a, &b})
    for (const Expression::Node& node : expression->nodes)
      if (node.kind == Kind::kSymbol && node.name != "e" && node.name != "i" && node.name != "\\pi")
        symbols.insert(node.name);
  const int settings = symbols.size() > 1 ? 3 : 1;
  long work = kMostNodeValues;
  try {
    for (const std::string_view symbol : symbols) {
      for (int others = 0; others < settings; ++others) {
        std::set<double> places, of_other;
        Line first(a, symbol, others, work), second(b, symbol, others, work);
        add_places(first, places);
        add_places(second, of_other);
        places.merge(of_other);
        if (places.empty()) continue;
        places.insert(*places.begin() - 1);
        places.insert(*places.rbegin() + 1);
        for (auto low = places.begin(), high = std::next(low); high != places.end();
             ++low, ++high) {
          if (is_narrow(*low, *high)) continue;
          SamplePoint point{others};
          point.symbol = symbol;
          point.at = *low + (*high - *low) / 2;
          points.push_back(point);
        }
      }
    }
  } catch (const TooMuchWork&) {
    work = 0;
  }
  // As much time as a hundredth of it takes for functions in ball arithmetic.
  const bool paid = DecisionBudget::spend(static_cast<double>(kMostNodeValues - work) / 100);
  return work > 0 && paid ? std::optional(std::move(points)) : std::nullopt;
}

}  // namespace quorum
