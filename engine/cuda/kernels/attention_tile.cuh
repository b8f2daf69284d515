// What a warp computes of attention: tiles of 8 columns, in the registers of the instructions.
#pragma once

#include <cuda_bf16.h>

#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/attention_ring.cuh"
#include "engine/cuda/kernels/exp2.cuh"
#include "engine/cuda/kernels/mma.cuh"

namespace quorum::cuda {

inline constexpr float kLowest = -1e30f;  // below every score, and finite: differences stay numbers

// Columns are the query heads of a KV head for all queries: column c is head c % group of query
// c / group. They are taken in blocks of `width`.
struct Columns {
  int group, count, width, blocks;
};
template <int Tiles>
__device__ Columns columns_of(const AttentionCall& call) {
  const int group = call.sizes.heads / call.sizes.kv_heads;
  const int count = group * call.queries;
  return {group, count, 8 * Tiles, (count + 8 * Tiles - 1) / (8 * Tiles)};
}
// Where a column of a block goes; row -1: there is no such column, or the row is padding.
struct Column {
  int row, head;
};
__device__ __forceinline__ Column column_at(const AttentionCall& call, const Columns& columns,
                                            const StageNote& note, int index) {
  const int kv_head = note.head_block / columns.blocks;
  index += note.head_block % columns.blocks * columns.width;
  if (index >= columns.count) return {-1, 0};
  const int row = note.sequence * call.queries + index / columns.group;
  if (call.queries > 1 && call.rows.table[row] < 0) return {-1, 0};
  return {row, kv_head * columns.group + index % columns.group};
}

// Results of one tile of 8 columns as the instructions leave them: out[k] has channels
// 16k + lane / 4 (0, 1) and 8 more (2, 3) of columns lane % 4 · 2 (0, 2) and the next (1, 3).
template <int D>
struct Tile {
  float out[D / 16][4];
  float top[2], sum[2];

  __device__ void clear() {
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
#pragma unroll
      for (int i = 0; i < 4; ++i) out[k][i] = 0;
    }
    top[0] = top[1] = kLowest;
    sum[0] = sum[1] = 0;
  }

  // Each lane leaves its values at [k][lane].
  __device__ void put(float4* to) const {
    to += threadIdx.x % 32;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) to[k * 32] = {out[k][0], out[k][1], out[k][2], out[k][3]};
  }
  __device__ float4 scales() const { return {top[0], top[1], sum[0], sum[1]}; }
  // What all lanes have put; `of`: the scales of columns lane % 4 · 2 and the next.
  __device__ void get(const float4* from, const float4& of) {
    from += threadIdx.x % 32;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
      const float4 v = from[k * 32];
      out[k][0] = v.x, out[k][1] = v.y, out[k][2] = v.z, out[k][3] = v.w;
    }
    top[0] = of.x, top[1] = of.y, sum[0] = of.z, sum[1] = of.w;
  }

  // Adds another part of the softmax.
  __device__ void merge(const Tile& other, float scale) {
    float mine[2], theirs[2];
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      const float larger = fmaxf(top[i], other.top[i]);
      mine[i] = exp2_fast((top[i] - larger) * scale);
      theirs[i] = exp2_fast((other.top[i] - larger) * scale);
      top[i] = larger;
      sum[i] = __fmaf_rn(sum[i], mine[i], __fmul_rn(other.sum[i], theirs[i]));
    }
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
#pragma unroll
      for (int i = 0; i < 4; ++i)
        out[k][i] = __fmaf_rn(out[k][i], mine[i % 2], __fmul_rn(other.out[k][i], theirs[i % 2]));
    }
  }

  // Writes the finished columns as rows of heads, from channel `channel` on.
  __device__ void write(const AttentionCall& call, const StageNote& note, const Columns& columns,
                        int tile, int channel) const {
    const int lane = threadIdx.x % 32;
    const float scale[2] = {1.0f / sum[0], 1.0f / sum[1]};
    const Column to = column_at(call, columns, note, 8 * tile + lane / 4);
    auto* const at = reinterpret_cast<std::uint32_t*>(
        call.out + (std::ptrdiff_t{to.row} * call.sizes.heads + to.head) * call.sizes.head_dim +
        channel);
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const std::uint32_t pair =
            transpose(pack_bf16(fmaf(out[k][2 * half], scale[0], 0.0f),  // no -0: merging makes 0
                                fmaf(out[k][2 * half + 1], scale[1], 0.0f)));
        if (to.row >= 0) at[8 * k + 4 * half + lane % 4] = pair;
      }
    }
  }
};

// The place of a tile's partial result; lanes keep their registers' order there. Those of a
// sequence, KV head and block of columns lie in the order of the splits.
template <int D, int Tiles>
struct PartialPlace {
  static constexpr int kElements = 8 * D, kScales = 16;  // floats of a tile
  float* out;
  float* scales;  // top and sum

  __device__ PartialPlace(const AttentionCall& call, const Columns& columns, const StageNote& note,
                          int split, int tile) {
    const std::ptrdiff_t before =
        std::ptrdiff_t{note.first_split} * call.layout.kv_heads * columns.blocks;
    const std::ptrdiff_t slot =
        (before + note.head_block * splits_of(note.length) + split) * Tiles + tile;
    out = call.plan.partial + slot * kElements;
    scales = call.plan.partial_scale + slot * kScales;
  }
  // Some of a tile's channels, from `channel` on.
  template <int Channels>
  __device__ void store(const Tile<Channels>& tile, int channel) const {
    const int lane = threadIdx.x % 32;
    tile.put(reinterpret_cast<float4*>(out) + channel / 16 * 32);
    if (channel == 0 && lane < 4) reinterpret_cast<float4*>(scales)[lane] = tile.scales();
  }
};

// A warp's part of a split: the running softmax over its 16 positions of each page. The matrices
// are transposed, positions and channels along the 16 rows and columns along the 8 of an
// instruction.
template <int D, int Tiles>
struct Accumulator {
  std::uint32_t q[Tiles][D / 16][2];
  Tile<D> tiles[Tiles];
  int limit[Tiles][2];  // positions that a column attends to

  __device__ void start(const AttentionCall& call, const Columns& columns, const StageNote& note,
                        const __nv_bfloat16* queries) {
    const int first_column = note.head_block % columns.blocks * columns.width;
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
      const auto* const from =
          reinterpret_cast<const std::uint32_t*>(queries + (8 * t + lane / 4) * D);
#pragma unroll
      for (int k = 0; k < D / 16; ++k) {
#pragma unroll
        for (int half = 0; half < 2; ++half) q[t][k][half] = from[k * 8 + half * 4 + lane % 4];
      }
      tiles[t].clear();
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        limit[t][i] = note.length;
        if (call.queries == 1) continue;
        const int column = first_column + 8 * t + lane % 4 * 2 + i;
        const int row =
            note.sequence * call.queries + min(column / columns.group, call.queries - 1);
        limit[t][i] = call.rows.table[row] < 0 ? 0 : call.rows.position[row] + 1;
      }
    }
  }

  // The sums of all lanes of a column.
  __device__ void close() {
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
#pragma unroll
      for (int i = 0; i < 2; ++i) {
#pragma unroll
        for (int step = 4; step < 32; step *= 2)
          tiles[t].sum[i] += __shfl_xor_sync(~0u, tiles[t].sum[i], step);
      }
    }
  }

  // `keys`, and values behind them: a page of a sequence of `length` positions, aligned to a row.
  __device__ void add_page(const __nv_bfloat16* keys, int page, int length, int queries,
                           float scale) {
    // The rows of a call are a sequence's last ones, padding behind them.
    if ((page + 1) * kPageTokens <= length - queries + 1) {
      add_positions<true>(keys, page, kPageTokens, scale);
    } else {
      add_positions<false>(keys, page, length - page * kPageTokens, scale);
    }
  }

 private:
  // Of a page, `valid` from its begin. `all`: every column attends to all of them.
  template <bool all>
  __device__ __forceinline__ void add_positions(const __nv_bfloat16* keys, int page, int valid,
                                                float scale) {
    const int lane = threadIdx.x % 32, warp = team_warp();
    const int matrix = lane / 8, line = lane % 8;

    float scores[Tiles][4] = {}, odd[Tiles][4] = {};  // two chains of additions
    // Chunk 2k + i of a row lies at (2k + i) ^ line: of k the address takes the bits above.
    const std::uint32_t first_key = shared_address(keys) +
                                    (16 * warp + matrix % 2 * 8 + line) * (D * 2) +
                                    ((matrix / 2) ^ line) * 16;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
      std::uint32_t a[4];
      load_matrix(a, first_key ^ (32 * k));
#pragma unroll
      for (int t = 0; t < Tiles; ++t)
        multiply_add(k % 2 == 0 ? scores[t] : odd[t], a, q[t][k][0], q[t][k][1]);
    }

    [[maybe_unused]] const int position =
        page * kPageTokens + 16 * warp + lane / 4;  // of scores 0, 1; 2, 3: + 8
    std::uint32_t p[Tiles][2];
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
      Tile<D>& tile = tiles[t];
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        scores[t][i] += odd[t][i];
        if constexpr (!all)
          if (position + i / 2 * 8 >= limit[t][i % 2]) scores[t][i] = -INFINITY;
      }
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        float largest = fmaxf(scores[t][i], scores[t][i + 2]);
#pragma unroll
        for (int step = 4; step < 32; step *= 2)
          largest = fmaxf(largest, __shfl_xor_sync(~0u, largest, step));
        const float new_top = fmaxf(tile.top[i], largest);
        const float keep = exp2_fast((tile.top[i] - new_top) * scale);
        tile.top[i] = new_top;
        scores[t][i] = exp2_fast((scores[t][i] - new_top) * scale);
        scores[t][i + 2] = exp2_fast((scores[t][i + 2] - new_top) * scale);
        tile.sum[i] = tile.sum[i] * keep + (scores[t][i] + scores[t][i + 2]);
#pragma unroll
        for (int k = 0; k < D / 16; ++k) {
          tile.out[k][i] *= keep;
          tile.out[k][i + 2] *= keep;
        }
      }
      p[t][0] = transpose(pack_bf16(scores[t][0], scores[t][1]));
      p[t][1] = transpose(pack_bf16(scores[t][2], scores[t][3]));
    }

    // Beyond the valid positions shared memory holds anything, NaN too, which a weight of 0 would
    // not silence.
    const auto mask_of = [&](int token) {
      return (token < valid ? 0xFFFFu : 0u) | (token + 1 < valid ? 0xFFFF0000u : 0u);
    };
    [[maybe_unused]] const std::uint32_t mask_low = mask_of(16 * warp + lane % 4 * 2);
    [[maybe_unused]] const std::uint32_t mask_high = mask_of(16 * warp + lane % 4 * 2 + 8);
    const std::uint32_t first_value = shared_address(keys) + kPageTokens * D * 2 +
                                      (16 * warp + matrix / 2 * 8 + line) * (D * 2) +
                                      ((matrix % 2) ^ line) * 16;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
      std::uint32_t a[4];
      load_matrix_transposed(a, first_value ^ (32 * k));
      if constexpr (!all) {
        a[0] &= mask_low;
        a[1] &= mask_low;
        a[2] &= mask_high;
        a[3] &= mask_high;
      }
#pragma unroll
      for (int t = 0; t < Tiles; ++t) multiply_add(tiles[t].out[k], a, p[t][0], p[t][1]);
    }
  }
};

}  // namespace quorum::cuda
