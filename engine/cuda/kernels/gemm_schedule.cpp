#include "engine/cuda/kernels/gemm_schedule.h"

#include <algorithm>

namespace quorum::cuda {
namespace {

int ceil_div(int a, int b) { return (a + b - 1) / b; }

// The rows of a tile, for wide products: the last round of tiles leaves few multiprocessors idle.
int wide_tile_rows(int n) {
  int best = 0, least = 0;
  for (const int rows : kWideTileRows) {
    const int cost = ceil_div(ceil_div(n, rows), kMultiprocessors) * rows;
    if (best == 0 || cost < least) best = rows, least = cost;
  }
  return best;
}

// Nanoseconds of a round of clusters, fitted to measurements on an H200 (docs/ENGINE.md), when 65
// to 128 rows took one tile of tokens and a block had one stretch: a new fit would change bits.
int round(int blocks, int splits, int width) {
  // The first blocks of W have come while the kernel ahead ran.
  constexpr int kAhead = 9;
  if (width <= 64) {
    return 4000 + 100 * std::min(blocks, kAhead) + 300 * std::max(0, blocks - kAhead);
  }
  if (width <= 128) return 4000 + 500 * splits + 290 * blocks;
  return 7400 + 600 * blocks;
}

// Of a product with so many rows of X: 64, 128 or a multiple of 256.
int cost(const GemmSchedule& s, int rows) {
  const int passes = ceil_div(rows, 256), blocks = ceil_div(s.blocks, s.splits);
  const int at_once = clusters_at_once(s.splits);
  int sum = 0;
  if (rows <= 128) {
    sum = ceil_div(s.tiles, at_once) * round(blocks, s.splits, rows);
  } else if (2 * s.tiles * passes <= at_once) {
    sum = round(blocks, s.splits, 128);
  } else {
    sum = ceil_div(s.tiles * passes, at_once) * round(blocks, s.splits, 256);
  }
  // W is read from memory once.
  return std::max(sum, s.tiles * s.blocks * 4 + 3000);
}

// Shapes whose best number of splits the estimate below misses by 3 to 15 %, as measured on an H200
// for runs of R1's lengths (docs/ENGINE.md).
struct MeasuredSplits {
  int n, k, splits;
};
constexpr MeasuredSplits kMeasuredSplits[] = {
    {4096, 4096, 3}, {4096, 12288, 3}, {4096, 14336, 3}, {2560, 9728, 5}};

// Whether pairs of blocks serve: where their tiles fill the multiprocessors, and tiles of 128 rows
// would leave a third of them idle however they are split.
bool in_pairs(int n, int k, WeightForm form) {
  constexpr int kLeastTiles = 60, kMostTiles = kMultiprocessors / 2;
  const int tiles = ceil_div(n, kPairTileRows);
  return form == WeightForm::kPlain && n % 8 == 0 && k >= 2 * kBlockK && tiles >= kLeastTiles &&
         tiles <= kMostTiles;
}

}  // namespace

GemmSchedule schedule_gemm(int n, int k, WeightForm form) {
  GemmSchedule best{.blocks = k / kBlockK, .wide = n >= kWideRows && form != WeightForm::kHeads};
  best.pairs = in_pairs(n, k, form);
  if (best.wide) best.tile_rows = wide_tile_rows(n);
  if (best.pairs) best.tile_rows = kPairTileRows, best.splits = 2;
  best.tiles = ceil_div(n, best.tile_rows);
  if (best.pairs) return best;
  if (best.wide || best.blocks == 1) return best;
  for (const MeasuredSplits& measured : kMeasuredSplits) {
    if (measured.n != n || measured.k != k) continue;
    best.splits = measured.splits;
    return best;
  }
  // Most steps of a run have few rows.
  const auto total = [](const GemmSchedule& s) {
    return 6 * cost(s, 64) + 6 * cost(s, 128) + 4 * cost(s, 256) + cost(s, 512);
  };
  best.splits = 2;
  GemmSchedule s = best;
  while (++s.splits <= std::min(kMaxSplits, s.blocks)) {
    if (total(s) < total(best)) best = s;
  }
  return best;
}

}  // namespace quorum::cuda
