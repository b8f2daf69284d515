#include "engine/scheduler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "base/error.h"

namespace quorum {

namespace {

// Requests that are at hand at least beyond those that can start, and that the look-ahead grows by
// in a plan: a prompt's samples of one block.
constexpr std::size_t kSiblings = 8;
// Steps after which lengths are predicted again though nothing finished.
constexpr std::int64_t kRefreshSteps = 32;

int ceil_div(int a, int b) { return a / b + (a % b != 0 ? 1 : 0); }

}  // namespace

int token_limit(const BackendLimits& limits, const EngineRequest& request) {
  QUORUM_CHECK(request.prompt != nullptr);
  if (request.prompt->empty()) {
    throw Error(ErrorKind::kUsage, "the prompt is empty",
                "a sample needs at least one prompt token");
  }
  if (request.max_tokens < 1) {
    throw Error(ErrorKind::kUsage, "--max-tokens must be at least 1");
  }
  const auto context = static_cast<std::size_t>(limits.max_positions);
  if (request.prompt->size() >= context) {
    throw Error(ErrorKind::kUsage, "the prompt does not fit the model's context",
                "it has " + std::to_string(request.prompt->size()) + " tokens of at most " +
                    std::to_string(context) + ", and an answer needs at least one",
                "leave the query out (--ids), or take a model with a longer context");
  }
  const int prompt = static_cast<int>(request.prompt->size());
  const int tokens = std::min(request.max_tokens, limits.max_positions - prompt);
  const int needed = ceil_div(prompt - 1 + tokens, limits.page_tokens);
  if (needed > limits.pages) {
    const int tenths = ceil_div(10 * needed, limits.pages);
    throw Error(ErrorKind::kUsage, "the KV memory does not hold one whole sample",
                std::to_string(prompt) + " prompt tokens and up to " + std::to_string(tokens) +
                    " new ones need " + std::to_string(needed) + " pages of " +
                    std::to_string(limits.page_tokens) +
                    " tokens; available: " + std::to_string(limits.pages),
                "set --kv-memory to at least " + std::to_string(tenths / 10) + "." +
                    std::to_string(tenths % 10) + " times what it is, or lower --max-tokens");
  }
  return tokens;
}

Scheduler::Scheduler(const BackendLimits& limits)
    : limits_(limits),
      pages_(limits.pages),
      swap_(limits.swap_pages),
      prefixes_(pages_, limits.page_tokens) {
  QUORUM_CHECK(limits.slots > 0 && limits.page_tokens > 0 && limits.prefill_tokens > 0);
  for (SlotId slot = limits.slots - 1; slot >= 0; --slot) free_slots_.push_back(slot);
  stats_.slots = limits.slots;
}

bool Scheduler::wants_request() const {
  const std::size_t startable = short_of_pages_ ? 0 : free_slots_.size() + stopped_slots_.size();
  if (waiting() < startable + kSiblings) return true;
  return waiting() < startable + kLookAhead && added_ < kSiblings;
}

void Scheduler::add(EngineRequest request) {
  auto sequence = std::make_shared<Sequence>();
  sequence->max_tokens = token_limit(limits_, request);
  sequence->prefix_length = static_cast<int>(request.prompt->size()) - 1;
  sequence->lengths = &predictor_.of(request.prompt);
  sequence->request = std::move(request);
  int& expected = sequence->request.expected_limit;
  expected = std::min(expected, limits_.max_positions - sequence->prefix_length - 1);
  outlived_ = std::fmod(outlived_ + std::numbers::phi, 1);
  sequence->outlives = outlived_;
  longest_limit_ = std::max(longest_limit_, sequence->limit());
  waiting_.add(std::move(sequence));
  ++added_;
  stats_.waiting = static_cast<int>(waiting());
}

StepPlan Scheduler::plan(double now) {
  StepPlan plan;
  pending_.push_back({});
  pending_.back().reserve(active_.size());
  plan.decodes.reserve(active_.size());
  prefill_budget_ = limits_.prefill_tokens;
  claims_ = 0;
  added_ = 0;
  forecast_is_made_ = false;
  short_of_pages_ = false;
  swap_.next_plan();
  free_slots_.insert(free_slots_.end(), stopped_slots_.begin(), stopped_slots_.end());
  plan.stops = std::exchange(ended_slots_, {});

  for (std::size_t index = 0; index < active_.size() || admit(now); ++index) advance(index, plan);
  std::erase_if(active_, [&](const SequencePtr& sequence) {
    if (sequence->planned_rows < sequence->max_tokens) return false;
    plan.stops.push_back(std::exchange(sequence->slot, -1));
    release_pages(*sequence);
    return true;
  });

  stopped_slots_ = plan.stops;
  stats_.running = static_cast<int>(active_.size());
  stats_.waiting = static_cast<int>(waiting());
  if (plan.empty()) {
    pending_.pop_back();
    return plan;
  }
  ++next_step_;
  count(plan);
  return plan;
}

void Scheduler::count(const StepPlan& plan) {
  const auto rows = static_cast<std::int64_t>(plan.decodes.size());
  stats_.decode_rows += rows;
  for (const PrefillChunk& chunk : plan.prefills) {
    stats_.prefill_tokens += static_cast<std::int64_t>(chunk.tokens.size());
  }
  if (plan.decodes.empty() && plan.prefills.empty()) return;
  ++stats_.steps;
  stats_.slot_steps_empty += limits_.slots - rows;
  if (waiting() > 0) stats_.slot_steps_held_back += limits_.slots - rows;
}

// Moves the next sequence to the active ones if there is a slot and room for it.
bool Scheduler::admit(double now) {
  if (waiting() == 0 || free_slots_.empty() || short_of_pages_) return false;
  forecast_active();
  const bool near_end = dry_ && waiting_.size() < static_cast<std::size_t>(limits_.slots);
  const bool comes_back = !preempted_.empty();
  const SequencePtr sequence =
      comes_back ? preempted_.front() : waiting_.next(predictor_, near_end);
  if (sequence->swapped_out && sequence->pending_rows > 0) return false;

  Prefix& prefix = prefixes_.use(sequence->request.prompt);
  const PageGrowth growth = growth_to(
      predictor_.expected(*sequence->lengths, sequence->reached(), sequence->limit()), *sequence);
  if (!active_.empty() && !has_room_for(*sequence, prefix, growth)) {
    prefixes_.leave(prefix);
    short_of_pages_ = true;
    return false;
  }
  forecast_.admit(growth);
  sequence->prefix = &prefix;
  sequence->slot = free_slots_.back();
  free_slots_.pop_back();
  if (sequence->admitted_at < 0) sequence->admitted_at = now;
  if (comes_back) {
    preempted_.pop_front();
  } else {
    waiting_.pop();
  }
  active_.push_back(sequence);
  return true;
}

// Whether a sequence can start now, and is expected to end before pages run out.
bool Scheduler::has_room_for(const Sequence& sequence, const Prefix& prefix,
                             const PageGrowth& growth) {
  const int resident = static_cast<int>(prefix.pages.size());
  int wanted = 0;
  if (sequence.swapped_out) {
    wanted = std::max(0, full_prefix_pages(sequence) - resident) +
             static_cast<int>(sequence.swapped.size()) + 1;
  } else {
    // A sequence that lost its tokens comes back when it can pass the point that it had reached.
    const int lost = static_cast<int>(sequence.lost_tokens);
    const int goal = sequence.prefix_length + std::min(lost + 1, sequence.max_tokens);
    wanted = pages_for(goal) + (lost > 0 ? 1 : 0) - resident;
  }
  while (pages_.free() + pages_.coming() < wanted && prefixes_.evict_one()) {
  }
  return pages_.free() >= wanted && forecast_.fits(growth, limits_.pages - shared_pages());
}

// Each active sequence is taken to outlive another part of those that are as long as it is now, so
// that together they end as the distribution of lengths says: with one expected length for all they
// would seem to grow on together.
void Scheduler::forecast_active() {
  if (std::exchange(forecast_is_made_, true)) return;
  if (refreshed_at_ < 0 || next_step_ >= refreshed_at_ + kRefreshSteps) {
    running_.clear();
    for (const SequencePtr& sequence : active_) {
      running_.push_back({sequence->lengths, sequence->reached()});
    }
    for (const SequencePtr& sequence : preempted_) {
      running_.push_back({sequence->lengths, sequence->reached()});
    }
    predictor_.refresh(running_, longest_limit_);
    refreshed_at_ = next_step_;
  }
  forecast_.clear();
  for (const SequencePtr& sequence : active_) {
    const int length = predictor_.quantile(*sequence->lengths, sequence->reached(),
                                           sequence->limit(), sequence->outlives);
    forecast_.add(growth_to(length, *sequence));
  }
  forecast_.settle();
}

PageGrowth Scheduler::growth_to(int length, const Sequence& sequence) const {
  const int shared = full_prefix_pages(sequence);
  PageGrowth growth;
  growth.now = pages_for(sequence.prefix_length + sequence.planned_rows) - shared;
  growth.last = std::max(growth.now, pages_for(sequence.prefix_length + length) - shared);
  growth.units = ceil_div(std::max(0, length - sequence.planned_rows), limits_.page_tokens);
  return growth;
}

// Pages that prefixes hold or will hold, and that cannot be evicted as long as their users run.
int Scheduler::shared_pages() const {
  int count = 0;
  for (const Prefix& prefix : prefixes_.prefixes()) {
    const int full = prefix.length / limits_.page_tokens;
    if (prefix.users > 0) {
      count += std::max(full, static_cast<int>(prefix.pages.size()));
    } else if (!prefix.pages.empty() && pages_.holders(prefix.pages.front()) > 1) {
      count += full;
    }
  }
  return count;
}

int Scheduler::pages_for(int positions) const { return ceil_div(positions, limits_.page_tokens); }

int Scheduler::worst_pages(const Sequence& sequence) const {
  return pages_for(sequence.prefix_length + sequence.max_tokens);
}

int Scheduler::full_prefix_pages(const Sequence& sequence) const {
  return sequence.prefix_length / limits_.page_tokens;
}

}  // namespace quorum
