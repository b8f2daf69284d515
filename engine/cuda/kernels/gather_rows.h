// Rows of a prefill pass that want logits, with what the last norm needs of them.
#pragma once

#include <driver_types.h>

#include <cstdint>

#include "engine/cuda/kernels/split_norm.h"

namespace quorum::cuda {

// Row i of `to` becomes row gather[i] (device memory, `rows` of them) of `from`, or zeros where
// gather[i] is -1: its scaled values and its sums of squares. The weights of both are unused;
// hidden is a multiple of 8.
void gather_rows(const NormStart& from, const std::int32_t* gather, int rows, int hidden,
                 const NormStart& to, cudaStream_t stream);

}  // namespace quorum::cuda
