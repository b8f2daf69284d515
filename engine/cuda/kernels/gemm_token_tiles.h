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

struct TokenTiles {
  int count;           // of tiles of tokens
  bool alone = false;  // a block sums all of K for a tile, no cluster
};

// Above so many rows, tiles of so many tokens.
inline constexpr int kAloneRows = 320, kAloneTokens = 64;

// For 1 … 512 rows of X. Chosen by what was measured (docs/ENGINE.md); no bit depends on it.
constexpr TokenTiles tiles_of_tokens(const GemmSchedule& schedule, int rows) {
  const auto tiles_of = [rows](int tokens) { return (rows + tokens - 1) / tokens; };
  // Narrow tiles are done sooner, if all of them run at once.
  const int narrow = rows <= 64 ? 1 : std::max(2, tiles_of(128));
  if (schedule.tiles * narrow <= clusters_at_once(schedule.splits)) return {narrow};
  // So are blocks that sum alone, where rows are many: how the sums of a cluster meet is what takes
  // time there.
  if (rows > kAloneRows && schedule.tiles * tiles_of(kAloneTokens) <= kMultiprocessors)
    return {tiles_of(kAloneTokens), true};
  return {tiles_of(256)};
}

}  // namespace quorum::cuda
