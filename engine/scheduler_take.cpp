// The scheduler's part that takes tokens and completes sequences.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engine/scheduler.h"

namespace quorum {

std::vector<EngineCompletion> Scheduler::take(std::span<const TokenEvent> events, double now,
                                              const Engine::TokenObserver& observer) {
  QUORUM_CHECK(!pending_.empty());
  const PendingStep rows = std::move(pending_.front());
  pending_.pop_front();
  pages_.collected(next_step_ - 1 - static_cast<std::int64_t>(pending_.size()));
  QUORUM_CHECK(events.size() == rows.size(), "one event a decode row");

  std::vector<EngineCompletion> finished;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const TokenEvent& event = events[i];
    QUORUM_CHECK(event.slot == rows[i].slot, "events come in the order of the decode rows");
    Sequence& sequence = *rows[i].sequence;
    if (sequence.done || sequence.attempt != rows[i].attempt) continue;
    --sequence.pending_rows;
    for (const SampledToken& token : event.tokens) {
      sequence.tokens.push_back(token.id);
      sequence.logprob_sum += token.logprob;
      if (sequence.tokens.size() <= sequence.observed) continue;
      ++sequence.observed;
      ++stats_.generated_tokens;
      if (observer) observer(sequence.request.id, token);
    }
    QUORUM_CHECK(!event.tokens.empty());
    const bool full = sequence.tokens.size() >= static_cast<std::size_t>(sequence.max_tokens);
    QUORUM_CHECK(event.end != SequenceEnd::kNone || !full, "a sequence went beyond its limit");
    if (event.end != SequenceEnd::kNone) finished.push_back(complete(sequence, event.end, now));
  }
  return finished;
}

EngineCompletion Scheduler::complete(Sequence& sequence, SequenceEnd end, double now) {
  sequence.done = true;
  const auto is_it = [&](const SequencePtr& other) { return other.get() == &sequence; };
  if (sequence.slot >= 0) {
    ended_slots_.push_back(std::exchange(sequence.slot, -1));
    release_pages(sequence);
    std::erase_if(active_, is_it);
  } else if (sequence.swapped_out) {
    for (const SwapId page : sequence.swapped) swap_.release(page);
    sequence.swapped.clear();
    std::erase_if(preempted_, is_it);
  }
  const int length = static_cast<int>(sequence.tokens.size());
  const bool cut = end == SequenceEnd::kLength && length >= sequence.limit();
  predictor_.finished(*sequence.lengths, length, cut);
  refreshed_at_ = -1;
  return {sequence.request.id,        std::move(sequence.tokens), sequence.logprob_sum, end,
          now - sequence.admitted_at, sequence.preemptions};
}

StepPlan Scheduler::abandon() {
  pending_.clear();
  pages_.collected(next_step_ - 1);
  StepPlan plan;
  plan.stops = std::exchange(ended_slots_, {});
  for (const SequencePtr& sequence : active_) {
    if (sequence->prefix != nullptr) prefixes_.leave(*sequence->prefix);
    release_pages(*sequence);
    if (sequence->started) plan.stops.push_back(sequence->slot);
    for (const SwapId page : sequence->swapped) swap_.release(page);
  }
  for (const SequencePtr& sequence : preempted_) {
    for (const SwapId page : sequence->swapped) swap_.release(page);
  }
  active_.clear();
  preempted_.clear();
  waiting_.clear();
  prefixes_.clear();
  predictor_.clear();
  swap_.next_plan();
  refreshed_at_ = -1;
  longest_limit_ = 0;
  dry_ = short_of_pages_ = false;
  stopped_slots_.clear();
  free_slots_.clear();
  for (SlotId slot = limits_.slots - 1; slot >= 0; --slot) free_slots_.push_back(slot);
  stats_.running = stats_.waiting = 0;
  return plan;
}

void Scheduler::check_integrity() const {
  std::vector<int> holders(static_cast<std::size_t>(pages_.total()));
  std::vector<int> slots(static_cast<std::size_t>(limits_.slots));
  for (const Prefix& prefix : prefixes_.prefixes()) {
    for (const PageId page : prefix.pages) ++holders.at(static_cast<std::size_t>(page));
    QUORUM_CHECK(prefix.filled <= static_cast<int>(prefix.pages.size()) * limits_.page_tokens);
    QUORUM_CHECK(prefix.users > 0 || !prefix.pages.empty(), "an empty prefix is kept");
    const auto users = std::count_if(active_.begin(), active_.end(), [&](const auto& sequence) {
      return sequence->prefix == &prefix;
    });
    QUORUM_CHECK(prefix.users == users);
  }
  std::vector<int> swapped(static_cast<std::size_t>(swap_.total()));
  for (const SequencePtr& sequence : active_) {
    for (const PageId page : sequence->pages) ++holders.at(static_cast<std::size_t>(page));
    for (const SwapId page : sequence->swapped) ++swapped.at(static_cast<std::size_t>(page));
    ++slots.at(static_cast<std::size_t>(sequence->slot));
    QUORUM_CHECK(sequence->started == (sequence->prefix == nullptr));
    QUORUM_CHECK(static_cast<int>(sequence->pages.size()) <= worst_pages(*sequence));
    QUORUM_CHECK(!sequence->started ||
                 static_cast<int>(sequence->pages.size()) >=
                     pages_for(sequence->prefix_length + sequence->planned_rows));
    QUORUM_CHECK(sequence->started || sequence->pending_rows == 0);
    QUORUM_CHECK(!sequence->started || !sequence->swapped_out);
    QUORUM_CHECK(!sequence->done);
  }
  for (const SequencePtr& sequence : preempted_) {
    for (const SwapId page : sequence->swapped) ++swapped.at(static_cast<std::size_t>(page));
    QUORUM_CHECK(!sequence->started && !sequence->done && sequence->slot < 0);
    QUORUM_CHECK(sequence->pages.empty() && sequence->prefix == nullptr);
    QUORUM_CHECK(sequence->swapped_out || sequence->planned_rows == 0);
  }
  for (const auto& list : {std::vector(active_), std::vector(preempted_.begin(), preempted_.end())})
    for (const SequencePtr& sequence : list) {
      const int own = pages_for(sequence->prefix_length + sequence->planned_rows) -
                      full_prefix_pages(*sequence);
      QUORUM_CHECK(!sequence->swapped_out || static_cast<int>(sequence->swapped.size()) >= own);
      QUORUM_CHECK(sequence->swapped_out || sequence->swapped.empty());
      QUORUM_CHECK(sequence->pending_rows + static_cast<int>(sequence->tokens.size()) ==
                   sequence->planned_rows);
    }
  pages_.check_integrity(holders);
  swap_.check_integrity(swapped);
  for (const auto* list : {&free_slots_, &ended_slots_, &stopped_slots_}) {
    for (const SlotId slot : *list) ++slots.at(static_cast<std::size_t>(slot));
  }
  for (const int count : slots) QUORUM_CHECK(count == 1, "each slot is free, busy, or being freed");
}

}  // namespace quorum
