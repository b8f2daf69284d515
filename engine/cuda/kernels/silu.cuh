// The activation of the gated feed-forward layers.
#pragma once

namespace quorum::cuda {

__device__ __forceinline__ float silu(float x) { return __fdividef(x, 1.0f + __expf(-x)); }

}  // namespace quorum::cuda
