#include "engine/cuda/kernels/gemm_schedule.h"

#include <algorithm>

namespace quorum::cuda {
namespace {

int ceil_div(int a, int b) { return (a + b - 1) / b; }

// Nanoseconds of a round of blocks, fitted to measurements on an H200 (docs/ENGINE.md).
int round_of_whole(int blocks, int rows) {
  return rows <= 64 ? 3000 + 360 * blocks : 5000 + 600 * blocks;
}
int round_of_split(int blocks, int splits, int width) {
  // The first blocks of W have come while the kernel ahead ran.
  constexpr int kAhead = 9;
  if (width <= 64) {
    return 4000 + 100 * std::min(blocks, kAhead) + 300 * std::max(0, blocks - kAhead);
  }
  if (width <= 128) return 4000 + 500 * splits + 290 * blocks;
  return 7400 + 600 * blocks;
}

// Of a product with so many rows of X; 64 or a multiple of 256.
int cost(const GemmSchedule& s, int rows) {
  const int passes = ceil_div(rows, 256), rest = s.tiles - s.whole;
  int sum = ceil_div(s.whole, kMultiprocessors) * passes * round_of_whole(s.blocks, rows);
  if (rest > 0) {
    const int blocks = ceil_div(s.blocks, s.splits);
    if (rows <= 64) {
      sum += ceil_div(rest, clusters_at_once(s.splits)) * round_of_split(blocks, s.splits, rows);
    } else if (2 * rest * passes <= clusters_at_once(s.splits)) {
      sum += round_of_split(blocks, s.splits, 128);
    } else {
      sum += ceil_div(rest * passes, clusters_at_once(s.splits)) *
             round_of_split(blocks, s.splits, 256);
    }
  }
  // W is read from memory once.
  return std::max(sum, s.tiles * s.blocks * 4 + 3000);
}

}  // namespace

int clusters_at_once(int blocks) {
  // A cluster lies within a group of at most 18 multiprocessors. Seen on an H200: 28 clusters of
  // four fit and 32 do not, 16 of five or six fit and 24 do not, 12 of eight fit and 16 do not.
  constexpr int kClusters[kMaxSplits] = {kMultiprocessors, 66, 40, 28, 16, 16, 12, 12};
  return kClusters[blocks - 1];
}

GemmSchedule schedule_gemm(int n, int k) {
  GemmSchedule best{.blocks = k / kBlockK, .tiles = ceil_div(n, kTileRows)};
  best.whole = best.tiles;
  const auto total = [](const GemmSchedule& s) {
    return 2 * cost(s, 64) + 2 * cost(s, 256) + cost(s, 512);
  };
  GemmSchedule s = best;
  s.whole = best.tiles / kMultiprocessors * kMultiprocessors;
  for (s.splits = 2; s.splits <= std::min(kMaxSplits, s.blocks) && s.whole < s.tiles; ++s.splits) {
    if (total(s) < total(best)) best = s;
  }
  return best;
}

}  // namespace quorum::cuda
