// The gated activation of the feed-forward layer (SwiGLU, Shazeer 2020).
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

namespace quorum::cuda {

// out (rows, inner) = silu(gate) · up with (gate | up) = gate_up (rows, 2·inner) + bias (2·inner,
// or null), in fp32, rounded once. inner is a multiple of 8; pointers are aligned to 16 bytes. The
// bias is read before earlier kernels have ended: none of these may write it. gate_up is
// undefined afterwards (discard.cuh).
void silu_mul(__nv_bfloat16* gate_up, const float* bias, int rows, int inner, __nv_bfloat16* out,
              cudaStream_t stream);

}  // namespace quorum::cuda
