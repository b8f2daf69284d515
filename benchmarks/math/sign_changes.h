// Points on both sides of every change of sign inside of absolute values, roots and the like.
#pragma once

#include <optional>
#include <vector>

#include "benchmarks/math/expression.h"
#include "benchmarks/math/numeric.h"

namespace quorum {

// Of two expressions, in either order the same. What stands in an absolute value, an even root, a
// logarithm, a floor or a ceiling of either is followed along the line of each symbol, where the
// others are at some of the real points: between all neighbouring places where a part of it changes
// its sign (of a floor or ceiling, passes a small integer) or begins to have a value stands one
// point. |k/(2k+1)| gives -1/4 as one. Places are found in floating point, so that close ones may
// be missed; nothing is proven. The points name symbols of `a` and `b`, which must outlive them.
// nullopt: that is too much work.
std::optional<std::vector<SamplePoint>> points_between_sign_changes(const Expression& a,
                                                                    const Expression& b);

}  // namespace quorum
