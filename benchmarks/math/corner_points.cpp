#include "benchmarks/math/corner_points.h"

#include <cmath>
#include <functional>
#include <set>

#include "benchmarks/math/sign_changes.h"

namespace quorum {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t kMostConstants = 6;

bool has_corners(const Expression& expression) {
  for (const Expression::Node& node : expression.nodes) {
    if (node.kind == Kind::kFunction &&
        (node.name == "floor" || node.name == "ceil" || node.name == "abs"))
      return true;
    if (node.kind != Kind::kPower) continue;
    const auto exponent = small_fraction(expression, node.parts[1]);
    if (exponent && exponent->bottom % 2 == 0) return true;
    if (is_zero_to_a_power(expression, node)) return true;
  }
  return false;
}

using Constants = std::set<double, std::greater<double>>;

// The absolute values of the largest parts without a symbol.
void collect_constants(const Expression& expression, Constants& constants) {
  const std::size_t count = expression.nodes.size();
  std::vector<bool> constant(count), within(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Expression::Node& node = expression.nodes[i];
    constant[i] = node.kind != Kind::kSymbol || node.name == "e" || node.name == "\\pi";
    for (const int part : node.parts)
      constant[i] = constant[i] && constant[static_cast<std::size_t>(part)];
    for (const int part : node.parts) within[static_cast<std::size_t>(part)] = constant[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!constant[i] || within[i]) continue;
    Expression part;
    part.nodes.assign(expression.nodes.begin(),
                      expression.nodes.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    const NumericValue value = evaluate(part, {}, NumberField::kReal, 64);
    if (value.status != NumericValue::Status::kValue) continue;
    const double size =
        std::abs(arf_get_d(arb_midref(acb_realref(value.value.get())), ARF_RND_NEAR));
    if (size > 0 && size < 1e100) constants.insert(size);
  }
}

}  // namespace

bool has_hidden_steps(const Expression& expression) {
  const std::size_t count = expression.nodes.size();
  // Whether a node depends on a symbol, and not by + - * / alone.
  std::vector<bool> symbols(count), curved(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Expression::Node& node = expression.nodes[i];
    symbols[i] =
        node.kind == Kind::kSymbol && node.name != "e" && node.name != "\\pi" && node.name != "i";
    for (const int part : node.parts) {
      symbols[i] = symbols[i] || symbols[static_cast<std::size_t>(part)];
      curved[i] = curved[i] || curved[static_cast<std::size_t>(part)];
    }
    if (node.kind != Kind::kFunction && node.kind != Kind::kPower) continue;
    const bool step = node.name == "floor" || node.name == "ceil";
    if (step && curved[i]) return true;
    const auto exponent =
        node.kind == Kind::kPower ? small_fraction(expression, node.parts[1]) : std::nullopt;
    curved[i] = curved[i] || (symbols[i] && !step && (!exponent || exponent->bottom != 1));
  }
  return false;
}

std::optional<std::vector<SamplePoint>> corner_points(const Expression& a, const Expression& b) {
  auto between = points_between_sign_changes(a, b);
  if (!between) return std::nullopt;
  std::vector<SamplePoint>& points = *between;
  if (!has_corners(a) && !has_corners(b)) return points;
  for (int i = 0; i < SamplePoint::kCorner; ++i)
    points.push_back({SamplePoint::kReal + SamplePoint::kInteger + i});
  Constants constants;
  collect_constants(a, constants);
  collect_constants(b, constants);
  // |x/1000 - 1000|
  if (!constants.empty() && *constants.begin() > 40)
    constants.insert(*constants.begin() * *constants.begin());
  std::size_t used = 0;
  for (const double constant : constants) {
    if (used++ == kMostConstants) break;
    for (int i = 0; i < SamplePoint::kNear; ++i) points.push_back({i, constant});
  }
  return points;
}

}  // namespace quorum
