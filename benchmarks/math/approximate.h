// Expressions as floating-point numbers, for readings that speak of digits. Proves nothing.
#pragma once

#include <complex>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/math/expression.h"

namespace quorum {

using Complex = std::complex<long double>;

// Some 15 digits.
long double to_float(const Rational& number);

// The value of an expression where each symbol has a fixed value that its name and `point` give,
// of a size between 1/4 and 2 and at odd points of either sign; e, i and π have their own. nullopt:
// it is not defined there, not finite, or rounding errors (bounded to first order along the way)
// may leave fewer than 12 digits.
std::optional<Complex> approximate(const Expression& expression, int point = 0);

// Whether both are the same to 13 digits, constants at once and others at six points.
bool agree_at_points(const Expression& a, const Expression& b);

// The names of its symbols but for e, i and π, sorted, each once.
std::vector<std::string> symbols_of(const Expression& expression);

}  // namespace quorum
