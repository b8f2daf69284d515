#include "benchmarks/math/domain_of_definition.h"

#include <array>
#include <string_view>
#include <vector>

namespace quorum {
namespace {

using Kind = Expression::Kind;

constexpr std::array<std::string_view, 11> kRestricting = {"ln",     "log",    "arcsin", "arccos",
                                                           "arcsec", "arccsc", "arcosh", "artanh",
                                                           "abs",    "floor",  "ceil"};

// Whether it has such a function of symbols.
bool has_restricting_part(const Expression& expression) {
  std::vector<bool> constant(expression.nodes.size());
  for (std::size_t i = 0; i < constant.size(); ++i) {
    const Expression::Node& node = expression.nodes[i];
    const auto is_constant_part = [&](int part) {
      return constant[static_cast<std::size_t>(part)];
    };
    constant[i] =
        node.kind != Kind::kSymbol || node.name == "e" || node.name == "i" || node.name == "\\pi";
    for (const int part : node.parts) constant[i] = constant[i] && is_constant_part(part);
    if (constant[i]) continue;
    if (node.kind == Kind::kFunction) {
      for (const std::string_view name : kRestricting)
        if (node.name == name) return true;
    }
    if (node.kind == Kind::kPower && !is_constant_part(node.parts[0])) {
      const auto exponent = small_fraction(expression, node.parts[1]);
      if (!exponent || exponent->bottom % 2 == 0) return true;
    }
  }
  return false;
}

}  // namespace

void DomainOfDefinition::add(const NumericValue& a, const NumericValue& b) {
  const bool a_none = a.status == NumericValue::Status::kUndefined,
             b_none = b.status == NumericValue::Status::kUndefined;
  only_a_ = only_a_ || (!a_none && b_none);
  only_b_ = only_b_ || (a_none && !b_none);
}

bool DomainOfDefinition::may_be_equal(const Expression& a, const Expression& b) const {
  if (only_a_ && only_b_) return false;
  if (only_a_) return !has_restricting_part(a);
  return !only_b_ || !has_restricting_part(b);
}

}  // namespace quorum
