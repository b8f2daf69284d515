// How products whose tiles are split along K cut their rows of X.
#include "engine/cuda/kernels/gemm_token_tiles.h"

#include <utility>

#include "support/catch.h"

using namespace quorum::cuda;

TEST_CASE(
    "rows are cut into tiles that run at once, from 257 rows on in halves of K, or 256 a tile") {
  const auto cut = [](int tiles, int splits, int rows) {
    const TokenTiles of = tiles_of_tokens({.blocks = 24, .tiles = tiles, .splits = splits}, rows);
    return std::pair(of.count, of.sharing);
  };
  constexpr auto kStretches = Sharing::kStretches, kHalves = Sharing::kHalves;
  // As q,k,v and o of 1.5B.
  for (const auto& [tiles, splits] : {std::pair(16, 3), std::pair(12, 4)}) {
    CAPTURE(tiles, splits);
    CHECK(cut(tiles, splits, 1) == std::pair(1, kStretches));
    CHECK(cut(tiles, splits, 64) == std::pair(1, kStretches));
    CHECK(cut(tiles, splits, 65) == std::pair(2, kStretches));
    CHECK(cut(tiles, splits, 256) == std::pair(2, kStretches));
  }
  // Of three stretches a half has two.
  CHECK(cut(16, 3, 257) == std::pair(4, kHalves));
  CHECK(cut(16, 3, 384) == std::pair(4, kHalves));
  CHECK(cut(16, 3, 385) == std::pair(7, Sharing::kAll));
  CHECK(cut(16, 3, 512) == std::pair(8, Sharing::kAll));
  // Five tiles of tokens while they are no wider than 96.
  CHECK(cut(12, 4, 257) == std::pair(5, kHalves));
  CHECK(cut(12, 4, 480) == std::pair(5, kHalves));
  CHECK(cut(12, 4, 481) == std::pair(4, kHalves));
  CHECK(cut(12, 4, 512) == std::pair(4, kHalves));
  // As its down.
  CHECK(cut(12, 8, 128) == std::pair(1, kStretches));
  CHECK(cut(12, 8, 512) == std::pair(4, kHalves));
  // As o of 7B: as many tiles of W as clusters run at once, and too many for two blocks each.
  CHECK(cut(28, 4, 128) == std::pair(1, kStretches));
  CHECK(cut(28, 4, 256) == std::pair(1, kStretches));
  CHECK(cut(28, 4, 512) == std::pair(2, kStretches));
  // Beside something else two blocks share K whatever the rows: larger clusters find no room.
  const auto beside = [](int tiles, int splits, int rows, int multiprocessors = 66) {
    const TokenTiles of =
        tiles_of_tokens({.blocks = 24, .tiles = tiles, .splits = splits}, rows, multiprocessors);
    return std::pair(of.count, of.sharing);
  };
  CHECK(beside(16, 3, 1) == std::pair(1, kHalves));
  CHECK(beside(12, 8, 128) == std::pair(2, kHalves));
  CHECK(beside(12, 4, 129) == std::pair(2, kHalves));
  CHECK(beside(28, 2, 512) == std::pair(4, kHalves));
  // Narrower tiles where there is room for them.
  CHECK(beside(12, 8, 256, 66) == std::pair(2, kHalves));
  CHECK(beside(12, 8, 256, 80) == std::pair(3, kHalves));
  CHECK(beside(12, 8, 64, 80) == std::pair(1, kHalves));
  CHECK(beside(8, 1, 100).second == kStretches);
  // K of one block cannot be shared.
  CHECK(cut(8, 1, 512).second == kStretches);
}

TEST_CASE("blocks that share K all run at once and tiles of tokens fit into a kernel's widest") {
  const auto fits = [](int tiles, int splits, int rows) {
    const TokenTiles cut =
        tiles_of_tokens({.blocks = splits, .tiles = tiles, .splits = splits}, rows);
    const int tokens = (rows + cut.count - 1) / cut.count;
    switch (cut.sharing) {
      case Sharing::kStretches: return tokens <= 256;
      case Sharing::kHalves:
        return tokens <= 128 && splits > 1 && tiles * cut.count <= clusters_at_once(2);
      case Sharing::kAll:
        return tokens <= kTokensOfAll && splits > 1 && tiles * cut.count <= kMultiprocessors;
    }
    return false;
  };
  for (int splits = 1; splits <= kMaxSplits; ++splits) {
    for (int tiles = 1; tiles <= 120; ++tiles) {
      for (int rows = 1; rows <= 512; ++rows) {
        if (!fits(tiles, splits, rows))
          FAIL_CHECK(tiles << " tiles, " << splits << " stretches, " << rows << " rows");
      }
    }
  }
}
