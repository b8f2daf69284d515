// The residual stream's addition and the RMSNorm behind it (Zhang and Sennrich 2019), in one pass.
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include <cstdint>

namespace quorum::cuda {

inline constexpr int kMaxNormWidth = 8192;

// Device pointers, aligned to 16 bytes. Bias and weight are read before earlier kernels have ended:
// none of these may write them.
struct AddRmsNormCall {
  float* residual = nullptr;       // (rows, hidden)
  __nv_bfloat16* delta = nullptr;  // (rows, hidden), or none: what the last product gave
  const float* bias = nullptr;     // (hidden), or none: of that product
  const float* weight = nullptr;   // (hidden)
  __nv_bfloat16* out = nullptr;    // (rows, hidden)
  // (rows, spent_width), or none: what that product read, when nothing reads it again.
  __nv_bfloat16* spent = nullptr;
  int spent_width = 0;
  // When set, row i of `out` is that of row gather[i] of residual and delta, or zeros where
  // gather[i] is -1, and the residual is left alone: the last norm, of rows that want logits.
  const std::int32_t* gather = nullptr;  // (rows), or none
  int rows = 0;                          // of out
  int hidden = 0;                        // a multiple of 8, at most kMaxNormWidth
  float eps = 0;
};

// residual += delta + bias; out = residual / sqrt(mean(residual²) + eps) · weight. All in fp32;
// `out` is rounded once. The order of the sum depends on `hidden` alone. Without `gather`, delta
// and spent are undefined afterwards (discard.cuh).
void add_rms_norm(const AddRmsNormCall& call, cudaStream_t stream);

}  // namespace quorum::cuda
