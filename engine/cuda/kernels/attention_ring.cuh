// What the warps of a team of an attention block share: a ring of stages that one warp fills ahead
// of the others.
#pragma once

#include <cuda_bf16.h>

#include <cstdint>

#include "engine/cuda/kernels/kv_layout.h"

namespace quorum::cuda {

// The warps of a team.
inline constexpr int kWarps = 4;    // compute; each takes 16 of a page's 64 positions
inline constexpr int kLoader = 4;   // reads ahead of them
inline constexpr int kCounter = 5;  // counts ended splits behind them
inline constexpr int kTeamWarps = 6;
__device__ __forceinline__ int team_warp() { return threadIdx.x / 32 % kTeamWarps; }

// What lies in a stage: a page of an item, or partial results of a sequence.
struct alignas(16) StageNote {
  std::int32_t sequence;     // -1: no more work
  std::int32_t head_block;   // KV head · blocks + block of columns
  std::int32_t length;       // of the sequence
  std::int32_t first_split;  // of the sequence, among those of the call
  std::int32_t split, page;  // of the item; the page is counted in the sequence
  std::int16_t parts;        // partial results; 0: it is a page
  std::int16_t turn;         // see attend_in_turns()
  bool first, last;          // of the item, or of the sequence's partial results
  bool drop;                 // the partial results from the cache
};

// With three stages, two teams of head_dim 128 hold 192 KB of a Hopper multiprocessor; GPUs with
// less shared memory take two, or one team. No bit depends on it.
template <int D_, int Tiles_, int Stages_>
struct SharedRing {
  static constexpr int D = D_, Tiles = Tiles_, Stages = Stages_;
  static constexpr int kParts = 8 / Tiles;  // partial results of a stage: fp32, 8·Tiles columns

  // Keys and values, with the queries where an item begins; or partial results with their scales.
  // Behind the last page of an item, what the warps have computed (merge_warps).
  alignas(256) __nv_bfloat16 pages[Stages][2][kPageTokens * D];
  alignas(128) __nv_bfloat16 q[Stages][8 * Tiles * D];
  StageNote notes[Stages];
  std::uint64_t full[Stages], empty[Stages];
  // What has been written: partial results, and with attend_in_turns() rows too. Of the former,
  // whether it was the last one of its sequence. Two items at most are not counted yet, and behind
  // each of them one merge.
  static constexpr int kEnded = 4, kCounted = 2;
  StageNote ended[kEnded];
  std::int32_t complete[kCounted];
  std::uint64_t stored[kEnded], counted[kCounted];
  // Where the warps that compute meet, and the maxima and sums of what they put into a stage.
  std::uint64_t merging;
  float4 scales[Stages][kWarps][Tiles][4];
};

}  // namespace quorum::cuda
