// Generated weights made on the device, with the bits of make_random_weights (engine/weights.h).
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include <cstdint>

#include "engine/random_weights.h"

namespace quorum::cuda {

// The whole tensor, row-major (rows, columns), at `out` (aligned to 16 bytes); one of a single
// dimension has one row. The float form holds the same rounded values: norms and biases.
void fill_random(const RandomTensor& tensor, std::int64_t rows, std::int64_t columns,
                 __nv_bfloat16* out, cudaStream_t stream);
void fill_random(const RandomTensor& tensor, std::int64_t rows, std::int64_t columns, float* out,
                 cudaStream_t stream);

}  // namespace quorum::cuda
