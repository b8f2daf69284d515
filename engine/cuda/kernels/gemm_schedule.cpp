#include "engine/cuda/kernels/gemm_schedule.h"

#include <algorithm>

namespace quorum::cuda {
namespace {

// Clusters of 1 … 8 blocks that run at the same time on an H100 or H200 of 132 multiprocessors, one
// block each: a cluster lies within a group of 16 or 18 of them.
constexpr int kClusters[kMaxSplits] = {132, 66, 40, 32, 24, 16, 16, 16};

// Costs in units of the time that one block of K takes at 256 rows of X.
constexpr int kEndTile = 2;      // writing a tile of Y
constexpr int kEndStretch = 4;   // exchanging sums, and writing
constexpr int kSecondKernel = 2;

int ceil_div(int a, int b) { return (a + b - 1) / b; }

// With `passes` tiles of 256 rows of X.
int cost(const GemmSchedule& s, int passes) {
  int sum = ceil_div(s.whole, kClusters[0]) * passes * (s.blocks + kEndTile);
  const int rest = s.tiles - s.whole;
  if (rest > 0) {
    sum += ceil_div(rest * passes, kClusters[s.splits - 1]) *
           (ceil_div(s.blocks, s.splits) + kEndStretch);
    if (s.whole > 0) sum += kSecondKernel;
  }
  return sum;
}

}  // namespace

GemmSchedule schedule_gemm(int n, int k) {
  GemmSchedule best{.blocks = k / kBlockK, .tiles = ceil_div(n, kTileRows)};
  best.whole = best.tiles;
  // Up to 256 rows and up to 512 count the same.
  const auto total = [](const GemmSchedule& s) { return cost(s, 1) + cost(s, 2); };
  GemmSchedule s = best;
  s.whole = best.tiles / kClusters[0] * kClusters[0];
  for (s.splits = 2; s.splits <= std::min(kMaxSplits, s.blocks) && s.whole < s.tiles; ++s.splits) {
    if (total(s) < total(best)) best = s;
  }
  return best;
}

}  // namespace quorum::cuda
