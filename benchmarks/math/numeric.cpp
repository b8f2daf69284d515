#include "benchmarks/math/numeric.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "benchmarks/math/numeric_functions.h"

namespace quorum {
namespace {

using Kind = Expression::Kind;
using Status = NumericValue::Status;

// Ends an evaluation.
struct NoValue {
  Status status;
};

constexpr double kLargestExponent = 1e15;  // of two, of a power's value
constexpr double kLargestFactorial = 1e12;

std::uint64_t hash_of(std::string_view text, std::uint64_t salt) {
  std::uint64_t hash = 14695981039346656037u ^ (salt * 0x9e3779b97f4a7c15u);  // FNV-1a
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211u;
  }
  hash ^= hash >> 29;
  hash *= 0xbf58476d1ce4e5b9u;
  return hash ^ (hash >> 32);
}

void set_natural(fmpz_t out, const Natural& value) { fmpz_set_str(out, value.hex().c_str(), 16); }

// Of a point of multiples of 1/2: zero, positive and negative integers, half-integers, any of
// these.
std::int64_t corner_in_halves(int corner, std::uint64_t hash) {
  constexpr std::int64_t kAny[] = {0, 1, -1, 2, -2, 3, -3, 4, 5, 6, 20, 48};
  const std::int64_t small = 1 + static_cast<std::int64_t>(hash % 4);
  switch (corner) {
    case 0: return 0;
    case 1: return 2 * small;
    case 2: return -2 * small;
    case 3: return 2 * small - 1;
    case 4: return 1 - 2 * small;
    default: return kAny[(hash >> 8) % (sizeof(kAny) / sizeof(*kAny))];
  }
}

class Evaluator {
 public:
  Evaluator(const Expression& expression, SamplePoint point, NumberField field, long bits)
      : expression_(expression), point_(point), field_(field), bits_(bits) {}

  NumericValue run() {
    NumericValue out;
    try {
      values_.resize(expression_.nodes.size());
      for (std::size_t i = 0; i < values_.size(); ++i) {
        compute(expression_.nodes[i], values_[i]);
        check(values_[i]);
      }
      out.value = std::move(values_.back());
    } catch (const NoValue& reason) {
      out.status = reason.status;
    }
    out.magnitude = magnitude_;
    return out;
  }

 private:
  const Ball& part(const Expression::Node& node, std::size_t index) const {
    return values_[static_cast<std::size_t>(node.parts[index])];
  }

  void check(const Ball& ball) {
    if (!acb_is_finite(ball.get())) throw NoValue{Status::kUndefined};
    if (field_ == NumberField::kReal && !arb_is_zero(acb_imagref(ball.get()))) {
      if (arb_contains_zero(acb_imagref(ball.get()))) throw NoValue{Status::kImprecise};
      throw NoValue{Status::kUndefined};
    }
    // What may be zero has come about by cancellation: its parts have been counted.
    if (acb_contains_zero(ball.get())) return;
    const double size = log2_of(ball);
    magnitude_ = std::max(magnitude_, std::abs(size));
  }

  // The binary logarithm of an upper bound of |ball|.
  static double log2_of(const Ball& ball) {
    mag_t bound;
    mag_init(bound);
    acb_get_mag(bound, ball.get());
    const double size = mag_get_d_log2_approx(bound);
    mag_clear(bound);
    return size;
  }

  void number(const Rational& value, Ball& out) const {
    fmpz_t top, bottom;
    fmpz_init(top);
    fmpz_init(bottom);
    set_natural(top, value.numerator());
    set_natural(bottom, value.denominator());
    arb_set_fmpz(acb_realref(out.get()), top);
    if (!value.denominator().one())
      arb_div_fmpz(acb_realref(out.get()), acb_realref(out.get()), bottom, bits_);
    if (value.negative()) arb_neg(acb_realref(out.get()), acb_realref(out.get()));
    fmpz_clear(top);
    fmpz_clear(bottom);
  }

  void symbol(const std::string& name, Ball& out) const {
    if (name == "\\pi") {
      arb_const_pi(acb_realref(out.get()), bits_);
    } else if (name == "e") {
      arb_const_e(acb_realref(out.get()), bits_);
    } else if (name == "i") {
      acb_onei(out.get());
    } else {
      point_.value(name, acb_realref(out.get()));
    }
  }

  void power(const Expression::Node& node, Ball& out) {
    const Ball &base = part(node, 0), &exponent = part(node, 1);
    const auto fraction = small_fraction(expression_, node.parts[1]);
    if (acb_is_zero(base.get())) {
      if (acb_is_zero(exponent.get()) && is_zero_to_a_power(expression_, node)) {
        acb_one(out.get());
        return;
      }
      if (!arb_is_positive(acb_realref(exponent.get()))) throw NoValue{Status::kUndefined};
      acb_zero(out.get());
      return;
    }
    if (acb_contains_zero(base.get()) && !(fraction && fraction->bottom == 1 && fraction->top > 0))
      throw NoValue{Status::kImprecise};
    // |result| = |base|^Re(exponent) · exp(-Im(exponent) arg(base)).
    const double estimate = std::exp2(std::min(60.0, log2_of(exponent))) *
                            (std::abs(log2_of(base)) + std::abs(log2_below(base)) + 5);
    if (estimate > kLargestExponent) throw NoValue{Status::kTooLarge};
    const bool negative_base =
        arb_is_zero(acb_imagref(base.get())) && arb_is_negative(acb_realref(base.get()));
    if (fraction && fraction->bottom % 2 == 1 && fraction->bottom > 1 && negative_base) {
      // The real root: of |base|, with the sign of (-1)^top.
      Ball root;
      arb_neg(acb_realref(root.get()), acb_realref(base.get()));
      rational_power(root, *fraction, out);
      if (fraction->top % 2 != 0) acb_neg(out.get(), out.get());
      return;
    }
    if (fraction && arb_is_zero(acb_imagref(base.get())) &&
        arb_is_positive(acb_realref(base.get()))) {
      rational_power(base, *fraction, out);
      return;
    }
    acb_pow(out.get(), base.get(), exponent.get(), bits_);
  }

  // base^(top/bottom) of a positive base.
  void rational_power(const Ball& base, const SmallFraction& fraction, Ball& out) const {
    if (fraction.bottom == 1 || fraction.bottom > 64) {
      arb_t exponent;
      arb_init(exponent);
      arb_set_si(exponent, fraction.top);
      arb_div_si(exponent, exponent, fraction.bottom, bits_);
      arb_pow(acb_realref(out.get()), acb_realref(base.get()), exponent, bits_);
      arb_clear(exponent);
      return;
    }
    fmpz_t top;
    fmpz_init_set_si(top, fraction.top);
    arb_root_ui(acb_realref(out.get()), acb_realref(base.get()),
                static_cast<ulong>(fraction.bottom), bits_);
    arb_pow_fmpz(acb_realref(out.get()), acb_realref(out.get()), top, bits_);
    fmpz_clear(top);
  }

  // The binary logarithm of a lower bound of |ball|.
  static double log2_below(const Ball& ball) {
    mag_t bound;
    mag_init(bound);
    acb_get_mag_lower(bound, ball.get());
    const double size = mag_is_zero(bound) ? 0 : mag_get_d_log2_approx(bound);
    mag_clear(bound);
    return size;
  }

  void function(const Expression::Node& node, Ball& out) {
    std::vector<acb_srcptr> arguments;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      const double size = log2_of(part(node, i));
      const double largest = node.name == "fact" || node.name == "binom" ? kLargestFactorial
                             : node.name == "ln" || node.name == "log"   ? INFINITY
                                                                         : kLargestExponent;
      if (!acb_is_zero(part(node, i).get()) && size > std::log2(largest))
        throw NoValue{Status::kTooLarge};
      arguments.push_back(part(node, i).get());
    }
    // Of a base that is not said: a factor that nobody knows.
    const bool any_base = node.name == "log";
    const NumericFunction done =
        numeric_function(any_base ? "ln" : node.name, arguments, bits_, out.get());
    if (any_base && done == NumericFunction::kDone) {
      Ball factor;
      symbol("1 / ln of the base", factor);
      acb_mul(out.get(), out.get(), factor.get(), bits_);
    }
    switch (done) {
      case NumericFunction::kDone: return;
      case NumericFunction::kUnknown: throw NoValue{Status::kOpaque};
      case NumericFunction::kUndefined: throw NoValue{Status::kUndefined};
      case NumericFunction::kImprecise: throw NoValue{Status::kImprecise};
    }
  }

  void compute(const Expression::Node& node, Ball& out) {
    switch (node.kind) {
      case Kind::kNumber: number(node.number, out); return;
      case Kind::kSymbol: symbol(node.name, out); return;
      case Kind::kSum:
        acb_set(out.get(), part(node, 0).get());
        for (std::size_t i = 1; i < node.parts.size(); ++i)
          acb_add(out.get(), out.get(), part(node, i).get(), bits_);
        return;
      case Kind::kProduct:
        acb_set(out.get(), part(node, 0).get());
        for (std::size_t i = 1; i < node.parts.size(); ++i)
          acb_mul(out.get(), out.get(), part(node, i).get(), bits_);
        return;
      case Kind::kQuotient:
        if (acb_is_zero(part(node, 1).get())) throw NoValue{Status::kUndefined};
        if (acb_contains_zero(part(node, 1).get())) throw NoValue{Status::kImprecise};
        acb_div(out.get(), part(node, 0).get(), part(node, 1).get(), bits_);
        return;
      case Kind::kNegative: acb_neg(out.get(), part(node, 0).get()); return;
      case Kind::kPower: power(node, out); return;
      case Kind::kFunction: function(node, out); return;
    }
  }

  const Expression& expression_;
  SamplePoint point_;
  NumberField field_;
  long bits_;
  std::vector<Ball> values_;
  double magnitude_ = 0;
};

}  // namespace

std::int64_t SamplePoint::value_in_units(std::string_view name) const {
  constexpr std::int64_t kUnit = std::int64_t{1} << 20;
  const std::uint64_t hash = hash_of(name, static_cast<std::uint64_t>(index) + 1);
  if (corner()) return corner_in_halves(index - kReal - kInteger, hash) * (kUnit / 2);
  if (integers()) return kUnit * static_cast<std::int64_t>(1 + hash % 24);
  // Odd, so that no point is a short binary fraction.
  const auto within = [&](std::int64_t low, std::int64_t width) {
    return low * kUnit +
           static_cast<std::int64_t>((hash >> 8) % static_cast<std::uint64_t>(width * kUnit) | 1);
  };
  const int box = index % 6 == 3 ? static_cast<int>(hash % 3) : index % 6;
  const bool far = index % 12 >= 6;  // absolute values and the like have their corners anywhere
  switch (box) {
    case 0: return within(0, 1);
    case 1: return within(1, 3);
    case 2: return within(-4, 3);
    case 4: return far ? within(200, 1800) : within(4, 36);
    default: return far ? within(-2000, 1800) : within(-40, 36);
  }
}

void SamplePoint::value(std::string_view name, arb_t out) const {
  if (!symbol.empty() && name == symbol) {
    arb_set_d(out, at);
    return;
  }
  // With several symbols the others stay small at every second of the points around a number.
  const std::uint64_t hash = hash_of(name, static_cast<std::uint64_t>(index) + 101);
  const bool mixed = index % 4 >= 2;
  if (near == 0 || (mixed && (hash & 1) != 0)) {
    arb_set_si(out, value_in_units(name));
    arb_mul_2exp_si(out, out, -20);
    return;
  }
  const bool negative = mixed ? (hash & 2) != 0 : index % 2 == 1;
  arb_set_d(out, negative ? -near : near);
  const int kind = index / 4;  // near, near (1 ± h), near ± h
  if (kind == 0) return;
  arb_t other;
  arb_init(other);
  if (kind <= 2)
    arb_set(other, out);
  else
    arb_one(other);
  arb_mul_si(other, other, static_cast<slong>((hash >> 8) % (1u << 18) | 1) * (kind % 2 ? 1 : -1),
             ARF_PREC_EXACT);
  arb_mul_2exp_si(other, other, -20);
  arb_add(out, out, other, ARF_PREC_EXACT);
  arb_clear(other);
}

NumericValue evaluate(const Expression& expression, SamplePoint point, NumberField field,
                      long bits) {
  return Evaluator(expression, point, field, bits).run();
}

bool is_zero_to_a_power(const Expression& expression, const Expression::Node& node) {
  if (node.kind != Kind::kPower) return false;
  const Expression::Node& base = expression.nodes[static_cast<std::size_t>(node.parts[0])];
  return base.kind == Kind::kNumber && base.number.numerator().zero() &&
         !small_fraction(expression, node.parts[1]);
}

bool has_imaginary_unit(const Expression& expression) {
  for (const Expression::Node& node : expression.nodes)
    if (node.kind == Kind::kSymbol && node.name == "i") return true;
  return false;
}

}  // namespace quorum
