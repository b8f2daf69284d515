// Sums and products over an index, \sum_{k=1}^{5} k^2, written out.
#pragma once

#include <optional>
#include <string_view>

#include "benchmarks/math/expression.h"

namespace quorum {

struct IndexRange {
  long first = 0, last = 0;  // both belong to it; none where last < first
};

// The sum, or product, of `term` (its last node) for each value of the symbol `index`; what is
// rational is computed. nullopt: more than 1,000 terms, more than 20,000 nodes in all, or
// numbers so large that it would take more than some 20 ms.
std::optional<Expression> over_range(bool sum, const Expression& term, std::string_view index,
                                     const IndexRange& range);

}  // namespace quorum
