// The scheduler's part that gives each active sequence its share of a step.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engine/scheduler.h"

namespace quorum {

// Gives an active sequence its part of the step: a chunk of its prefix, its start, a decode row.
void Scheduler::advance(std::size_t index, StepPlan& plan) {
  Sequence& sequence = *active_[index];
  if (!sequence.started) {
    if (!fill_prefix(index, plan)) return;
    if (!(sequence.swapped_out ? resume(index, plan) : start(index, plan))) return;
  }
  if (sequence.planned_rows == sequence.max_tokens) return;
  const int position = sequence.prefix_length + sequence.planned_rows;
  if (static_cast<int>(sequence.pages.size()) * limits_.page_tokens <= position) {
    const std::optional<PageId> page = page_for(index, plan);
    if (!page) return;
    sequence.pages.push_back(*page);
    plan.grants.push_back({sequence.slot, *page});
  }
  ++sequence.planned_rows;
  ++sequence.pending_rows;
  sequence.last_step = next_step_;
  plan.decodes.push_back({sequence.slot, 1});
  pending_.back().push_back({active_[index], sequence.attempt, sequence.slot});
}

// True when what the sequence needs of its prefix is filled by this step or earlier ones: all of
// it, but of a swapped sequence, which has a tail of its own, the full pages alone.
bool Scheduler::fill_prefix(std::size_t index, StepPlan& plan) {
  const Sequence& sequence = *active_[index];
  Prefix& prefix = *sequence.prefix;
  const int wanted =
      sequence.swapped_out ? full_prefix_pages(sequence) * limits_.page_tokens : prefix.length;
  if (prefix.filled >= wanted) return true;
  if (prefill_budget_ == 0) return false;
  while (static_cast<int>(prefix.pages.size()) < pages_for(wanted)) {
    const std::optional<PageId> page = page_for(index, plan);
    if (!page) return false;
    prefix.pages.push_back(*page);
  }
  const int count = std::min(prefill_budget_, wanted - prefix.filled);
  const auto first = prefix.prompt->begin() + prefix.filled;
  plan.prefills.push_back({prefix.pages, prefix.filled, {first, first + count}});
  prefill_budget_ -= count;
  prefix.filled += count;
  prefix.fill_step = prefix.last_step = next_step_;
  return prefix.filled == wanted;
}

// Starts a sequence on its filled prefix. False: the tail has to be copied, which only the next
// step can do.
bool Scheduler::start(std::size_t index, StepPlan& plan) {
  Sequence& sequence = *active_[index];
  Prefix& prefix = *sequence.prefix;
  const int tail = prefix.length % limits_.page_tokens;
  bool copy = tail > 0 && has_siblings(sequence);
  if (copy && prefix.fill_step == next_step_) return false;
  if (copy && pages_.free() == 0) prefixes_.evict_one();
  copy = copy && pages_.free() > 0;

  const auto full = prefix.pages.begin() + prefix.length / limits_.page_tokens;
  sequence.pages.assign(prefix.pages.begin(), full);
  for (const PageId page : sequence.pages) pages_.share(page);
  if (copy) {
    const PageId page = pages_.take();
    plan.copies.push_back({prefix.pages.back(), page, tail});
    sequence.pages.push_back(page);
    prefix.last_step = next_step_;
  } else if (tail > 0) {
    sequence.pages.push_back(prefixes_.hand_over_tail(prefix));
  }
  begin(sequence, plan);
  return true;
}

// Starts a preempted sequence on its filled prefix and the pages that were swapped out. False: some
// pages are still missing. Alone it gets them all, though the cache may hold a tail of its prompt
// beside its own: the older sequence that it was preempted for held a page as well.
bool Scheduler::resume(std::size_t index, StepPlan& plan) {
  Sequence& sequence = *active_[index];
  Prefix& prefix = *sequence.prefix;
  while (sequence.pages.size() < sequence.swapped.size()) {
    const std::optional<PageId> page = page_for(index, plan);
    if (!page) return false;
    sequence.pages.push_back(*page);
  }
  for (std::size_t i = 0; i < sequence.swapped.size(); ++i) {
    plan.swap_ins.push_back({sequence.swapped[i], sequence.pages[i]});
    swap_.release_after_plan(sequence.swapped[i]);
  }
  sequence.swapped.clear();
  sequence.swapped_out = false;
  const auto full = prefix.pages.begin() + full_prefix_pages(sequence);
  for (auto page = prefix.pages.begin(); page != full; ++page) pages_.share(*page);
  sequence.pages.insert(sequence.pages.begin(), prefix.pages.begin(), full);
  ++stats_.swaps_in;
  begin(sequence, plan);
  return true;
}

// Plans the start of a sequence whose table is complete.
void Scheduler::begin(Sequence& sequence, StepPlan& plan) {
  prefixes_.leave(*std::exchange(sequence.prefix, nullptr));
  const EngineRequest& request = sequence.request;
  const int generated = sequence.planned_rows;
  QUORUM_CHECK(sequence.tokens.size() == static_cast<std::size_t>(generated));
  plan.starts.push_back({sequence.slot, sequence.pages, sequence.prefix_length + generated,
                         generated > 0 ? sequence.tokens.back() : request.prompt->back(),
                         request.sampling, request.sample_key, sequence.max_tokens,
                         request.stop_ids, generated});
  sequence.started = true;
  sequence.last_step = next_step_;
}

bool Scheduler::has_siblings(const Sequence& sequence) const {
  const Prompt& prompt = sequence.request.prompt;
  return sequence.prefix->users > 1 || waiting_.has(prompt) ||
         std::any_of(preempted_.begin(), preempted_.end(), [&](const SequencePtr& other) {
           return !other->swapped_out && other->request.prompt == prompt;
         });
}

// A page for an active sequence: a free one, or an unused prefix's, or the newest sequence's.
// Nothing: it has to wait for a step to be collected, or, being the newest, for another sequence to
// end.
std::optional<PageId> Scheduler::page_for(std::size_t index, StepPlan& plan) {
  for (;;) {
    if (pages_.free() > 0) return pages_.take();
    if (pages_.coming() <= claims_ && prefixes_.evict_one()) continue;
    short_of_pages_ = true;
    if (pages_.coming() > claims_) {
      ++claims_;
      return std::nullopt;
    }
    if (index + 1 == active_.size()) return std::nullopt;
    preempt_newest(plan);
  }
}

void Scheduler::preempt_newest(StepPlan& plan) {
  const SequencePtr sequence = std::move(active_.back());
  active_.pop_back();
  QUORUM_CHECK(sequence->last_step < next_step_, "a sequence with a part in the step is preempted");
  if (sequence->prefix != nullptr) prefixes_.leave(*std::exchange(sequence->prefix, nullptr));
  if (sequence->started) {
    plan.stops.push_back(sequence->slot);
    ++sequence->preemptions;
    ++stats_.preemptions;
    const int own = static_cast<int>(sequence->pages.size()) - full_prefix_pages(*sequence);
    if (own <= swap_.free()) {
      swap_out(*sequence, plan);
    } else {
      lose_tokens(*sequence);
    }
  } else {
    free_slots_.push_back(sequence->slot);
  }
  release_pages(*sequence);
  sequence->slot = -1;
  sequence->started = false;
  preempted_.push_front(sequence);
}

// The pages beyond the full ones of the prefix, which the sequence holds alone, go to the host: the
// step's first act, so they are free for the rest of it.
void Scheduler::swap_out(Sequence& sequence, StepPlan& plan) {
  const auto own = sequence.pages.begin() + full_prefix_pages(sequence);
  for (auto page = own; page != sequence.pages.end(); ++page) {
    QUORUM_CHECK(pages_.holders(*page) == 1, "a sequence's own page is shared");
    sequence.swapped.push_back(swap_.take());
    plan.swap_outs.push_back({*page, sequence.swapped.back()});
    pages_.release(*page, -1);
  }
  sequence.pages.erase(own, sequence.pages.end());
  sequence.swapped_out = true;
  ++stats_.swaps_out;
}

void Scheduler::lose_tokens(Sequence& sequence) {
  ++sequence.attempt;
  sequence.lost_tokens = static_cast<std::size_t>(sequence.planned_rows);
  sequence.planned_rows = sequence.pending_rows = 0;
  sequence.tokens.clear();
  sequence.logprob_sum = 0;
}

void Scheduler::release_pages(Sequence& sequence) {
  for (const PageId page : sequence.pages) pages_.release(page, sequence.last_step);
  sequence.pages.clear();
}

}  // namespace quorum
