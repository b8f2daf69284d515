// How the work of Y = X · W^T is dealt out: a function of the shape (N, K) of W alone, so that the
// order in which an element of Y is summed does not depend on how many rows X has, nor on the GPU.
//
// K is taken in blocks of 64. Products with many rows of W are summed over all of K at once; the
// others over `splits` stretches of K for a tile of 128 rows of W, by a cluster with a block for
// each (or two blocks with a half of them, or one with all), or by pairs of blocks for tiles of 80
// where these use the multiprocessors better. The sums of the stretches are then added by halves:
// those of the first half in the order of K, those of the second, and both.
#pragma once

#include "base/host_device.h"

namespace quorum::cuda {

inline constexpr int kTileRows = 128;
inline constexpr int kWideTileRows[] = {144, 128, 112, 96, 80};
inline constexpr int kPairTileRows = 80;
inline constexpr int kBlockK = 64;
inline constexpr int kMaxSplits = 8;
inline constexpr int kMultiprocessors = 132;  // of an H100 or H200; others are served, less evenly

// How the rows of W are laid out when packed, and with it what a product writes.
enum class WeightForm {
  kPlain,   // Y (rows, n) = X · W^T
  kGateUp,  // W is gate (n / 2, k), then up (n / 2, k): Y (rows, n / 2) = silu(X · gate^T) · (X ·
            // up^T), in fp32, rounded once
  kHeads,  // W has heads of 128 rows, of which rows i and i + 64 come together, as RoPE turns them:
           // the columns of Y have the order 0, 64, 1, 65, …
};

// Of so many stretches, the one with which the second half begins.
QUORUM_HOST_DEVICE constexpr int half_of(int stretches) { return (stretches + 1) / 2; }

struct GemmSchedule {
  int blocks = 0;  // K / 64
  int tile_rows = kTileRows, tiles = 0;
  bool wide = false, pairs = false;
  int splits = 1;  // 1 if wide, 2 if pairs

  // The blocks of stretch i are begin(i) … begin(i + 1) - 1.
  QUORUM_HOST_DEVICE constexpr int begin(int stretch) const { return stretch * blocks / splits; }
  QUORUM_HOST_DEVICE constexpr int half() const { return half_of(splits); }
};

// What of K a block of a cluster sums: a stretch, a half of them (half_of), or all.
enum class Sharing { kStretches, kHalves, kAll };

struct SharesOfK {
  GemmSchedule schedule;
  Sharing sharing = Sharing::kStretches;

  QUORUM_HOST_DEVICE constexpr int parts() const {
    return sharing == Sharing::kStretches ? schedule.splits : sharing == Sharing::kHalves ? 2 : 1;
  }
  // The stretches of part i are stretch(i) … stretch(i + 1) - 1, its blocks of K likewise.
  QUORUM_HOST_DEVICE constexpr int stretch(int part) const {
    if (sharing == Sharing::kStretches) return part;
    return part == parts() ? schedule.splits : part * schedule.half();
  }
  QUORUM_HOST_DEVICE constexpr int begin(int part) const { return schedule.begin(stretch(part)); }
  QUORUM_HOST_DEVICE constexpr int blocks(int part) const { return begin(part + 1) - begin(part); }
};

// How many clusters of so many blocks (1 … 8) run at the same time, where a block fills a
// multiprocessor. A cluster lies within a group of at most 18 multiprocessors, and groups differ
// from one card to another. Seen on H100 and H200: 36 clusters of three fit and not always 40, 28
// of four and not 32, 16 of five or six and not 24, 12 of eight and not 16.
constexpr int clusters_at_once(int blocks) {
  constexpr int kClusters[kMaxSplits] = {kMultiprocessors, 66, 36, 28, 16, 16, 12, 12};
  return kClusters[blocks - 1];
}

// From this many rows of W on products are wide, unless their tiles have to be whole heads.
inline constexpr int kWideRows = 80 * 120;

// The schedule for W (n, k), k a multiple of 64. Committed: another choice changes bits.
GemmSchedule schedule_gemm(int n, int k, WeightForm form = WeightForm::kPlain);

}  // namespace quorum::cuda
