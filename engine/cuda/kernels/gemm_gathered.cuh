// The sums of a tile of 128 rows of W that is split along K over a cluster (gemm_cluster.cu): where
// a block finds those of all parts of K in its shared memory, and what the rows of X of the tile
// are.
//
// A block finishes some of its cluster's column groups (eight rows of X each). Thread 32w + 4g + t
// holds of a group the rows 16w + g and 16w + g + 8 of the packed tile for the tokens 2t and 2t +
// 1: v.x and v.y, v.z and v.w.
#pragma once

#include <cstdint>

#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/gemm_tile.cuh"
#include "engine/cuda/kernels/kv_layout.h"

namespace quorum::cuda {

// What the rows of X of a tile are multiplied with, and where their keys and values go.
template <int tokens>
struct TileRows {
  alignas(8) float factor[tokens];
  int position[tokens], page[tokens];  // for heads; page -1: the row is padding
};

// By the threads that prepare, `i` being the first of them: where the rows of a tile stand, which
// may be read before the kernels ahead have ended.
template <int tokens>
__device__ __forceinline__ void locate_rows(const GemmArguments& a, int first_token, int i,
                                            TileRows<tokens>& rows) {
  for (; i < tokens; i += kPreparing) {
    const Rows& all = a.heads.rows;
    const int row = first_token + i;
    const int table = row < a.rows ? __ldcg(all.table + row) : -1;
    const int position = table < 0 ? 0 : __ldcg(all.position + row);
    rows.position[i] = position;
    rows.page[i] = table < 0 ? -1
                             : __ldcg(all.page_tables + std::size_t(table) * all.table_stride +
                                      position / kPageTokens);
  }
}
// What rows of X are multiplied with; behind wait_for_previous().
template <int tokens>
__device__ __forceinline__ void find_factors(const GemmArguments& a, int first_token, int i,
                                             TileRows<tokens>& rows) {
  for (; i < tokens; i += kPreparing)
    rows.factor[i] = first_token + i < a.rows ? norm_factor(a.norm, first_token + i) : 0;
}

// The column groups that this block finishes.
struct Gathered {
  const float4* from;              // this thread's values: (parts, slots, threads)
  int parts, slots, groups, part;  // this is block `part` of the cluster's `parts`
  float* partial;                  // (slots, 8 tokens, 8 warps), for sums over the tile
  std::uint64_t* received;         // kReceived

  __device__ __forceinline__ int group(int slot) const { return part + slot * parts; }
  __device__ __forceinline__ bool has(int slot) const {
    return slot < slots && group(slot) < groups;
  }
  // The token of the tile that v.x and v.z are of.
  __device__ __forceinline__ int token(int slot) const {
    return 8 * group(slot) + threadIdx.x % 4 * 2;
  }
  // Waits until the sums of the groups that are finished together with this one are here.
  template <int tokens>
  __device__ __forceinline__ void await(int slot) const {
    wait(&received[slot / kTogether<tokens>], 0);
  }
  // The sums over all of K of groups that are finished together, times their rows' factors: the
  // first half of the parts in their order, the second half, and both (half_of).
  template <int tokens, int count>
  __device__ __forceinline__ void sum(int slot, const TileRows<tokens>& rows,
                                      float4 (&sums)[count]) const {
    const float4* at = from + slot * kClusterThreads;
    const int half = half_of(parts), part_step = slots * kClusterThreads;
    const float4* const second = at + (parts > 1 ? half * part_step : 0);
    // Where there is no group, those of the first of them are read instead, and nobody looks.
    int apart[count];
    float4 others[count];
#pragma unroll
    for (int i = 0; i < count; ++i) {
      apart[i] = has(slot + i) ? i * kClusterThreads : 0;
      sums[i] = at[apart[i]];
      others[i] = second[apart[i]];
    }
    const auto add = [](float4& to, const float4& v) {
      to = {to.x + v.x, to.y + v.y, to.z + v.z, to.w + v.w};
    };
#pragma unroll 1
    for (int i = 1; i < half; ++i) {
      at += part_step;
      const bool both = half + i < parts;
#pragma unroll
      for (int j = 0; j < count; ++j) {
        add(sums[j], at[apart[j]]);
        if (both) add(others[j], at[half * part_step + apart[j]]);
      }
    }
#pragma unroll
    for (int i = 0; i < count; ++i)
      if (parts > 1) add(sums[i], others[i]);
#pragma unroll
    for (int i = 0; i < count; ++i) {
      const int first = has(slot + i) ? token(slot + i) : 0;
      const float2 factor = *reinterpret_cast<const float2*>(&rows.factor[first]);
      sums[i] = {__fmul_rn(sums[i].x, factor.x), __fmul_rn(sums[i].y, factor.y),
                 __fmul_rn(sums[i].z, factor.x), __fmul_rn(sums[i].w, factor.y)};
    }
  }

  // Leaves the sums over a warp's rows of W of v², for both tokens of groups that are finished
  // together, in `partial`. Lanes that differ in one bit add what they have of half of the sums
  // each, so that in the end a lane has one of them.
  template <int count>
  __device__ __forceinline__ void add_squares(int slot, const float4 (&v)[count]) const {
    const int lane = threadIdx.x % 32;
    const auto halve = [lane](float first, float second, int bit) {
      const bool upper = lane & bit;
      return (upper ? second : first) + __shfl_xor_sync(~0u, upper ? first : second, bit);
    };
    float sums[count];
#pragma unroll
    for (int i = 0; i < count; ++i) {
      sums[i] = halve(__fmaf_rn(v[i].x, v[i].x, __fmul_rn(v[i].z, v[i].z)),
                      __fmaf_rn(v[i].y, v[i].y, __fmul_rn(v[i].w, v[i].w)), 4);
    }
    int of = slot, bit = 8;
#pragma unroll
    for (int left = count; left > 1; left /= 2, bit *= 2) {
#pragma unroll
      for (int i = 0; i < left / 2; ++i) sums[i] = halve(sums[2 * i], sums[2 * i + 1], bit);
      if (lane & bit) of += count / left;
    }
    float sum = sums[0];
    const int lanes = bit;  // that have a sum of their own
#pragma unroll
    for (; bit < 32; bit *= 2) sum += __shfl_xor_sync(~0u, sum, bit);
    if (lane < lanes && has(of))
      partial[(of * 8 + 2 * (lane % 4) + lane / 4 % 2) * 8 + threadIdx.x / 32] = sum;
  }
  // Over the whole tile, in the order of the warps; all threads that compute have met since.
  __device__ __forceinline__ float squares(int slot, int token_of_group) const {
    const float4* const of =
        reinterpret_cast<const float4*>(partial + (slot * 8 + token_of_group) * 8);
    const float4 a = of[0], b = of[1];
    return ((a.x + a.y) + (a.z + a.w)) + ((b.x + b.y) + (b.z + b.w));
  }
};

}  // namespace quorum::cuda
