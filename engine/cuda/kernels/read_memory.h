// A kernel that only reads: what the memory of the device gives at most.
#pragma once

#include <driver_types.h>

#include <cstddef>
#include <cstdint>

namespace quorum::cuda {

// Reads `bytes` (a multiple of 16) once with `blocks` thread blocks; writes to `sink` (device
// memory) only what no data will ever ask for.
void read_memory(const void* from, std::size_t bytes, int blocks, std::uint32_t* sink,
                 cudaStream_t stream);

}  // namespace quorum::cuda
