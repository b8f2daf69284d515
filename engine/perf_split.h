// Where a run lost time against its roofline.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/backend.h"
#include "engine/roofline.h"
#include "engine/step_counter.h"

namespace quorum {

// At most `most` groups that stand for `counts`: neighbours in rows put together, about the same
// sum of weights in each. `weight`: of all steps with so many rows, above 0.
struct StepKind {
  std::int64_t steps = 0;
  double rows = 0, positions = 0;  // means a step
};
std::vector<StepKind> step_kinds(const StepCounts& counts, int most,
                                 const std::function<double(int, const StepGroup&)>& weight);

// A kind of steps, and one of its size as it was measured beside what it must cost at least.
struct ProfiledKind {
  StepKind kind;
  StepProfile seen;
  double ideal_products_s = 0, ideal_attention_s = 0;  // of the measured step
  double ideal_s() const { return ideal_products_s + ideal_attention_s; }
};

// Seconds over a whole run. The losses and the serial roofline add up to the time of the run.
struct PerfSplit {
  // Seen: costs of the run's kinds of steps (profile_step()) times how often each was run.
  double attention_s = 0, products_s = 0, sampling_s = 0, other_s = 0;
  double steps_s = 0;  // of all decode steps as generation runs them

  double serial_s = 0;            // the workload's serial roofline
  double empty_slots_loss_s = 0;  // ideal of the steps that were run, less serial_s: too few rows
                                  // at once, rows that led to nothing
  double attention_loss_s = 0, products_loss_s = 0;  // seen, less the ideal of the steps run
  double sampling_loss_s = 0, other_loss_s = 0;      // as seen: the roofline has neither
  double overlap_loss_s = 0;        // negative: a step overlaps parts, which are timed one by one
  double gaps_loss_s = 0;           // time outside of decode steps: prefill, waiting for the host
  std::vector<ProfiledKind> kinds;  // what the above was summed over, by rows
};

// `seconds`: of the run with `counts`; without one, what its steps take together. nullopt: the
// backend has no profile.
std::optional<PerfSplit> split_time(Backend& backend, const DecoderSpec& spec,
                                    const StepCounts& counts, std::optional<double> seconds,
                                    double serial_s, const DeviceLimits& limits);

}  // namespace quorum
