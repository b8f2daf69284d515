#include "engine/swap_pool.h"

#include <string>

#include "base/error.h"

namespace quorum {

SwapPool::SwapPool(int pages) : held_(static_cast<std::size_t>(pages)) {
  for (SwapId page = pages - 1; page >= 0; --page) free_.push_back(page);
}

SwapId SwapPool::take() {
  QUORUM_CHECK(!free_.empty());
  const SwapId page = free_.back();
  free_.pop_back();
  held_[static_cast<std::size_t>(page)] = true;
  return page;
}

void SwapPool::release(SwapId page) {
  QUORUM_CHECK(held_.at(static_cast<std::size_t>(page)), "a page of the swap space is not held");
  held_[static_cast<std::size_t>(page)] = false;
  free_.push_back(page);
}

void SwapPool::release_after_plan(SwapId page) {
  QUORUM_CHECK(held_.at(static_cast<std::size_t>(page)), "a page of the swap space is not held");
  held_[static_cast<std::size_t>(page)] = false;
  leaving_.push_back(page);
}

void SwapPool::next_plan() {
  free_.insert(free_.end(), leaving_.begin(), leaving_.end());
  leaving_.clear();
}

void SwapPool::check_integrity(std::span<const int> expected) const {
  QUORUM_CHECK(expected.size() == held_.size());
  std::vector<int> listed(held_.size());
  for (const auto* list : {&free_, &leaving_}) {
    for (const SwapId page : *list) ++listed.at(static_cast<std::size_t>(page));
  }
  for (std::size_t p = 0; p < held_.size(); ++p) {
    QUORUM_CHECK(expected[p] == (held_[p] ? 1 : 0), "swap page " + std::to_string(p));
    QUORUM_CHECK(listed[p] == (held_[p] ? 0 : 1), "swap page " + std::to_string(p));
  }
}

}  // namespace quorum
