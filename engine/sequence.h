// What the scheduler knows of one request.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/engine.h"
#include "engine/length_predictor.h"
#include "engine/prefix_cache.h"

namespace quorum {

// It waits (waiting queue), is admitted (from there on it has a slot, fills its prefix, starts, and
// runs), and may be preempted: then it waits with its pages swapped out, or without any tokens.
struct Sequence {
  EngineRequest request;
  int prefix_length = 0;  // the prompt's length - 1
  int max_tokens = 0;     // cut to the context
  LengthPredictor::PromptLengths* lengths = nullptr;
  double outlives = 0;  // the part of the samples like it that forecasts let it outlive

  bool started = false;         // has a SlotStart
  SlotId slot = -1;             // -1: none, or its stop is planned
  Prefix* prefix = nullptr;     // from admission to start
  std::vector<PageId> pages;    // its table (before a resumed one starts: what replaces `swapped`);
                                // it is one of the holders of each
  int planned_rows = 0;         // since it started from the prompt
  int pending_rows = 0;         // of these, the ones not taken
  std::int64_t last_step = -1;  // the newest step that uses its pages
  bool swapped_out = false;     // from preemption to the next start
  std::vector<SwapId> swapped;  // its own pages in swap space, in the order of the table
  int attempt = 0;              // restarts so far: rows of an earlier attempt are ignored
  int preemptions = 0;
  bool done = false;  // completed: rows still pending are ignored
  std::vector<TokenId> tokens;
  double logprob_sum = 0;
  std::size_t observed = 0;     // tokens that the observer has seen, in all attempts
  std::size_t lost_tokens = 0;  // at the last preemption that lost them
  double admitted_at = -1;

  // Tokens that the sequence is known to have, whether or not it still has them.
  int reached() const { return std::max(planned_rows, static_cast<int>(lost_tokens)); }
  // The longest that predictions may take it for.
  int limit() const {
    return request.expected_limit > reached() ? request.expected_limit : max_tokens;
  }
};
using SequencePtr = std::shared_ptr<Sequence>;

}  // namespace quorum
