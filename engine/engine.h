// Continuous batching over one pool of requests: the only way in for generation.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/backend.h"

namespace quorum {

// One sample to draw. Requests with the same `prompt` pointer are siblings and share the prompt's
// pages while they overlap.
struct EngineRequest {
  std::uint64_t id = 0;                                // the caller's
  std::shared_ptr<const std::vector<TokenId>> prompt;  // not empty
  SamplingParams sampling;
  std::uint64_t sample_key = 0;
  int max_tokens = 0;  // at least 1; cut to what the context leaves
  std::vector<TokenId> stop_ids;
  std::int32_t block = 0;  // requests of lower blocks are admitted first
  // What the scheduler may expect at most; 0: max_tokens. For workloads that imitate stop tokens by
  // max_tokens, so that they do not give lengths away.
  int expected_limit = 0;
};

struct EngineCompletion {
  std::uint64_t id = 0;
  std::vector<TokenId> tokens;  // the stop token included
  double logprob_sum = 0;
  SequenceEnd end = SequenceEnd::kNone;  // kStop or kLength
  double seconds = 0;                    // from admission to the last token, preemptions included
  int preemptions = 0;
};

struct EngineStats {
  std::int64_t steps = 0, decode_rows = 0, prefill_tokens = 0, generated_tokens = 0,
               preemptions = 0;
  std::int64_t swaps_out = 0, swaps_in = 0;  // sequences; preemptions without a swap are restarts
  // Slots without a decode row, summed over steps; and the part of it while requests waited, which
  // pages were short for or whose prompts were being filled in.
  std::int64_t slot_steps_empty = 0, slot_steps_held_back = 0;
  double seconds = 0;  // inside run()
  int running = 0, waiting = 0;
  int slots = 0;

  // The part of the slots that had a decode row, in the mean over steps.
  double mean_occupancy() const {
    return steps > 0 && slots > 0
               ? static_cast<double>(decode_rows) / static_cast<double>(steps) / slots
               : 0.0;
  }
};

class Engine {
 public:
  // Pulls the next request; nullopt: there are no more.
  using Source = std::function<std::optional<EngineRequest>()>;
  // Takes a finished sample; may block (that is the back-pressure). Called from the thread that
  // called run().
  using Sink = std::function<void(EngineCompletion)>;
  // Sees each token as it is made; for streaming. May be empty.
  using TokenObserver = std::function<void(std::uint64_t id, const SampledToken&)>;

  // Borrows the backend.
  explicit Engine(Backend& backend);
  ~Engine();

  // Runs until the source is dry and all samples are finished, or until a stop is requested
  // (unfinished samples are then dropped). Requests that can never fit (prompt beyond the context
  // or the page pool) throw Error(kUsage) before they run.
  void run(const Source& source, const Sink& sink, std::stop_token stop,
           const TokenObserver& observer = {});

  // Over all runs so far, at most one step old. May be called from any thread.
  EngineStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quorum
