// The page allocator of the KV cache: which pages are free, and how many holders each of the others
// has.
//
// A page is held by the prefix of a prompt, by sequences, or by several of them. Because a backend
// may run behind the host, a holder lets go of a page "after" a step: the page is free once nobody
// holds it and all those steps are collected.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/backend.h"

namespace quorum {

class KvPages {
 public:
  explicit KvPages(int pages);

  int total() const { return static_cast<int>(pages_.size()); }
  int free() const { return static_cast<int>(free_.size()); }
  // Pages that nobody holds, but that become free only when pending steps are collected.
  int coming() const { return coming_; }
  // Holders that have not let go of the page.
  int holders(PageId page) const;

  // A free page with one holder. Precondition: free() > 0.
  PageId take();
  // One more holder. Precondition: the page has one.
  void share(PageId page);
  // One holder less, whose last use of the page is in `last_step` (negative: it was never used).
  void release(PageId page, std::int64_t last_step);
  // All steps up to `step` have been collected. Never goes back.
  void collected(std::int64_t step);

  // `expected[p]`: how many holders page p has by the caller's own count. Throws an internal Error
  // at any disagreement.
  void check_integrity(std::span<const int> expected) const;

 private:
  struct Page {
    int holders = 0;
    int leaving = 0;  // releases that wait for a step
  };
  Page& at(PageId page);
  void settle(PageId page);

  std::vector<Page> pages_;
  std::vector<PageId> free_;
  std::multimap<std::int64_t, PageId> leaving_;  // by the step that they wait for
  std::int64_t collected_ = -1;
  int coming_ = 0;
};

}  // namespace quorum
