// Where a cluster gathers the sums of a tile that it splits along K (gemm_cluster.cu): which block
// finishes which column groups (eight rows of X each), where in its memory their sums arrive, and
// on which barriers they are counted. Apart from the kernel, so that it is tested without a GPU.
#pragma once

#include <algorithm>

#include "engine/cuda/kernels/gemm_schedule.h"

namespace quorum::cuda {

inline constexpr int kClusterThreads = 256;  // that compute: two warpgroups, 64 rows of W each
inline constexpr int kTileBytes = kTileRows * kBlockK * 2;  // of packed W
inline constexpr int kGroupBytes = kClusterThreads * 16;    // a column group of one stretch, fp32
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
// block that is alone finishes all groups.
template <int tokens>
inline constexpr int kReceived = tokens / 8 / kTogether<tokens>;

// Where the blocks of a cluster gather sums: those with as many blocks of K as the shortest stretch
// has, and those with one more. Of column group i, the block of stretch i % splits gathers the sums
// of all stretches; it is that block's group (slot) i / splits.
struct GatheringPlaces {
  int slots = 0;           // column groups that a block finishes at most
  unsigned longer = 0;     // bit i: stretch i has one more
  int offset[2] = {0, 0};  // in the memory of the stages, bytes
  int after[2] = {0, 0};   // which of a block's blocks of K must have been computed
};

// A block gathers in stages that are idle for good before its last ones are, so that the others
// need not wait for it to end: `slots` groups of each stretch in turn, then their sums of squares.
// `schedule`: with a stretch for each block of the cluster, one for a block alone.
template <class Tile>
GatheringPlaces places_of(const GemmSchedule& schedule) {
  const int splits = schedule.splits, least = schedule.blocks / splits;
  GatheringPlaces places;
  places.slots = (Tile::tokens / 8 + splits - 1) / splits;
  const int bytes = places.slots * (splits * kGroupBytes + kPartialBytes);
  const int needed = (bytes + Tile::stage_bytes - 1) / Tile::stage_bytes;
  for (int more = 0; more < 2; ++more) {
    const int blocks = least + more;
    // Block b lies in stage b % stages; from this one on each is the last of its stage.
    const int first = std::max(0, blocks - Tile::stages), at = first % Tile::stages;
    const bool wraps = at + needed > Tile::stages;
    places.offset[more] = (wraps ? 0 : at) * Tile::stage_bytes;
    places.after[more] = std::min(first + (wraps ? Tile::stages - at : 0) + needed, blocks) - 1;
  }
  for (int i = 0; i < splits; ++i)
    if (schedule.begin(i + 1) - schedule.begin(i) > least) places.longer |= 1u << i;
  return places;
}

// How many of a tile's `groups` column groups a block finishes, being number `part` of its
// cluster's `parts`.
QUORUM_HOST_AND_DEVICE constexpr int groups_finished(int groups, int part, int parts) {
  return (groups - part + parts - 1) / parts;
}

}  // namespace quorum::cuda
