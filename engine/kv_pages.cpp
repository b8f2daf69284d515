#include "engine/kv_pages.h"

#include <string>

#include "base/error.h"

namespace quorum {

KvPages::KvPages(int pages) {
  QUORUM_CHECK(pages > 0);
  pages_.resize(static_cast<std::size_t>(pages));
  for (PageId page = pages - 1; page >= 0; --page) free_.push_back(page);
}

KvPages::Page& KvPages::at(PageId page) {
  QUORUM_CHECK(page >= 0 && page < total());
  return pages_[static_cast<std::size_t>(page)];
}

int KvPages::holders(PageId page) const {
  return pages_.at(static_cast<std::size_t>(page)).holders;
}

PageId KvPages::take() {
  QUORUM_CHECK(!free_.empty());
  const PageId page = free_.back();
  free_.pop_back();
  at(page).holders = 1;
  return page;
}

void KvPages::share(PageId page) {
  QUORUM_CHECK(at(page).holders > 0, "a page without a holder cannot be shared");
  ++at(page).holders;
}

void KvPages::release(PageId page, std::int64_t last_step) {
  Page& state = at(page);
  QUORUM_CHECK(state.holders > 0, "a page is released more often than it is held");
  --state.holders;
  if (last_step > collected_) {
    ++state.leaving;
    leaving_.emplace(last_step, page);
  }
  if (state.holders == 0 && state.leaving > 0) ++coming_;
  settle(page);
}

void KvPages::settle(PageId page) {
  if (at(page).holders == 0 && at(page).leaving == 0) free_.push_back(page);
}

void KvPages::collected(std::int64_t step) {
  QUORUM_CHECK(step >= collected_);
  collected_ = step;
  while (!leaving_.empty() && leaving_.begin()->first <= step) {
    const PageId page = leaving_.begin()->second;
    leaving_.erase(leaving_.begin());
    if (--at(page).leaving == 0 && at(page).holders == 0) --coming_;
    settle(page);
  }
}

void KvPages::check_integrity(std::span<const int> expected) const {
  QUORUM_CHECK(expected.size() == pages_.size());
  std::vector<int> free_count(pages_.size()), leaving_count(pages_.size());
  for (const PageId page : free_) ++free_count.at(static_cast<std::size_t>(page));
  for (const auto& [step, page] : leaving_) {
    QUORUM_CHECK(step > collected_, "a release outlived its step");
    ++leaving_count.at(static_cast<std::size_t>(page));
  }
  int coming = 0;
  for (std::size_t p = 0; p < pages_.size(); ++p) {
    const Page& page = pages_[p];
    QUORUM_CHECK(page.holders == expected[p], "page " + std::to_string(p));
    QUORUM_CHECK(page.leaving == leaving_count[p], "page " + std::to_string(p));
    const bool is_free = page.holders == 0 && page.leaving == 0;
    QUORUM_CHECK(free_count[p] == (is_free ? 1 : 0), "page " + std::to_string(p));
    if (page.holders == 0 && page.leaving > 0) ++coming;
  }
  QUORUM_CHECK(coming == coming_);
}

}  // namespace quorum
