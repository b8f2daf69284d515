// Points at which expressions may differ that agree almost everywhere.
#pragma once

#include <optional>
#include <vector>

#include "benchmarks/math/expression.h"
#include "benchmarks/math/numeric.h"

namespace quorum {

// Of two expressions, in either order the same: where floor, ceiling, absolute value, an even root
// or 0^n occurs in one of them, points with zero, integers and half-integers, and points around
// the constants that occur, where absolute values may have their corners; and the points of
// sign_changes.h, which need `a` and `b` to outlive them. Else none. nullopt: too much work.
std::optional<std::vector<SamplePoint>> corner_points(const Expression& a, const Expression& b);

// Whether a floor or ceiling is taken of something with functions or roots of symbols, so that it
// may jump where no sample shows it: \lfloor \sin^2 x \rfloor is zero but for single points.
bool has_hidden_steps(const Expression& expression);

}  // namespace quorum
