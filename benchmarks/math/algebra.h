// The algebra of expressions: a canonical form of what can be written as a fraction of polynomials.
#pragma once

#include <optional>
#include <string>

#include "benchmarks/math/expression.h"

namespace quorum {

struct AlgebraicForm {
  // Equal keys: the expressions are equal wherever both are defined, certainly. Different keys
  // prove nothing: sin²x + cos²x and 1 have two.
  std::string key;
  std::optional<Rational> number;  // if it is one
};

// Brings an expression to a fraction of coprime polynomials with integer coefficients (FLINT) in
// atoms: symbols; i and roots of primes, which are reduced and leave the denominator; logarithms of
// primes; and, each standing for itself, other roots, powers, functions and factorials of
// canonical forms. nullopt: it is not defined (division by zero), or larger than the limits that
// keep this to some milliseconds (12 atoms, 300 terms, degree 60, 4,096 bits).
std::optional<AlgebraicForm> algebraic_form(const Expression& expression);

// A key of "expression = 0", the same for all equations that differ by a rational factor. nullopt
// as above, and where it holds always or never.
std::optional<std::string> equation_key(const Expression& expression);

// A key of "expression > 0" (or >= 0), the same for all inequalities that differ by a positive
// rational factor. nullopt as above.
std::optional<std::string> inequality_key(const Expression& expression, bool strict);

}  // namespace quorum
