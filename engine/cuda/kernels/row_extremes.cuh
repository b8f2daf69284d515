// Device side of row_extremes.h.
#pragma once

#include "engine/cuda/kernels/row_extremes.h"

namespace quorum::cuda {

// Of no logits: what is included first replaces both.
__device__ __forceinline__ Extremes no_extremes() {
  return {-__builtin_huge_valf(), __builtin_huge_valf()};
}

__device__ __forceinline__ void include(Extremes& extremes, const Extremes& other) {
  asm("max.NaN.f32 %0, %0, %1;" : "+f"(extremes.largest) : "f"(other.largest));
  asm("min.NaN.f32 %0, %0, %1;" : "+f"(extremes.smallest) : "f"(other.smallest));
}
__device__ __forceinline__ void include(Extremes& extremes, float logit) {
  include(extremes, {logit, logit});
}

// Whether all the logits are, of which there is one at least.
__device__ __forceinline__ bool is_finite(const Extremes& extremes) {
  return fabsf(extremes.largest) < __builtin_huge_valf() &&
         fabsf(extremes.smallest) < __builtin_huge_valf();
}

// Of all lanes whose numbers differ only in the bits below `lanes`, a power of two. All lanes of
// the warp come here together.
template <int lanes>
__device__ __forceinline__ Extremes include_lanes(Extremes extremes) {
#pragma unroll
  for (int step = lanes / 2; step > 0; step /= 2) {
    include(extremes, {__shfl_xor_sync(~0u, extremes.largest, step),
                       __shfl_xor_sync(~0u, extremes.smallest, step)});
  }
  return extremes;
}

}  // namespace quorum::cuda
