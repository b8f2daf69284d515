// Which pages of the backend's swap space are free.
#pragma once

#include <span>
#include <vector>

#include "engine/backend.h"

namespace quorum {

class SwapPool {
 public:
  explicit SwapPool(int pages);

  int total() const { return static_cast<int>(held_.size()); }
  int free() const { return static_cast<int>(free_.size()); }

  // A free page. Precondition: free() > 0.
  SwapId take();
  // The page's content is needed no longer, not even by the plan in the making.
  void release(SwapId page);
  // The plan in the making reads the page: it is free from next_plan() on, because a step's
  // swap-outs run before its swap-ins.
  void release_after_plan(SwapId page);
  void next_plan();

  // `expected[p]`: whether page p is held by the caller's own count. Throws an internal Error at
  // any disagreement.
  void check_integrity(std::span<const int> expected) const;

 private:
  std::vector<SwapId> free_;
  std::vector<SwapId> leaving_;
  std::vector<bool> held_;  // false for leaving ones too
};

}  // namespace quorum
