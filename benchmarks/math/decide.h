// Whether two expressions that have different algebraic forms are equal nevertheless.
#pragma once

#include <array>
#include <complex>
#include <optional>

#include "benchmarks/math/expression.h"
#include "benchmarks/math/rational.h"

namespace quorum {

struct Decision {
  enum class Kind {
    kEqualExact,    // proven: by Calcium
    kEqualNumeric,  // balls at high precision around all values overlap: no proof
    kUnequal,       // proven: at some point the balls are disjoint
    kNotProven,     // too few points have a value, or a part is unknown
    kUnknownLimit,  // too large to be evaluated
    kUnknownTimeout
  };
  Kind kind = Kind::kNotProven;
  bool equal() const { return kind == Kind::kEqualExact || kind == Kind::kEqualNumeric; }
};

enum class Domain {
  kCommon,  // where both have a value (domain_of_definition.h): enough against the gold answer
  kSame     // both have a value at the same points: a relation that is transitive, for votes
};

// Symmetric; the same in every run. Constants: Arb at 64, 128, 256 bits, then Calcium
// (exact_decider.h), whose "unknown" leaves the numbers' word at up to 2,048 bits. Others: at 36
// fixed points of real numbers, or, where fewer than six have values, at 12 of natural numbers.
// What would be equal is then compared where floors and the like have their corners
// (corner_points.h).
Decision decide(const Expression& a, const Expression& b, Domain domain);

// Values of an expression at some of the points, in double precision; NaN where it has none or is
// too large.
using Fingerprint = std::array<std::complex<double>, 4>;
Fingerprint fingerprint(const Expression& expression);
// false: their values differ, so that decide() need not be asked.
bool may_be_equal(const Fingerprint& a, const Fingerprint& b);

// Whether a = 0 and b = 0 say the same because a is b times a constant, numerically.
Decision decide_proportional(const Expression& a, const Expression& b);

// The order of two constants, certified: -1, 0 or 1. nullopt: not decided at 256 bits (equal
// constants among them), or not real.
std::optional<int> order_of(const Expression& a, const Expression& b);

// A constant expression, and one times a constant.
Expression constant(const Rational& value);
Expression scaled(Expression expression, const Rational& factor);

}  // namespace quorum
