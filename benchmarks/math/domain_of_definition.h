// Where one expression has a value and another one has none.
#pragma once

#include "benchmarks/math/expression.h"
#include "benchmarks/math/numeric.h"

namespace quorum {

// Counts at which points one of two expressions only is defined, and says whether they may be
// called equal nevertheless: where only one of them is defined anywhere else, and this one is made
// without logarithms, even roots, absolute values and the like of symbols. So x is \sqrt{x}^2,
// which is x where it is defined, but \ln(x^2), which is defined for other reasons, is not 2\ln x.
// The points have no short fractions as coordinates: gaps like that of x/x are not met.
class DomainOfDefinition {
 public:
  void add(const NumericValue& a, const NumericValue& b);
  bool may_be_equal(const Expression& a, const Expression& b) const;

 private:
  bool only_a_ = false, only_b_ = false;  // is defined, at some point
};

}  // namespace quorum
