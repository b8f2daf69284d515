// RMSNorm around a product: what stands in front of the product multiplies with the norm's weights
// and sums squares, the product divides its rows by the root of their mean. The residual stream is
// read and written once, and no kernel stands between two products.
#pragma once

#include <cuda_bf16.h>

#include "engine/cuda/kernels/gemm_schedule.h"

namespace quorum::cuda {

inline constexpr int kNormColumns = kTileRows;

// The sums of squares of a row, `columns` of the residual stream going into each: those of a tile
// of the product that writes it (GemmSchedule::tile_rows), or any multiple of eight for the
// embedding.
QUORUM_HOST_DEVICE constexpr int norm_parts(int hidden, int columns = kNormColumns) {
  return (hidden + columns - 1) / columns;
}

// What is written in front of the product. Device pointers, aligned to 16 bytes.
struct NormStart {
  const float* weight = nullptr;    // (hidden)
  __nv_bfloat16* scaled = nullptr;  // (rows, hidden): residual · weight, rounded once
  float* squares = nullptr;    // (norm_parts(hidden, columns), stride): part p of row r at (p, r)
  int stride = 0;              // at least the number of rows
  int columns = kNormColumns;  // of a part
};

// What the product does: divides by sqrt(sum of the parts / hidden + eps), in fp32.
struct NormEnd {
  const float* squares = nullptr;  // as above; none: rows are taken as they are
  int stride = 0, hidden = 0;
  float eps = 0;
  int columns = kNormColumns;
};

#ifdef __CUDACC__
// The factor of a row. The parts are added in their order.
__device__ __forceinline__ float norm_factor(const NormEnd& norm, int row) {
  if (norm.squares == nullptr) return 1;
  constexpr int kAtOnce = 32;
  const int parts = norm_parts(norm.hidden, norm.columns);
  float sum = 0;
  for (int first = 0; first < parts; first += kAtOnce) {
    float part[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      part[i] = first + i < parts ? __ldcg(norm.squares + (first + i) * norm.stride + row) : 0;
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) sum += part[i];
  }
  return rsqrtf(sum / static_cast<float>(norm.hidden) + norm.eps);
}
#endif

}  // namespace quorum::cuda
