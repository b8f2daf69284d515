#include "benchmarks/math/decide.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "benchmarks/math/corner_points.h"
#include "benchmarks/math/decision_budget.h"
#include "benchmarks/math/domain_of_definition.h"
#include "benchmarks/math/exact_decider.h"
#include "benchmarks/math/numeric.h"

namespace quorum {
namespace {

using Kind = Decision::Kind;
using Status = NumericValue::Status;

constexpr long kQuickBits = 64, kMostBits = 2048;
constexpr int kFewestPoints = 6, kMostConfirmed = 12;
// Beyond the magnitudes of all parts: what is smaller is no coincidence.
constexpr long kSpareBits = 100;
constexpr double kMostWork = 4000;  // of functions and powers at 256 bits

Decision decided(Kind kind) { return {kind}; }

bool has_unknown_base(const Expression& expression) {
  for (const Expression::Node& node : expression.nodes)
    if (node.kind == Expression::Kind::kFunction && node.name == "log") return true;
  return false;
}
bool no_symbols(const Expression& expression) {
  return is_constant(expression) && !has_unknown_base(expression);
}

// Functions and powers, which cost most.
double work_of(const Expression& expression) {
  double work = 1;
  for (const Expression::Node& node : expression.nodes) {
    work += node.kind == Expression::Kind::kFunction || node.kind == Expression::Kind::kPower
                ? 1
                : 0.05;
  }
  return work;
}

double cost_factor(long bits) { return std::pow(static_cast<double>(bits) / 256, 1.6); }

long precision_for(double magnitude) {
  return static_cast<long>(std::ceil((2 * magnitude + 256) / 64)) * 64;
}

// Of values of the two sides at one point.
enum class Comparison { kDisjoint, kClose, kImprecise };

Comparison compare_values(const NumericValue& a, const NumericValue& b, long bits) {
  if (!acb_overlaps(a.value.get(), b.value.get())) return Comparison::kDisjoint;
  Ball difference;
  acb_sub(difference.get(), a.value.get(), b.value.get(), bits);
  mag_t error;
  mag_init(error);
  mag_hypot(error, arb_radref(acb_realref(difference.get())),
            arb_radref(acb_imagref(difference.get())));
  const double size = mag_is_zero(error) ? -INFINITY : mag_get_d_log2_approx(error);
  mag_clear(error);
  const double magnitude = std::max(a.magnitude, b.magnitude);
  return size < -magnitude - kSpareBits ? Comparison::kClose : Comparison::kImprecise;
}

class Decider {
 public:
  Decider(const Expression& a, const Expression& b)
      : a_(a),
        b_(b),
        work_(work_of(a) + work_of(b)),
        field_(has_imaginary_unit(a) || has_imaginary_unit(b) ? NumberField::kComplex
                                                              : NumberField::kReal) {}

  Decision constants() {
    double magnitude = 0;
    for (long bits = kQuickBits; bits <= 256; bits *= 2) {
      if (!spend(bits)) return decided(Kind::kUnknownLimit);
      NumericValue a = evaluate(a_, {}, field_, bits), b = evaluate(b_, {}, field_, bits);
      if (field_ == NumberField::kReal &&
          (a.status == Status::kUndefined || b.status == Status::kUndefined)) {
        field_ = NumberField::kComplex;  // \sqrt{-4}
        a = evaluate(a_, {}, field_, bits);
        b = evaluate(b_, {}, field_, bits);
      }
      for (const NumericValue* value : {&a, &b}) {
        if (value->status == Status::kUndefined || value->status == Status::kOpaque)
          return decided(Kind::kNotProven);
        if (value->status == Status::kTooLarge) return by_calcium(Kind::kUnknownLimit);
      }
      if (a.status == Status::kImprecise || b.status == Status::kImprecise) continue;
      if (!acb_overlaps(a.value.get(), b.value.get())) return decided(Kind::kUnequal);
      magnitude = std::max(a.magnitude, b.magnitude);
    }
    const long bits = std::max(512L, precision_for(magnitude));
    if (bits > kMostBits) return by_calcium(Kind::kUnknownLimit);
    if (!spend(bits)) return decided(Kind::kUnknownLimit);
    const NumericValue a = evaluate(a_, {}, field_, bits), b = evaluate(b_, {}, field_, bits);
    if (a.status != Status::kValue || b.status != Status::kValue)
      return by_calcium(Kind::kNotProven);  // a zero that is not written as one, say
    switch (compare_values(a, b, bits)) {
      case Comparison::kDisjoint: return decided(Kind::kUnequal);
      case Comparison::kClose: return by_calcium(Kind::kEqualNumeric);
      case Comparison::kImprecise: return by_calcium(Kind::kUnknownLimit);
    }
    return decided(Kind::kNotProven);
  }

  Decision functions(Domain domain) {
    const Decision real = at_points(0, SamplePoint::kReal, domain);
    if (real.kind == Kind::kEqualNumeric) return at_corners(domain, real);
    if (real.kind != Kind::kNotProven || points_ >= kFewestPoints || settled_) return real;
    // (-1)^n: defined at whole numbers only.
    const Decision whole =
        at_points(SamplePoint::kReal, SamplePoint::kReal + SamplePoint::kInteger, domain);
    return whole;
  }

 private:
  // The last word is Calcium's if it has one, else `otherwise`.
  Decision by_calcium(Kind otherwise) const {
    switch (decide_exactly(a_, b_)) {
      case ExactAnswer::kEqual: return decided(Kind::kEqualExact);
      case ExactAnswer::kUnequal: return decided(Kind::kUnequal);
      case ExactAnswer::kTimeout:
        return decided(otherwise == Kind::kUnknownLimit ? Kind::kUnknownTimeout : otherwise);
      case ExactAnswer::kUnknown:
      case ExactAnswer::kDied:
      case ExactAnswer::kAbsent: return decided(otherwise);
    }
    return decided(otherwise);
  }

  Decision at_points(int begin, int end, Domain domain) {
    points_ = 0;
    bool too_large = false;
    DomainOfDefinition defined;
    std::vector<std::pair<double, int>> shared;  // magnitudes and points
    for (int index = begin; index < end; ++index) {
      const SamplePoint point{index};
      if (!spend(kQuickBits)) return decided(Kind::kUnknownLimit);
      const NumericValue a = evaluate(a_, point, field_, kQuickBits);
      if (a.status == Status::kOpaque) return not_to_be_proven();
      const NumericValue b = evaluate(b_, point, field_, kQuickBits);
      if (b.status == Status::kOpaque) return not_to_be_proven();
      const bool a_none = a.status == Status::kUndefined, b_none = b.status == Status::kUndefined;
      if (domain == Domain::kSame && a_none != b_none) return not_to_be_proven();
      defined.add(a, b);
      if (a_none || b_none) continue;
      if (a.status == Status::kTooLarge || b.status == Status::kTooLarge) {
        too_large = true;
        continue;
      }
      if (a.status == Status::kValue && b.status == Status::kValue &&
          !acb_overlaps(a.value.get(), b.value.get()))
        return decided(Kind::kUnequal);
      shared.emplace_back(std::max(a.magnitude, b.magnitude), index);
    }
    points_ = static_cast<int>(shared.size());
    if (points_ < kFewestPoints) return decided(too_large ? Kind::kUnknownLimit : Kind::kNotProven);
    std::sort(shared.begin(), shared.end());
    const Decision decision = confirm(shared);
    const bool doubtful =
        !defined.may_be_equal(a_, b_) || has_hidden_steps(a_) || has_hidden_steps(b_);
    return decision.equal() && doubtful ? decided(Kind::kNotProven) : decision;
  }

  // Of what is `equal` at the other points.
  Decision at_corners(Domain domain, const Decision& equal) const {
    const auto points = corner_points(a_, b_);
    if (!points) return decided(Kind::kUnknownLimit);
    DomainOfDefinition defined;
    for (const SamplePoint& point : *points) {
      if (!spend(kQuickBits)) return decided(Kind::kUnknownLimit);
      const NumericValue a = evaluate(a_, point, field_, kQuickBits),
                         b = evaluate(b_, point, field_, kQuickBits);
      if (a.status == Status::kValue && b.status == Status::kValue &&
          !acb_overlaps(a.value.get(), b.value.get()))
        return decided(Kind::kUnequal);
      if (point.symbol.empty()) continue;  // there x/x may have its gap
      const bool one_only = (a.status == Status::kUndefined) != (b.status == Status::kUndefined);
      if (domain == Domain::kSame && one_only) return decided(Kind::kNotProven);
      defined.add(a, b);
    }
    return defined.may_be_equal(a_, b_) ? equal : decided(Kind::kNotProven);
  }

  // At no other points either.
  Decision not_to_be_proven() {
    settled_ = true;
    return decided(Kind::kNotProven);
  }

  // At a precision that hides nothing of the size of any part, where parts are least extreme.
  Decision confirm(const std::vector<std::pair<double, int>>& points) const {
    double work = 0;
    int close = 0;
    for (const auto& [magnitude, index] : points) {
      const long bits = precision_for(magnitude);
      work += cost_factor(bits) * work_;
      if (bits > kMostBits || work > kMostWork || close == kMostConfirmed) break;
      if (!spend(bits)) return decided(Kind::kUnknownLimit);
      const NumericValue a = evaluate(a_, {index}, field_, bits),
                         b = evaluate(b_, {index}, field_, bits);
      if (a.status != Status::kValue || b.status != Status::kValue) continue;
      const Comparison comparison = compare_values(a, b, bits);
      if (comparison == Comparison::kDisjoint) return decided(Kind::kUnequal);
      if (comparison == Comparison::kImprecise) return decided(Kind::kUnknownLimit);
      ++close;
    }
    return decided(close >= kFewestPoints ? Kind::kEqualNumeric : Kind::kUnknownLimit);
  }

  bool spend(long bits) const { return DecisionBudget::spend(work_ * cost_factor(bits)); }

  const Expression &a_, &b_;
  double work_;  // of both sides at one point
  NumberField field_;
  int points_ = 0;  // where both sides have a value
  bool settled_ = false;
};

}  // namespace

Decision decide(const Expression& a, const Expression& b, Domain domain) {
  Decider decider(a, b);
  if (no_symbols(a) && no_symbols(b)) return decider.constants();
  // A logarithm of an unknown base differs from every other constant by what nobody knows.
  const bool bases_differ = has_unknown_base(a) != has_unknown_base(b);
  const Decision decision = decider.functions(domain);
  if (bases_differ && !decision.equal()) return decided(Kind::kNotProven);
  return decision;
}

Fingerprint fingerprint(const Expression& expression) {
  const auto known = [](const arb_t value) { return arf_get_d(arb_midref(value), ARF_RND_NEAR); };
  const NumberField field =
      has_imaginary_unit(expression) ? NumberField::kComplex : NumberField::kReal;
  Fingerprint print;
  for (std::size_t i = 0; i < print.size(); ++i) {
    const NumericValue value = evaluate(expression, {static_cast<int>(i)}, field, kQuickBits);
    const bool precise =
        value.status == Status::kValue &&
        (acb_is_zero(value.value.get()) || acb_rel_accuracy_bits(value.value.get()) >= 40);
    print[i] = precise ? std::complex<double>(known(acb_realref(value.value.get())),
                                              known(acb_imagref(value.value.get())))
                       : std::complex<double>(std::nan(""), 0);
  }
  return print;
}

bool may_be_equal(const Fingerprint& a, const Fingerprint& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double distance = std::abs(a[i] - b[i]);
    // Not so where either is not a number or infinite.
    if (distance > 1e-9 * (std::abs(a[i]) + std::abs(b[i]))) return false;
  }
  return true;
}

Decision decide_proportional(const Expression& a, const Expression& b) {
  // a(p) b(q) = a(q) b(p) for a fixed q where both have values and neither is zero.
  const NumberField field =
      has_imaginary_unit(a) || has_imaginary_unit(b) ? NumberField::kComplex : NumberField::kReal;
  std::optional<std::pair<NumericValue, NumericValue>> fixed;
  DomainOfDefinition defined;
  int close = 0;
  const double work = work_of(a) + work_of(b);
  if (work * SamplePoint::kReal > kMostWork / 4) return decided(Kind::kUnknownLimit);
  constexpr long kBits = 512;
  for (int index = 0; index < SamplePoint::kReal; ++index) {
    if (!DecisionBudget::spend(work * cost_factor(kBits))) return decided(Kind::kUnknownLimit);
    NumericValue of_a = evaluate(a, {index}, field, kBits),
                 of_b = evaluate(b, {index}, field, kBits);
    defined.add(of_a, of_b);
    if (of_a.status != Status::kValue || of_b.status != Status::kValue) continue;
    if (std::max(of_a.magnitude, of_b.magnitude) > 60) return decided(Kind::kUnknownLimit);
    if (!fixed) {
      if (acb_contains_zero(of_a.value.get()) || acb_contains_zero(of_b.value.get())) continue;
      fixed.emplace(std::move(of_a), std::move(of_b));
      continue;
    }
    acb_mul(of_a.value.get(), of_a.value.get(), fixed->second.value.get(), kBits);
    acb_mul(of_b.value.get(), of_b.value.get(), fixed->first.value.get(), kBits);
    if (compare_values(of_a, of_b, kBits) != Comparison::kClose) return decided(Kind::kNotProven);
    ++close;
  }
  if (has_hidden_steps(a) || has_hidden_steps(b)) return decided(Kind::kNotProven);
  if (close < kFewestPoints || !defined.may_be_equal(a, b)) return decided(Kind::kNotProven);
  const auto corners = corner_points(a, b);
  if (!corners) return decided(Kind::kUnknownLimit);
  for (const SamplePoint& point : *corners) {
    if (!DecisionBudget::spend(work * cost_factor(kBits))) return decided(Kind::kUnknownLimit);
    NumericValue of_a = evaluate(a, point, field, kBits), of_b = evaluate(b, point, field, kBits);
    if (of_a.status != Status::kValue || of_b.status != Status::kValue) continue;
    acb_mul(of_a.value.get(), of_a.value.get(), fixed->second.value.get(), kBits);
    acb_mul(of_b.value.get(), of_b.value.get(), fixed->first.value.get(), kBits);
    if (!acb_overlaps(of_a.value.get(), of_b.value.get())) return decided(Kind::kNotProven);
  }
  return decided(Kind::kEqualNumeric);
}

std::optional<int> order_of(const Expression& a, const Expression& b) {
  if (!no_symbols(a) || !no_symbols(b)) return std::nullopt;
  for (long bits = kQuickBits; bits <= 256; bits *= 2) {
    const NumericValue of_a = evaluate(a, {}, NumberField::kReal, bits),
                       of_b = evaluate(b, {}, NumberField::kReal, bits);
    if (of_a.status == Status::kImprecise || of_b.status == Status::kImprecise) continue;
    if (of_a.status != Status::kValue || of_b.status != Status::kValue) return std::nullopt;
    const auto left = acb_realref(of_a.value.get()), right = acb_realref(of_b.value.get());
    if (arb_lt(left, right)) return -1;
    if (arb_gt(left, right)) return 1;
    if (arb_is_exact(left) && arb_is_exact(right) && arb_equal(left, right)) return 0;
  }
  return std::nullopt;
}

Expression constant(const Rational& value) {
  Expression out;
  out.nodes.push_back({Expression::Kind::kNumber, value, {}, {}});
  return out;
}

Expression scaled(Expression expression, const Rational& factor) {
  const int whole = static_cast<int>(expression.nodes.size()) - 1;
  expression.nodes.push_back({Expression::Kind::kNumber, factor, {}, {}});
  expression.nodes.push_back({Expression::Kind::kProduct, {}, {}, {whole, whole + 1}});
  return expression;
}

}  // namespace quorum
