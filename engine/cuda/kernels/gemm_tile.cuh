// What both kernels of a product share.
#pragma once

#include <cuda.h>
#include <cuda_bf16.h>

#include <cstddef>
#include <cstdint>

#include "engine/cuda/kernels/gemm_hopper.h"
#include "engine/cuda/kernels/gemm_schedule.h"

namespace quorum::cuda {

inline constexpr int kMaxTokens = 512;  // a launch

// What the kernels of a product are told.
struct GemmArguments {
  const __nv_bfloat16* w;  // packed
  void* y;
  GemmSchedule schedule;
  int n, rows, token_tiles;
  OutType out;
  WeightForm form;
};

// Boxes of 64 values by `box_rows` rows of X (rows, k) for the copy engine.
CUtensorMap map_tokens(const void* x, int rows, int k, int box_rows);

// The two ways to compute a product of at most kMaxTokens rows: tiles split along K over clusters,
// and wide ones (GemmSchedule::wide).
void multiply_in_clusters(const GemmArguments& a, const HopperProduct& product,
                          cudaStream_t stream);
void multiply_wide(const GemmArguments& a, const HopperProduct& product, cudaStream_t stream);
// Whether this device has room for the largest clusters of the first.
bool clusters_fit();

__device__ __forceinline__ float silu(float x) { return __fdividef(x, 1 + __expf(-x)); }

}  // namespace quorum::cuda
