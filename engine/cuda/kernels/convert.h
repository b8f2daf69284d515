// The number formats of checkpoints, converted on the device.
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include <cstdint>

#include "engine/weights.h"

namespace quorum::cuda {

// `from` holds `count` values of `dtype` in device memory, aligned to their size. To bf16 rounds to
// nearest, ties to even (F32 above bf16's largest value becomes infinite); to float is exact.
void convert(const void* from, DType dtype, std::int64_t count, __nv_bfloat16* to,
             cudaStream_t stream);
void convert(const void* from, DType dtype, std::int64_t count, float* to, cudaStream_t stream);

}  // namespace quorum::cuda
