// The decode steps that a workload takes, without running it.
#pragma once

#include "engine/perf_workload.h"
#include "engine/step_counter.h"

namespace quorum {

// Of at most `slots` sequences at once, admitted in the workload's order as soon as one ends, with
// memory for all of them: what StepCounter counts of such a run.
StepCounts workload_steps(const PerfWorkload& work, int slots);

}  // namespace quorum
