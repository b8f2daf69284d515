// Where the time of a decode step goes, for `quorum perf`.
#pragma once

namespace quorum {

// Seconds on the device, medians over repetitions of one decode step whose rows all have the same
// context. The parts are timed one kernel after the other; `total_s` is the step as generation runs
// it (a CUDA graph), so that the difference is what gaps cost or overlap saves.
struct StepProfile {
  int rows = 0;     // decode rows
  int context = 0;  // KV positions that each row reads
  double products_s = 0, attention_s = 0, sampling_s = 0, other_s = 0;
  double total_s = 0;
  int attention_beside = 0;  // multiprocessors for attention beside products; 0: not beside
};

}  // namespace quorum
