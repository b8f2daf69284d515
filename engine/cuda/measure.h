// What the measurements of engine/cuda_perf.h share.
#pragma once

#include <cstddef>
#include <functional>

#include "engine/cuda/memory.h"

namespace quorum::cuda {

// Seconds of what `queue` queues, as a graph: the median of several replays.
double time_graph(const Stream& stream, const std::function<void()>& queue);

// Bytes of the current device.
std::size_t free_memory();

// Queues random bf16 values into device memory.
void fill_noise(void* to, std::size_t elements, const Stream& stream);

}  // namespace quorum::cuda
