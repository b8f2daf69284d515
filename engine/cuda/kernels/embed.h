// Token embedding.
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include "engine/cuda/kernels/rows.h"
#include "engine/cuda/kernels/split_norm.h"

namespace quorum::cuda {

// x (rows.count, hidden) = the rows of `table` (vocab, hidden) that rows.token names, as float;
// zeros for padding. hidden is a multiple of 8; tokens are in the vocabulary. Starts `norm` too, if
// it has weights. What comes behind in the stream starts when all that came before has ended: it
// may read `rows` without waiting.
void embed(const __nv_bfloat16* table, int hidden, const Rows& rows, float* x,
           const NormStart& norm, cudaStream_t stream);

}  // namespace quorum::cuda
