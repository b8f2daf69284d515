// The named functions of expressions, in ball arithmetic.
#pragma once

#include <string_view>
#include <vector>

#include "benchmarks/math/ball.h"

namespace quorum {

enum class NumericFunction {
  kDone,
  kUnknown,    // no function of this name: f(x)
  kUndefined,  // for these arguments
  kImprecise   // the arguments may be outside of its domain, or on a jump
};

// `out` = the function `name` of expression.h of the arguments, with principal values. Real
// arguments in a function's real domain give exactly real values.
NumericFunction numeric_function(std::string_view name, const std::vector<acb_srcptr>& arguments,
                                 long bits, acb_ptr out);

}  // namespace quorum
