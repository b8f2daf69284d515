// What the kernels of products share.
#pragma once

#include <cuda.h>
#include <cuda_bf16.h>

#include <cstddef>
#include <cstdint>

#include "engine/cuda/kernels/gemm_gathering.h"
#include "engine/cuda/kernels/gemm_hopper.h"
#include "engine/cuda/kernels/gemm_schedule.h"

namespace quorum::cuda {

inline constexpr int kMaxTokens = 512;  // a launch

// What the kernels of a product are told.
struct GemmArguments {
  const __nv_bfloat16* w;  // packed
  void* y;
  GemmSchedule schedule;
  GatheringPlaces places;
  int n, rows, token_tiles;
  OutType out;
  WeightForm form;
  NormEnd norm;
  AddToResidual add;
  RopeKvCall heads;
  RowExtremes extremes;
  unsigned char* spent;
  std::size_t spent_bytes;
};

// Which sixteens of rows of W in a wide tile of gate and up give a thread neighbouring columns:
// four of them, two or one, so that it writes up to 16 bytes at once.
struct Neighbours {
  int first, count;
};
QUORUM_HOST_DEVICE constexpr Neighbours neighbours_of(int sixteen, int sixteens) {
  const int whole = sixteens / 4 * 4;
  if (sixteen < whole) return {sixteen / 4 * 4, 4};
  if (sixteens - whole >= 2 && sixteen < whole + 2) return {whole, 2};
  return {sixteen, 1};
}

// Boxes of 64 values by `box_rows` rows of X (rows_read(rows), k) for the copy engine.
CUtensorMap map_tokens(const void* x, int rows, int k, int box_rows);
// The same for `depth` such boxes side by side, the coordinates being (0, row, block of K).
CUtensorMap map_blocks(const void* x, int rows, int k, int box_rows, int depth);

// The three ways to compute a product of at most kMaxTokens rows: tiles split along K over clusters
// or pairs of blocks, and wide ones (GemmSchedule).
void multiply_in_clusters(const GemmArguments& a, const HopperProduct& product,
                          cudaStream_t stream);
void multiply_in_pairs(const GemmArguments& a, const HopperProduct& product, cudaStream_t stream);
void multiply_wide(const GemmArguments& a, const HopperProduct& product, cudaStream_t stream);
// Whether this device has room for the largest clusters of the first.
bool clusters_fit();

// What is written of a product.
enum class Writes { kBf16, kFp32, kGateUp };

// Beside the threads that compute, a warp copies W, one copies X, and two more prepare what the end
// of a tile needs (which takes answers from memory that no one else should wait for).
inline constexpr int kCopying = 64, kPreparing = 64;
// Barriers among part of the threads; 0 is __syncthreads().
enum NamedBarrier { kPrepared = 1, kComputing = 2 };
template <int threads>
__device__ __forceinline__ void meet_at(NamedBarrier barrier) {
  __syncwarp();
  asm volatile("bar.sync %0, %1;" ::"r"(int{barrier}), "n"(threads) : "memory");
}
template <int threads>
__device__ __forceinline__ void arrive_named(NamedBarrier barrier) {
  __syncwarp();
  asm volatile("bar.arrive %0, %1;" ::"r"(int{barrier}), "n"(threads) : "memory");
}

}  // namespace quorum::cuda
