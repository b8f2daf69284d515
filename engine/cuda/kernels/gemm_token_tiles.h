// How a product that is split along K (gemm_cluster.cu) cuts its rows of X into tiles of tokens.
// Apart from the kernel, so that it is tested without a GPU.
#pragma once

#include <algorithm>
#include <utility>

#include "engine/cuda/kernels/gemm_schedule.h"

namespace quorum::cuda {

// Widths of tiles of tokens; products that the tensor cores bound gain from each of them.
using WidthsOfTiles = std::integer_sequence<int, 8, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176,
                                            192, 208, 224, 240, 256>;

// Of those whose K two blocks share, and of those that a block sums.
using WidthsOfHalves = std::integer_sequence<int, 64, 80, 96, 112, 128>;
inline constexpr int kTokensOfAll = 64;

struct TokenTiles {
  int count;  // of tiles of tokens
  Sharing sharing = Sharing::kStretches;
};

// Above so many rows, two blocks share K where all of them run at once: how the sums of a large
// cluster meet is what takes time there. Of three stretches a half has two: many rows are done
// sooner by blocks that have all.
inline constexpr int kHalvesRows = 256, kRowsOfAll = 384;

// For 1 … 512 rows of X and a product that has so many multiprocessors. Chosen by what was measured
// (docs/ENGINE.md); no bit depends on it.
constexpr TokenTiles tiles_of_tokens(const GemmSchedule& schedule, int rows,
                                     int multiprocessors = kMultiprocessors) {
  const auto tiles_of = [rows](int tokens) { return (rows + tokens - 1) / tokens; };
  // Beside something else there is no room for large clusters, and an odd multiprocessor may be
  // left over in each of a GPU's eight groups.
  constexpr int kLeftOver = 8;
  if (multiprocessors < kMultiprocessors && schedule.splits > 1) {
    const int most = std::max(0, multiprocessors - kLeftOver) / (2 * schedule.tiles);
    return {std::max(tiles_of(128), std::min(most, tiles_of(64))), Sharing::kHalves};
  }
  if (schedule.splits == 3 && rows > kRowsOfAll &&
      schedule.tiles * tiles_of(kTokensOfAll) <= kMultiprocessors)
    return {tiles_of(kTokensOfAll), Sharing::kAll};
  const int fewest = tiles_of(128), most = clusters_at_once(2) / schedule.tiles;
  if (schedule.splits > 1 && rows > kHalvesRows && fewest <= most) {
    const int narrow = std::min(most, tiles_of(64));
    // Wider than this, the cache does not bring W and X to so many blocks as fast as they compute.
    return {tiles_of(96) <= narrow ? narrow : fewest, Sharing::kHalves};
  }
  // Narrow tiles are done sooner, if all of them run at once.
  const int narrow = rows <= 64 ? 1 : std::max(2, fewest);
  if (schedule.tiles * narrow <= clusters_at_once(schedule.splits)) return {narrow};
  return {tiles_of(256)};
}

}  // namespace quorum::cuda
