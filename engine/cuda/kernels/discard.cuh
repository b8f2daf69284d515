// Ending the life of intermediate results in the L2 cache.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quorum::cuda {

inline constexpr int kLineBytes = 128;

#ifdef __CUDACC__
// Drops the aligned line of 128 bytes at `line`: what it holds is undefined until it is written
// again. An intermediate that its last reader drops is never written back to memory, which costs
// more than reading it from the cache did. Counts as a write: reads by other threads come before
// through a barrier.
__device__ __forceinline__ void discard_line(const void* line) {
  asm volatile("discard.global.L2 [%0], 128;" ::"l"(line) : "memory");
}

// For `Lanes` neighbouring lanes that read lines together: waits until all have, and is true in the
// first of them, which then may discard.
template <int Lanes>
__device__ __forceinline__ bool all_have_read() {
  __syncwarp(((1u << Lanes) - 1) << (threadIdx.x % 32 / Lanes * Lanes));
  return threadIdx.x % Lanes == 0;
}
#endif

// Whether rows of so many bytes from `base` on share no line.
inline bool rows_own_lines(const void* base, std::size_t row_bytes) {
  return reinterpret_cast<std::uintptr_t>(base) % kLineBytes == 0 && row_bytes % kLineBytes == 0;
}

}  // namespace quorum::cuda
