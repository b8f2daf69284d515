// The decode steps that a workload takes, without running it.
#pragma once

#include "engine/perf_workload.h"
#include "engine/step_counter.h"

namespace quorum {

// Of a run that starts at most `slots` sequences in the workload's order, each as soon as one has
// ended and with its prompt already there. The engine's runs differ a little: they start long ones
// first, and each some steps later.
struct WorkloadSteps {
  StepCounts counts;
  double most_positions = 0;  // KV positions of all sequences at once, shared prompts counted again
};
WorkloadSteps workload_steps(const PerfWorkload& work, int slots);

}  // namespace quorum
