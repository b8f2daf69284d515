#include "benchmarks/math/expression.h"

#include <numeric>

namespace quorum {

using Kind = Expression::Kind;

Expression difference(const Expression& left, const Expression& right) {
  Expression all = left;
  const int minuend = static_cast<int>(all.nodes.size()) - 1;
  for (Expression::Node node : right.nodes) {
    for (int& part : node.parts) part += minuend + 1;
    all.nodes.push_back(std::move(node));
  }
  const int subtrahend = static_cast<int>(all.nodes.size()) - 1;
  all.nodes.push_back({Kind::kNegative, {}, {}, {subtrahend}});
  all.nodes.push_back({Kind::kSum, {}, {}, {minuend, subtrahend + 1}});
  return all;
}

std::optional<SmallFraction> small_fraction(const Expression& expression, int index) {
  constexpr long kLargest = 1L << 30;
  const Expression::Node& node = expression.nodes[static_cast<std::size_t>(index)];
  if (node.kind == Kind::kNumber) {
    const Rational& value = node.number;
    if (value.numerator().bits() > 30 || value.denominator().bits() > 30) return std::nullopt;
    const long top = std::stol(value.numerator().hex(), nullptr, 16);
    return SmallFraction{value.negative() ? -top : top,
                         std::stol(value.denominator().hex(), nullptr, 16)};
  }
  if (node.kind == Kind::kNegative) {
    auto inner = small_fraction(expression, node.parts[0]);
    if (inner) inner->top = -inner->top;
    return inner;
  }
  if (node.kind != Kind::kQuotient) return std::nullopt;
  const auto top = small_fraction(expression, node.parts[0]),
             bottom = small_fraction(expression, node.parts[1]);
  if (!top || !bottom || bottom->top == 0) return std::nullopt;
  long a = top->top * bottom->bottom, b = top->bottom * bottom->top;
  const long common = std::gcd(a, b) * (b < 0 ? -1 : 1);
  a /= common;
  b /= common;
  if (a > kLargest || a < -kLargest || b > kLargest) return std::nullopt;
  return SmallFraction{a, b};
}

bool is_constant(const Expression& expression) {
  for (const Expression::Node& node : expression.nodes) {
    if (node.kind == Kind::kSymbol && node.name != "i" && node.name != "e" && node.name != "\\pi")
      return false;
  }
  return true;
}

}  // namespace quorum
