#include "engine/scheduler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"

namespace quorum {

namespace {

// Requests held beyond those that can start now: one block of siblings.
constexpr std::size_t kLookAhead = 8;

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
    : limits_(limits), pages_(limits.pages), prefixes_(pages_, limits.page_tokens) {
  QUORUM_CHECK(limits.slots > 0 && limits.page_tokens > 0 && limits.prefill_tokens > 0);
  for (SlotId slot = limits.slots - 1; slot >= 0; --slot) free_slots_.push_back(slot);
  stats_.slots = limits.slots;
}

bool Scheduler::wants_request() const {
  const std::size_t startable = short_of_pages_ ? 0 : free_slots_.size() + stopped_slots_.size();
  return waiting_.size() < startable + kLookAhead;
}

void Scheduler::add(EngineRequest request) {
  auto sequence = std::make_shared<Sequence>();
  sequence->max_tokens = token_limit(limits_, request);
  sequence->prefix_length = static_cast<int>(request.prompt->size()) - 1;
  sequence->request = std::move(request);
  waiting_.push_back(std::move(sequence));
  stats_.waiting = static_cast<int>(waiting_.size());
}

StepPlan Scheduler::plan(double now) {
  StepPlan plan;
  pending_.push_back({});
  prefill_budget_ = limits_.prefill_tokens;
  claims_ = 0;
  short_of_pages_ = false;
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
  stats_.waiting = static_cast<int>(waiting_.size());
  if (plan.empty()) {
    pending_.pop_back();
    return plan;
  }
  ++next_step_;
  stats_.decode_rows += static_cast<std::int64_t>(plan.decodes.size());
  for (const PrefillChunk& chunk : plan.prefills) {
    stats_.prefill_tokens += static_cast<std::int64_t>(chunk.tokens.size());
  }
  if (!plan.decodes.empty() || !plan.prefills.empty()) ++stats_.steps;
  return plan;
}

// Moves the queue's front to the active sequences if there is a slot and room for it to get
// somewhere.
bool Scheduler::admit(double now) {
  if (waiting_.empty() || free_slots_.empty() || short_of_pages_) return false;
  Sequence& sequence = *waiting_.front();
  Prefix& prefix = prefixes_.use(sequence.request.prompt);
  if (!active_.empty()) {
    // A preempted sequence comes back when it can pass the point that it had reached.
    const int goal = std::min(sequence.prefix_length + static_cast<int>(sequence.lost_tokens) + 1,
                              sequence.prefix_length + sequence.max_tokens);
    const int margin = sequence.lost_tokens > 0 ? 1 : 0;
    const int wanted = pages_for(goal) + margin - static_cast<int>(prefix.pages.size()) + reserve();
    while (pages_.free() + pages_.coming() < wanted && prefixes_.evict_one()) {
    }
    if (pages_.free() < wanted) {
      prefixes_.leave(prefix);
      short_of_pages_ = true;
      return false;
    }
  }
  sequence.prefix = &prefix;
  sequence.slot = free_slots_.back();
  free_slots_.pop_back();
  if (sequence.admitted_at < 0) sequence.admitted_at = now;
  active_.push_back(std::move(waiting_.front()));
  waiting_.pop_front();
  return true;
}

// Pages that the active sequences are likely to ask for next.
int Scheduler::reserve() const {
  int count = 0;
  for (const SequencePtr& sequence : active_) {
    const int held = static_cast<int>(
        (sequence->prefix != nullptr ? sequence->prefix->pages : sequence->pages).size());
    count += std::clamp(worst_pages(*sequence) - held, 0, sequence->started ? 1 : 2);
  }
  return count;
}

int Scheduler::pages_for(int positions) const { return ceil_div(positions, limits_.page_tokens); }

int Scheduler::worst_pages(const Sequence& sequence) const {
  return pages_for(sequence.prefix_length + sequence.max_tokens);
}

// Gives an active sequence its part of the step: a chunk of its prefix, its start, a decode row.
void Scheduler::advance(std::size_t index, StepPlan& plan) {
  Sequence& sequence = *active_[index];
  if (!sequence.started && !(fill_prefix(index, plan) && start(index, plan))) return;
  if (sequence.planned_rows == sequence.max_tokens) return;
  const int position = sequence.prefix_length + sequence.planned_rows;
  if (static_cast<int>(sequence.pages.size()) * limits_.page_tokens <= position) {
    const std::optional<PageId> page = page_for(index, plan);
    if (!page) return;
    sequence.pages.push_back(*page);
    plan.grants.push_back({sequence.slot, *page});
  }
  ++sequence.planned_rows;
  sequence.last_step = next_step_;
  plan.decodes.push_back({sequence.slot, 1});
  pending_.back().push_back({active_[index], sequence.attempt, sequence.slot});
}

// True when the whole prefix is filled by this step or earlier ones.
bool Scheduler::fill_prefix(std::size_t index, StepPlan& plan) {
  Prefix& prefix = *active_[index]->prefix;
  if (prefix.filled == prefix.length) return true;
  if (prefill_budget_ == 0) return false;
  while (static_cast<int>(prefix.pages.size()) < pages_for(prefix.length)) {
    const std::optional<PageId> page = page_for(index, plan);
    if (!page) return false;
    prefix.pages.push_back(*page);
  }
  const int count = std::min(prefill_budget_, prefix.length - prefix.filled);
  const auto first = prefix.prompt->begin() + prefix.filled;
  plan.prefills.push_back({prefix.pages, prefix.filled, {first, first + count}});
  prefill_budget_ -= count;
  prefix.filled += count;
  prefix.fill_step = prefix.last_step = next_step_;
  return prefix.filled == prefix.length;
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
  prefixes_.leave(*std::exchange(sequence.prefix, nullptr));

  const EngineRequest& request = sequence.request;
  plan.starts.push_back({sequence.slot, sequence.pages, sequence.prefix_length,
                         request.prompt->back(), request.sampling, request.sample_key,
                         sequence.max_tokens, request.stop_ids});
  sequence.started = true;
  sequence.last_step = next_step_;
  return true;
}

bool Scheduler::has_siblings(const Sequence& sequence) const {
  return sequence.prefix->users > 1 ||
         std::any_of(waiting_.begin(), waiting_.end(), [&](const SequencePtr& other) {
           return other->request.prompt == sequence.request.prompt;
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
  if (sequence->prefix != nullptr) prefixes_.leave(*std::exchange(sequence->prefix, nullptr));
  release_pages(*sequence);
  if (sequence->started) {
    plan.stops.push_back(sequence->slot);
    ++sequence->attempt;
    ++stats_.preemptions;
    sequence->lost_tokens = static_cast<std::size_t>(sequence->planned_rows);
  } else {
    free_slots_.push_back(sequence->slot);
  }
  sequence->slot = -1;
  sequence->started = false;
  sequence->planned_rows = 0;
  sequence->tokens.clear();
  sequence->logprob_sum = 0;
  waiting_.push_front(sequence);
}

void Scheduler::release_pages(Sequence& sequence) {
  for (const PageId page : sequence.pages) pages_.release(page, sequence.last_step);
  sequence.pages.clear();
}

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
  if (sequence.slot >= 0) {
    ended_slots_.push_back(std::exchange(sequence.slot, -1));
    release_pages(sequence);
    std::erase_if(active_, [&](const SequencePtr& other) { return other.get() == &sequence; });
  }
  return {sequence.request.id,        std::move(sequence.tokens),
          sequence.logprob_sum,       end,
          now - sequence.admitted_at, sequence.attempt};
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
  }
  active_.clear();
  waiting_.clear();
  prefixes_.clear();
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
  for (const SequencePtr& sequence : active_) {
    for (const PageId page : sequence->pages) ++holders.at(static_cast<std::size_t>(page));
    ++slots.at(static_cast<std::size_t>(sequence->slot));
    QUORUM_CHECK(sequence->started == (sequence->prefix == nullptr));
    QUORUM_CHECK(static_cast<int>(sequence->pages.size()) <= worst_pages(*sequence));
    QUORUM_CHECK(!sequence->done);
  }
  pages_.check_integrity(holders);
  for (const auto* list : {&free_slots_, &ended_slots_, &stopped_slots_}) {
    for (const SlotId slot : *list) ++slots.at(static_cast<std::size_t>(slot));
  }
  for (const int count : slots) QUORUM_CHECK(count == 1, "each slot is free, busy, or being freed");
}

}  // namespace quorum
