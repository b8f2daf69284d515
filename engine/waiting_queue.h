// Requests that were never admitted, and which of them is next: the lowest block first, so that
// blocks of samples become whole early; within a block the sample that is expected to be the
// longest, so that the last ones to run are short; then by the prompt's limit and the request's id.
// Samples of a prompt have one expectation, so siblings stay together.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/sequence.h"

namespace quorum {

class WaitingQueue {
 public:
  // Precondition: `lengths` is set.
  void add(SequencePtr sequence);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  bool has(const Prompt& prompt) const;

  // The next one; stays in the queue. `any_block`: by expected length alone. Precondition: not
  // empty.
  const SequencePtr& next(const LengthPredictor& predictor, bool any_block);
  // Takes out what next() gave.
  SequencePtr pop();

  void clear();

 private:
  // Samples of a prompt in a block; the next one is the last of `members`.
  struct Group {
    std::int32_t block = 0;
    const void* prompt = nullptr;
    std::vector<SequencePtr> members;
  };

  std::vector<Group> groups_;  // none is empty
  std::size_t next_ = 0;
  std::size_t size_ = 0;
};

}  // namespace quorum
