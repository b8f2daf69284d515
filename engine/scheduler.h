// Turns requests into step plans, and the tokens of steps into completions. Pure host logic: no
// clock, no thread.
//
// Sequences are served in the order in which they came. Each step gives every running sequence one
// decode row, fills prefixes of prompts in chunks, and admits waiting sequences while slots and
// pages last. When pages run out, unused prefixes go first; then the newest sequence is preempted:
// it loses its pages, waits at the front of the queue, and starts again from its first token. The
// oldest sequence is never preempted, so every pool that holds one sequence makes progress.
//
// Plans may run ahead of their tokens (Backend::lag): a sequence can have ended in a step that is
// not collected yet. Rows planned for it meanwhile are wasted, their tokens ignored, and its pages
// rest until those steps are collected.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "engine/kv_pages.h"
#include "engine/prefix_cache.h"

namespace quorum {

// The request's max_tokens, cut to the context. Throws Error(kUsage) when the prompt leaves no room
// for a token, or when the page pool cannot hold the whole sequence alone.
int token_limit(const BackendLimits& limits, const EngineRequest& request);

class Scheduler {
 public:
  explicit Scheduler(const BackendLimits& limits);

  // Whether to add a request now: there is a slot to fill, or the look-ahead that finds siblings is
  // short.
  bool wants_request() const;
  // Puts a request at the end of the queue. Throws as token_limit does.
  void add(EngineRequest request);

  // The next step, to be enqueued as it is unless it is empty. Empty: nothing to do before a step
  // is collected. `now`: seconds on any clock.
  StepPlan plan(double now);
  // The events of the oldest step not yet taken; gives what they finish. The observer sees each
  // token of a request once.
  std::vector<EngineCompletion> take(std::span<const TokenEvent> events, double now,
                                     const Engine::TokenObserver& observer = {});

  // Nothing waits, runs, or is still to be taken.
  bool idle() const { return waiting_.empty() && active_.empty() && pending_.empty(); }
  // Drops every sequence and prefix; the plan frees the slots. Precondition: the backend has no
  // pending step; the events of steps that were not taken are lost.
  StepPlan abandon();

  const EngineStats& stats() const { return stats_; }
  int free_pages() const { return pages_.free(); }
  // Throws an internal Error when pages, slots and sequences do not agree. For tests: it looks at
  // everything.
  void check_integrity() const;

 private:
  struct Sequence {
    EngineRequest request;
    int prefix_length = 0;
    int max_tokens = 0;
    bool started = false;         // has a SlotStart
    SlotId slot = -1;             // -1: none, or its stop is planned
    Prefix* prefix = nullptr;     // from admission to start
    std::vector<PageId> pages;    // its table; it is one of the holders of each
    int planned_rows = 0;         // since it started
    std::int64_t last_step = -1;  // the newest step that uses its pages
    int attempt = 0;              // preemptions so far: rows of an earlier attempt are ignored
    bool done = false;            // completed: rows still pending are ignored
    std::vector<TokenId> tokens;
    double logprob_sum = 0;
    std::size_t observed = 0;     // tokens that the observer has seen, in all attempts
    std::size_t lost_tokens = 0;  // at the last preemption
    double admitted_at = -1;
  };
  using SequencePtr = std::shared_ptr<Sequence>;
  struct Row {
    SequencePtr sequence;
    int attempt = 0;
    SlotId slot = 0;
  };
  using PendingStep = std::vector<Row>;

  int pages_for(int positions) const;
  int worst_pages(const Sequence& sequence) const;
  int reserve() const;
  bool admit(double now);
  void advance(std::size_t index, StepPlan& plan);
  bool start(std::size_t index, StepPlan& plan);
  bool fill_prefix(std::size_t index, StepPlan& plan);
  bool has_siblings(const Sequence& sequence) const;
  std::optional<PageId> page_for(std::size_t index, StepPlan& plan);
  void preempt_newest(StepPlan& plan);
  void release_pages(Sequence& sequence);
  EngineCompletion complete(Sequence& sequence, SequenceEnd end, double now);

  BackendLimits limits_;
  KvPages pages_;
  PrefixCache prefixes_;
  std::deque<SequencePtr> waiting_;
  std::vector<SequencePtr> active_;  // admitted, oldest first
  std::deque<PendingStep> pending_;  // planned steps that are not taken, oldest first
  std::vector<SlotId> free_slots_;
  std::vector<SlotId> ended_slots_;    // their stop goes into the next plan
  std::vector<SlotId> stopped_slots_;  // stopped by the newest plan: free from the next one on
  std::int64_t next_step_ = 0;
  int prefill_budget_ = 0;  // of the plan in the making
  int claims_ = 0;          // pages that sequences of this plan wait for
  bool short_of_pages_ = false;
  EngineStats stats_;
};

}  // namespace quorum
