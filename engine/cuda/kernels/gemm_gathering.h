// Where a cluster gathers the sums of a tile that it splits along K (gemm_cluster.cu): which block
// finishes which column groups (eight rows of X each), where in its memory their sums arrive, and
// on which barriers they are counted. Apart from the kernel, so that it is tested without a GPU.
#pragma once

#include <algorithm>

#include "engine/cuda/kernels/gemm_schedule.h"

namespace quorum::cuda {

inline constexpr int kClusterThreads = 256;  // that compute: two warpgroups, 64 rows of W each
inline constexpr int kTileBytes = kTileRows * kBlockK * 2;  // of packed W
inline constexpr int kGroupBytes = kClusterThreads * 16;    // a column group of one part, fp32
inline constexpr int kPartialBytes = 8 * 8 * 4;             // sums of squares of a group

// The stages of a tile with so many tokens, a block of K each.
template <int tokens_>
struct ClusterTile {
  static constexpr int tokens = tokens_;
  static constexpr int stage_bytes = kTileBytes + tokens * kBlockK * 2;
  // As many as a multiprocessor has memory for, or as are of use.
  static constexpr int stages = std::min(12, 225 * 1024 / stage_bytes);
};

// A block finishes its column groups in a loop that is not unrolled, since code that runs once a
// kernel comes from far, but so many of them side by side: alone they would wait for one answer
// after another.
template <int tokens>
inline constexpr int kTogether = tokens >= 256 ? 4 : (tokens >= 64 ? 2 : 1);
// Barriers on which the sums of the other blocks are counted, one for those finished together; a
// block that has all of K finishes all groups.
template <int tokens>
inline constexpr int kReceived = tokens / 8 / kTogether<tokens>;

// Where the blocks of a cluster gather sums: those with as many blocks of K as the shortest share
// has, and those with as many as the longest; there are no others. Of column group i, the block of
// part i % parts gathers the sums of all parts; it is that block's group (slot) i / parts.
struct GatheringPlaces {
  int slots = 0;           // column groups that a block finishes at most
  unsigned longer = 0;     // bit i: part i is one of the longest, and longer than the shortest
  int offset[2] = {0, 0};  // in the memory of the stages, bytes
  int after[2] = {0, 0};   // which of a block's blocks of K must have been computed
};

// A block gathers in stages that are idle for good before its last ones are, so that the others
// need not wait for it to end: `slots` groups of each part in turn, then their sums of squares.
template <class Tile>
GatheringPlaces places_of(const SharesOfK& shares) {
  const int parts = shares.parts();
  int least = shares.blocks(0), most = least;
  for (int i = 1; i < parts; ++i) {
    least = std::min(least, shares.blocks(i));
    most = std::max(most, shares.blocks(i));
  }
  GatheringPlaces places;
  places.slots = (Tile::tokens / 8 + parts - 1) / parts;
  const int bytes = places.slots * (parts * kGroupBytes + kPartialBytes);
  const int needed = (bytes + Tile::stage_bytes - 1) / Tile::stage_bytes;
  for (int more = 0; more < 2; ++more) {
    const int blocks = more ? most : least;
    // Block b lies in stage b % stages; from this one on each is the last of its stage.
    const int first = std::max(0, blocks - Tile::stages), at = first % Tile::stages;
    const bool wraps = at + needed > Tile::stages;
    places.offset[more] = (wraps ? 0 : at) * Tile::stage_bytes;
    places.after[more] = std::min(first + (wraps ? Tile::stages - at : 0) + needed, blocks) - 1;
  }
  for (int i = 0; i < parts; ++i)
    if (shares.blocks(i) > least) places.longer |= 1u << i;
  return places;
}

// How many of a tile's `groups` column groups a block finishes, being number `part` of its
// cluster's `parts`.
QUORUM_HOST_DEVICE constexpr int groups_finished(int groups, int part, int parts) {
  return (groups - part + parts - 1) / parts;
}

}  // namespace quorum::cuda
