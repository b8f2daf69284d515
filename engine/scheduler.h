// Turns requests into step plans, and the tokens of steps into completions. Pure host logic: no
// clock, no thread.
//
// Each step gives every running sequence one decode row, fills prefixes of prompts in chunks, and
// admits waiting sequences (see waiting_queue.h for their order) while there are slots and a
// forecast says that pages will last until the running ones have reached their expected lengths.
// Where that was wrong and pages run out, unused prefixes go first; then the newest sequence is
// preempted: its own pages are swapped out to the host, or, when there is no room for them, it
// loses its tokens. Before anything else is admitted it goes on from its swapped pages, or starts
// again from its first token. The oldest sequence is never preempted, so every pool that holds one
// sequence makes progress.
//
// Plans may run ahead of their tokens (Backend::lag): a sequence can have ended in a step that is
// not collected yet. Rows planned for it meanwhile are wasted, their tokens ignored, and its pages
// rest until those steps are collected. A swapped sequence goes on only after all its rows were
// taken, since its last token is the input of the next row.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "engine/kv_pages.h"
#include "engine/length_predictor.h"
#include "engine/page_forecast.h"
#include "engine/prefix_cache.h"
#include "engine/sequence.h"
#include "engine/swap_pool.h"
#include "engine/waiting_queue.h"

namespace quorum {

// The request's max_tokens, cut to the context. Throws Error(kUsage) when the prompt leaves no room
// for a token, or when the page pool cannot hold the whole sequence alone.
int token_limit(const BackendLimits& limits, const EngineRequest& request);

class Scheduler {
 public:
  // Requests that wait at most, beyond those that can start: a block of eight samples of 500
  // queries, so that its longest can go first.
  static constexpr std::size_t kLookAhead = 4096;

  explicit Scheduler(const BackendLimits& limits);

  // Whether to add a request now. The look-ahead grows by a few requests a plan, so that prompts
  // are encoded while the backend is busy.
  bool wants_request() const;
  // Throws as token_limit does.
  void add(EngineRequest request);
  // No request will be added until abandon(): the longest samples go first now, whatever their
  // block.
  void no_more_requests() { dry_ = true; }

  // The next step, to be enqueued as it is unless it is empty. Empty: nothing to do before a step
  // is collected. `now`: seconds on any clock.
  StepPlan plan(double now);
  // The events of the oldest step not yet taken; gives what they finish. The observer sees each
  // token of a request once.
  std::vector<EngineCompletion> take(std::span<const TokenEvent> events, double now,
                                     const Engine::TokenObserver& observer = {});

  // Nothing waits, runs, or is still to be taken.
  bool idle() const {
    return waiting_.empty() && preempted_.empty() && active_.empty() && pending_.empty();
  }
  // Drops every sequence, prefix and observed length; the plan frees the slots. Precondition: the
  // backend has no pending step; the events of steps that were not taken are lost.
  StepPlan abandon();

  const EngineStats& stats() const { return stats_; }
  int free_pages() const { return pages_.free(); }
  int free_swap_pages() const { return swap_.free(); }
  // Throws an internal Error when pages, swap pages, slots and sequences do not agree. For tests:
  // it looks at everything.
  void check_integrity() const;

 private:
  struct Row {
    SequencePtr sequence;
    int attempt = 0;
    SlotId slot = 0;
  };
  using PendingStep = std::vector<Row>;

  int pages_for(int positions) const;
  int worst_pages(const Sequence& sequence) const;
  int full_prefix_pages(const Sequence& sequence) const;
  std::size_t waiting() const { return waiting_.size() + preempted_.size(); }

  // Admission.
  bool admit(double now);
  bool has_room_for(const Sequence& sequence, const Prefix& prefix, const PageGrowth& growth);
  void forecast_active();
  PageGrowth growth_to(int length, const Sequence& sequence) const;
  int shared_pages() const;

  // An active sequence's part of a step.
  void advance(std::size_t index, StepPlan& plan);
  bool fill_prefix(std::size_t index, StepPlan& plan);
  bool start(std::size_t index, StepPlan& plan);
  bool resume(std::size_t index, StepPlan& plan);
  void begin(Sequence& sequence, StepPlan& plan);
  bool has_siblings(const Sequence& sequence) const;
  std::optional<PageId> page_for(std::size_t index, StepPlan& plan);
  void preempt_newest(StepPlan& plan);
  void swap_out(Sequence& sequence, StepPlan& plan);
  void lose_tokens(Sequence& sequence);
  void release_pages(Sequence& sequence);

  void count(const StepPlan& plan);
  EngineCompletion complete(Sequence& sequence, SequenceEnd end, double now);

  BackendLimits limits_;
  KvPages pages_;
  SwapPool swap_;
  PrefixCache prefixes_;
  LengthPredictor predictor_;
  PageForecast forecast_;
  WaitingQueue waiting_;
  std::deque<SequencePtr> preempted_;  // oldest first; all are newer than the active ones
  std::vector<SequencePtr> active_;    // admitted, oldest first
  std::deque<PendingStep> pending_;    // planned steps that are not taken, oldest first
  std::vector<SlotId> free_slots_;
  std::vector<SlotId> ended_slots_;    // their stop goes into the next plan
  std::vector<SlotId> stopped_slots_;  // stopped by the newest plan: free from the next one on
  std::vector<LengthPredictor::Running> running_;  // scratch
  std::int64_t next_step_ = 0;
  std::int64_t refreshed_at_ = -1;  // the step before which predictions were last made; -1: stale
  double outlived_ = 0;             // by the newest sequence
  int longest_limit_ = 0;           // of all requests
  int prefill_budget_ = 0;          // of the plan in the making
  int claims_ = 0;                  // pages that sequences of this plan wait for
  std::size_t added_ = 0;           // requests since the last plan
  bool forecast_is_made_ = false;   // for the plan in the making
  bool short_of_pages_ = false;
  bool dry_ = false;
  EngineStats stats_;
};

}  // namespace quorum
