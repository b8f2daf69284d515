// Which deviations of a mode are on, and which of them came up in a comparison.
#pragma once

#include "benchmarks/math/compat.h"

namespace quorum {

template <class Rule>  // an enum whose values are the bits' places
class DeviationLog {
 public:
  explicit DeviationLog(DeviationSet on) : on_(on) {}

  // Call it where the rule would change something; says whether it is on.
  bool applies(Rule rule) {
    const DeviationSet bit = DeviationSet{1} << static_cast<int>(rule);
    came_up_ |= bit;
    return (on_ & bit) != 0;
  }
  bool any_came_up() const { return (came_up_ & on_) != 0; }

 private:
  DeviationSet on_, came_up_ = 0;
};

}  // namespace quorum
