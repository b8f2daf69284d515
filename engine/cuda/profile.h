// Where the time of a step goes, measured with events around its parts.
#pragma once

#include <functional>
#include <vector>

#include "engine/backend_profile.h"
#include "engine/cuda/decoder.h"

namespace quorum::cuda {

// Of an odd number of values, or the upper middle one.
double median(std::vector<double> values);

// `prepare` sets the slots back, `queue` queues the step's kernels one by one and tells the
// observer of each part, `replay` runs the step as generation does. Medians of several repetitions.
StepProfile measure_step(int rows, int context, cudaStream_t stream,
                         const std::function<void()>& prepare,
                         const std::function<void(PartObserver*)>& queue,
                         const std::function<void()>& replay);

}  // namespace quorum::cuda
