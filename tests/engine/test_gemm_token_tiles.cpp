// How products whose tiles are split along K cut their rows of X.
#include "engine/cuda/kernels/gemm_token_tiles.h"

#include <utility>

#include "support/catch.h"

using namespace quorum::cuda;

TEST_CASE(
    "rows are cut into narrow tiles that run at once, or summed by blocks alone, or 256 a tile") {
  const auto cut = [](int tiles, int splits, int rows) {
    const TokenTiles of = tiles_of_tokens({.blocks = 24, .tiles = tiles, .splits = splits}, rows);
    return std::pair(of.count, of.alone);
  };
  // As q,k,v and o of 1.5B.
  for (const auto& [tiles, splits] : {std::pair(16, 3), std::pair(12, 4)}) {
    CAPTURE(tiles, splits);
    CHECK(cut(tiles, splits, 1) == std::pair(1, false));
    CHECK(cut(tiles, splits, 64) == std::pair(1, false));
    CHECK(cut(tiles, splits, 65) == std::pair(2, false));
    CHECK(cut(tiles, splits, 256) == std::pair(2, false));
    CHECK(cut(tiles, splits, 320) == std::pair(2, false));
    CHECK(cut(tiles, splits, 321) == std::pair(6, true));
    CHECK(cut(tiles, splits, 512) == std::pair(8, true));
  }
  // As its down.
  CHECK(cut(12, 8, 128) == std::pair(1, false));
  CHECK(cut(12, 8, 512) == std::pair(8, true));
  // As o of 7B: as many tiles of W as clusters run at once, and too many for blocks alone.
  CHECK(cut(28, 4, 128) == std::pair(1, false));
  CHECK(cut(28, 4, 256) == std::pair(1, false));
  CHECK(cut(28, 4, 512) == std::pair(2, false));
  // Few tiles of W: clusters run at once for any number of rows.
  CHECK(cut(8, 3, 512) == std::pair(4, false));
}

TEST_CASE("blocks that sum alone all run at once and tiles of tokens fit into a kernel's widest") {
  for (int splits = 1; splits <= kMaxSplits; ++splits) {
    for (int tiles = 1; tiles <= 120; ++tiles) {
      for (int rows = 1; rows <= 512; ++rows) {
        const TokenTiles cut =
            tiles_of_tokens({.blocks = splits, .tiles = tiles, .splits = splits}, rows);
        const int tokens = (rows + cut.count - 1) / cut.count;
        if (tokens > (cut.alone ? kAloneTokens : 256) ||
            (cut.alone && (rows <= kAloneRows || tiles * cut.count > kMultiprocessors)))
          FAIL_CHECK(tiles << " tiles, " << splits << " stretches, " << rows << " rows");
      }
    }
  }
}
