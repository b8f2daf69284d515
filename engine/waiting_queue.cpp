#include "engine/waiting_queue.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/error.h"

namespace quorum {
namespace {

bool comes_later(const SequencePtr& a, const SequencePtr& b) {
  return std::pair(-a->limit(), a->request.id) > std::pair(-b->limit(), b->request.id);
}

}  // namespace

void WaitingQueue::add(SequencePtr sequence) {
  QUORUM_CHECK(sequence->lengths != nullptr);
  const std::int32_t block = sequence->request.block;
  const void* const prompt = sequence->request.prompt.get();
  auto group = std::find_if(groups_.rbegin(), groups_.rend(), [&](const Group& each) {
    return each.prompt == prompt && each.block == block;
  });
  if (group == groups_.rend()) {
    groups_.push_back({block, prompt, {}});
    group = groups_.rbegin();
  }
  std::vector<SequencePtr>& members = group->members;
  members.insert(std::lower_bound(members.begin(), members.end(), sequence, comes_later),
                 std::move(sequence));
  ++size_;
}

bool WaitingQueue::has(const Prompt& prompt) const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [&](const Group& group) { return group.prompt == prompt.get(); });
}

const SequencePtr& WaitingQueue::next(const LengthPredictor& predictor, bool any_block) {
  QUORUM_CHECK(!empty());
  std::tuple<std::int32_t, int, std::uint64_t> best;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    if (!any_block && g > 0 && group.block > std::get<0>(best)) continue;
    const Sequence& first = *group.members.back();
    const int expected = predictor.expected(*first.lengths, 0, first.limit());
    const std::tuple rank{any_block ? 0 : group.block, -expected, first.request.id};
    if (g > 0 && rank > best) continue;
    best = rank;
    next_ = g;
  }
  return groups_[next_].members.back();
}

SequencePtr WaitingQueue::pop() {
  std::vector<SequencePtr>& members = groups_.at(next_).members;
  SequencePtr sequence = std::move(members.back());
  members.pop_back();
  if (members.empty()) {
    std::swap(groups_[next_], groups_.back());
    groups_.pop_back();
  }
  --size_;
  return sequence;
}

void WaitingQueue::clear() {
  groups_.clear();
  size_ = next_ = 0;
}

}  // namespace quorum
