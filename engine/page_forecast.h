// How many KV pages running sequences will hold, if each grows by a token a step up to a given
// length and then frees its pages. Time runs in units of page_tokens steps.
#pragma once

#include <vector>

namespace quorum {

// A sequence's own pages: `now`, one more each unit of time, `last` in its last unit.
struct PageGrowth {
  int now = 0;
  int units = 0;  // until the last unit: 0, it ends within this one
  int last = 0;   // now <= last <= now + units
};

class PageForecast {
 public:
  void clear();
  // Sequences that are there. fits() and admit() need settle() after the last one.
  void add(const PageGrowth& growth);
  void settle();

  // Whether one more sequence would leave the sum at any time at `pages` or below while it runs.
  bool fits(const PageGrowth& growth, int pages) const;
  void admit(const PageGrowth& growth);

  // The largest sum of all times; for tests.
  int peak() const;

 private:
  void reach(int units);

  std::vector<int> ends_, base_;  // before settle(): sequences and `now` by last unit
  std::vector<int> excess_;       // by unit: what sequences in their last unit do not take
  std::vector<int> total_;        // pages by unit
};

}  // namespace quorum
