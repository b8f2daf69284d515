#include "benchmarks/math/finite_sum.h"

#include <string>
#include <utility>
#include <vector>

namespace quorum {
namespace {

using Kind = Expression::Kind;

constexpr long kMostTerms = 1000;
constexpr std::size_t kMostNodes = 20000;
constexpr long kLargestExponent = 64;
// Squares of bits: an operation on numbers of b bits ends with a greatest common divisor, in b^2.
constexpr std::size_t kMostWork = 400'000'000;

std::size_t work_on(const std::optional<Rational>& number) {
  if (!number) return 0;
  const auto bits =
      static_cast<std::size_t>(number->numerator().bits() + number->denominator().bits());
  return bits * bits;
}

Rational whole(long value) {
  const auto number = Rational::from_decimal(std::to_string(value < 0 ? -value : value));
  return value < 0 ? number->negated() : *number;
}

// nullopt: it is not rational, not defined or too large.
std::optional<Rational> power(const Rational& base, const Rational& exponent, std::size_t& work) {
  if (!exponent.integer() || exponent.numerator().bits() > 10) return std::nullopt;
  long count = exponent.numerator().zero() ? 0 : std::stol(exponent.numerator().hex(), nullptr, 16);
  if (count > kLargestExponent || (count == 0 && base.numerator().zero())) return std::nullopt;
  std::optional<Rational> result = whole(1);
  for (; count > 0 && result && work < kMostWork; --count) {
    result = result->times(base);
    work += work_on(result);
  }
  if (count > 0) return std::nullopt;
  return result && exponent.negative() ? whole(1).divided_by(*result) : result;
}

// A term: the body with a number for its index.
class Term {
 public:
  // Counts up `work`, and computes nothing when it is above kMostWork.
  Term(const Expression& body, std::string_view index, long value, std::size_t& work)
      : body_(body), index_(index), value_(whole(value)), work_(work) {}

  Expression expression() {
    const Part whole_term = part(static_cast<int>(body_.nodes.size()) - 1);
    if (whole_term.number) number_node(*whole_term.number);
    return std::move(out_);
  }

 private:
  // A number that is not written yet, or a node.
  struct Part {
    std::optional<Rational> number;
    int node = -1;
  };

  int number_node(const Rational& number) {
    out_.nodes.push_back({Kind::kNumber, number, {}, {}});
    return static_cast<int>(out_.nodes.size()) - 1;
  }

  Part part(int at) {
    const Expression::Node& node = body_.nodes[static_cast<std::size_t>(at)];
    if (node.kind == Kind::kNumber) return {node.number, -1};
    if (node.kind == Kind::kSymbol && node.name == index_) return {value_, -1};
    std::vector<Part> parts;
    bool all_numbers = !node.parts.empty();
    for (const int one : node.parts) {
      parts.push_back(part(one));
      all_numbers = all_numbers && parts.back().number;
    }
    if (all_numbers)
      if (auto number = computed(node.kind, parts)) return {std::move(number), -1};
    Expression::Node copy{node.kind, node.number, node.name, {}};
    for (const Part& one : parts)
      copy.parts.push_back(one.number ? number_node(*one.number) : one.node);
    out_.nodes.push_back(std::move(copy));
    return {std::nullopt, static_cast<int>(out_.nodes.size()) - 1};
  }

  std::optional<Rational> computed(Kind kind, const std::vector<Part>& parts) {
    if (work_ > kMostWork) return std::nullopt;
    std::optional<Rational> value = parts[0].number;
    for (const Part& part : parts) work_ += work_on(part.number);
    switch (kind) {
      case Kind::kNegative: return value->negated();
      case Kind::kQuotient: return value->divided_by(*parts[1].number);
      case Kind::kPower: return power(*value, *parts[1].number, work_);
      case Kind::kSum:
      case Kind::kProduct:
        for (std::size_t i = 1; i < parts.size() && value; ++i)
          value =
              kind == Kind::kSum ? value->plus(*parts[i].number) : value->times(*parts[i].number);
        return value;
      case Kind::kNumber:
      case Kind::kSymbol:
      case Kind::kFunction: return std::nullopt;
    }
    return std::nullopt;
  }

  const Expression& body_;
  std::string_view index_;
  Rational value_;
  std::size_t& work_;
  Expression out_;
};

}  // namespace

std::optional<Expression> over_range(bool sum, const Expression& term, std::string_view index,
                                     const IndexRange& range) {
  if (range.last - range.first >= kMostTerms) return std::nullopt;
  Rational numbers = whole(sum ? 0 : 1);
  Expression all;
  std::vector<int> parts;
  std::size_t seen = 0, work = 0;
  for (long value = range.first; value <= range.last; ++value) {
    seen += term.nodes.size();
    if (seen > kMostNodes || work > kMostWork) return std::nullopt;
    const Expression one = Term(term, index, value, work).expression();
    const Expression::Node& top = one.nodes.back();
    if (top.kind == Kind::kNumber) {
      const auto next = sum ? numbers.plus(top.number) : numbers.times(top.number);
      if (!next) return std::nullopt;
      numbers = *next;
      work += work_on(next);
      continue;
    }
    const auto shift = static_cast<int>(all.nodes.size());
    for (Expression::Node node : one.nodes) {
      for (int& part : node.parts) part += shift;
      all.nodes.push_back(std::move(node));
    }
    parts.push_back(static_cast<int>(all.nodes.size()) - 1);
  }
  parts.push_back(static_cast<int>(all.nodes.size()));
  all.nodes.push_back({Kind::kNumber, numbers, {}, {}});
  all.nodes.push_back({sum ? Kind::kSum : Kind::kProduct, {}, {}, std::move(parts)});
  return all;
}

}  // namespace quorum
