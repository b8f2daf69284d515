// How fast the engine is on a workload, with what is needed to hold it against the machine's
// limits.
#pragma once

#include <cstdint>

#include "engine/backend.h"
#include "engine/engine.h"
#include "engine/perf_workload.h"
#include "engine/step_counter.h"

namespace quorum {

struct EnginePerf {
  bool predicted = false;  // not run: what is not known then is zero
  int sequences = 0;
  std::int64_t tokens = 0;          // new tokens: those of the workload
  std::int64_t prefill_tokens = 0;  // prompt tokens computed; siblings share them
  double seconds = 0;
  double tokens_per_second = 0;
  double decode_rows_per_step = 0;  // mean
  double occupancy = 0;             // of the slots, mean
  int preemptions = 0;
  std::int64_t swaps_out = 0, swaps_in = 0;  // sequences; other preemptions are restarts
  // The work that the samples need at least: matrix products and attention of each new token, and
  // of each prompt once.
  double flop = 0;
  double flop_per_second = 0;
  StepCounts steps;
};

// Draws the workload's samples to their exact lengths. `spec`: of the checkpoint that the backend
// holds. Throws Error(kUsage) when the context, the vocabulary or the KV memory is too small for
// the workload.
EnginePerf measure_engine(Backend& backend, const DecoderSpec& spec, const PerfWorkload& work);

// What measure_engine() would give, as far as it is known without running anything: the samples
// and their steps, not their time. Throws Error(kUsage) as that does, and where samples would have
// to wait for KV memory, since nothing here knows how long.
EnginePerf predict_engine(const Backend& backend, const DecoderSpec& spec,
                          const PerfWorkload& work);

// Floating-point operations (a multiply-add is two) of tokens at positions [begin, end): matrix
// products and attention; `sampled`: with lm_head.
double forward_flop(const DecoderSpec& spec, std::int64_t begin, std::int64_t end, bool sampled);

}  // namespace quorum
