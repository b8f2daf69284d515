// What becomes of the sums of a tile of 128 rows of W: they are written, added to the residual
// stream, or taken as heads of q, k and v. For the kernel whose tiles are split along K
// (gemm_cluster.cu); their sums come into shared memory (gemm_gathered.cuh).
#pragma once

#include <type_traits>

#include "engine/cuda/kernels/gemm_gathered.cuh"
#include "engine/cuda/kernels/gemm_tile.cuh"
#include "engine/cuda/kernels/kv_layout.h"
#include "engine/cuda/kernels/silu.cuh"

namespace quorum::cuda {

// The weights of the norm of a head: q's, k's, or none.
__device__ __forceinline__ const float* head_norm(const RopeKvCall& call, int head) {
  return head < call.heads                          ? call.q_norm
         : head < call.heads + call.layout.kv_heads ? call.k_norm
                                                    : nullptr;
}

// Writes Y, for any number of splits.
template <Writes writes>
struct Writer {
  using Element = std::conditional_t<writes == Writes::kFp32, float, __nv_bfloat16>;
  Element* first;  // of group 0
  std::size_t columns;
  int tokens;  // of the tile from this thread's first one on
  bool odd, both, aligned;

  __device__ __forceinline__ Writer(const GemmArguments& a, int tile, int first_token) {
    const int warp = threadIdx.x / 32, g = threadIdx.x % 32 / 4;
    int token = first_token + threadIdx.x % 4 * 2, column;
    odd = g & 1;
    if constexpr (writes == Writes::kGateUp) {
      columns = a.n / 2;
      column = tile * (kTileRows / 2) + 8 * warp + (g & ~1);
      token += odd;
      both = aligned = true;
    } else {
      columns = a.n;
      column = tile * kTileRows + 16 * warp + 2 * g;
      both = column + 1 < a.n;
      aligned = a.n % 2 == 0;
    }
    first = static_cast<Element*>(a.y) + token * columns + column;
    tokens = column < static_cast<int>(columns) ? a.rows - token : 0;
  }
  __device__ __forceinline__ void pair(int token, float low, float high) const {
    Element* y = first + token * columns;
    if constexpr (writes == Writes::kFp32) {
      if (aligned) {
        *reinterpret_cast<float2*>(y) = {low, high};
      } else {
        y[0] = low;
        if (both) y[1] = high;
      }
    } else {
      const __nv_bfloat162 rounded = __floats2bfloat162_rn(low, high);
      if (aligned) {
        *reinterpret_cast<__nv_bfloat162*>(y) = rounded;
      } else {
        y[0] = rounded.x;
        if (both) y[1] = rounded.y;
      }
    }
  }
  // All lanes of the warp come here together.
  __device__ __forceinline__ void write(int group, float4 v) const {
    const int token = 8 * group;
    if constexpr (writes == Writes::kGateUp) {
      const float low = silu(v.x) * v.z, high = silu(v.y) * v.w;
      // Neighbours along W's rows swap, so that each writes two of them for one token.
      const float other = __shfl_xor_sync(~0u, odd ? low : high, 4);
      if (token < tokens) pair(token, odd ? other : low, odd ? high : other);
    } else {
      if (token < tokens) pair(token, v.x, v.z);
      if (token + 1 < tokens) pair(token + 1, v.y, v.w);
    }
  }
};

template <Writes writes, int tokens>
__device__ __forceinline__ void write_y(const GemmArguments& a, int tile, int first_token,
                                        const TileRows<tokens>& rows, const Gathered& gathered) {
  const Writer<writes> writer(a, tile, first_token);
  constexpr int together = kTogether<tokens>;
#pragma unroll 1
  for (int slot = 0; gathered.has(slot); slot += together) {
    gathered.await<tokens>(slot);
    float4 v[together];
    gathered.sum(slot, rows, v);
#pragma unroll
    for (int i = 0; i < together; ++i)
      if (gathered.has(slot + i)) writer.write(gathered.group(slot + i), v[i]);
  }
}

// What column groups need from memory is asked for so many groups ahead.
template <int tokens>
inline constexpr int kAhead = tokens >= 64 ? 4 : (tokens >= 32 ? 2 : 1);

// What was asked for, of the next column groups.
template <int count>
struct Ahead {
  float4 value[count];

  __device__ __forceinline__ float4 take(float4 further) {
    const float4 first = value[0];
#pragma unroll
    for (int i = 1; i < count; ++i) value[i - 1] = value[i];
    value[count - 1] = further;
    return first;
  }
};

// What a thread needs of vectors along W's rows: the bias of its two rows, then the norm's weights.
// These come from memory, not from the cache, so they are asked for at the start.
__device__ __forceinline__ float4 load_vectors(const GemmArguments& a, int tile) {
  const int warp = threadIdx.x / 32, g = threadIdx.x % 32 / 4;
  float4 v = {0, 0, 1, 1};
  if (a.add.residual != nullptr) {
    const int column = tile * kTileRows + 16 * warp + 2 * g;
    if (column >= a.n) return v;
    const auto load = [&](const float* from) {
      return *reinterpret_cast<const float2*>(from + column);
    };
    if (a.add.bias != nullptr) v.x = load(a.add.bias).x, v.y = load(a.add.bias).y;
    v.z = load(a.add.next.weight).x, v.w = load(a.add.next.weight).y;
  } else if (a.heads.q != nullptr) {
    const RopeKvCall& to = a.heads;
    const int channel = 8 * warp + g, low = tile * kTileRows + channel, half = kTileRows / 2;
    if (to.bias != nullptr) v.x = to.bias[low], v.y = to.bias[low + half];
    const float* const norm = head_norm(to, tile);
    if (norm != nullptr) v.z = norm[channel], v.w = norm[channel + half];
  }
  return v;
}

// Adds Y to the residual stream. Made before the sums are there: what it needs of the residual is
// on its way while they are waited for.
template <int tokens>
struct ResidualEnding {
  static constexpr int kCount = kAhead<tokens>;
  const AddToResidual& to;
  const Gathered& gathered;
  float4 vectors;
  int n, first_token, rows;
  std::size_t begin, step;  // of the first group's first token in the residual, to the next group's
  int here, groups_step;    // tokens of the tile from that one on, and from one group to the next
  Ahead<kCount> old;        // placed as the sums

  __device__ __forceinline__ ResidualEnding(const GemmArguments& a, int tile, int first,
                                            const float4& loaded, const TileRows<tokens>&,
                                            const Gathered& sums)
      : to(a.add), gathered(sums), vectors(loaded), n(a.n), first_token(first), rows(a.rows) {
    const int column = tile * kTileRows + 16 * (threadIdx.x / 32) + 2 * (threadIdx.x % 32 / 4);
    begin = std::size_t(first_token + gathered.token(0)) * n + column;
    groups_step = 8 * gathered.parts;
    step = std::size_t(groups_step) * n;
    here = column < n ? min(tokens, rows - first_token) - gathered.token(0) : 0;
#pragma unroll
    for (int i = 0; i < kCount; ++i) old.value[i] = load(i);
  }
  // Whether there is a row for this (0 or 1) of the thread's tokens of a group.
  __device__ __forceinline__ bool is_there(int slot, int token) const {
    return slot * groups_step + token < here;
  }
  __device__ __forceinline__ float4 load(int slot) const {
    const float* const from = to.residual + begin + slot * step;
    float2 low = {}, high = {};
    if (is_there(slot, 0)) low = __ldcg(reinterpret_cast<const float2*>(from));
    if (is_there(slot, 1)) high = __ldcg(reinterpret_cast<const float2*>(from + n));
    return {low.x, high.x, low.y, high.y};
  }
  __device__ __forceinline__ void store(std::size_t at, float low, float high) const {
    *reinterpret_cast<float2*>(to.residual + at) = {low, high};
    *reinterpret_cast<__nv_bfloat162*>(to.next.scaled + at) =
        __floats2bfloat162_rn(low * vectors.z, high * vectors.w);
  }
  // Leaves in v what was written, or zeros.
  __device__ __forceinline__ void add(int slot, const float4& before, float4& v) const {
    const bool low = is_there(slot, 0), high = is_there(slot, 1);
    const std::size_t at = begin + slot * step;
    v.x = low ? before.x + (v.x + vectors.x) : 0;
    v.z = low ? before.z + (v.z + vectors.y) : 0;
    v.y = high ? before.y + (v.y + vectors.x) : 0;
    v.w = high ? before.w + (v.w + vectors.y) : 0;
    if (low) store(at, v.x, v.z);
    if (high) store(at + n, v.y, v.w);
  }
  __device__ __forceinline__ void finish(int tile, const TileRows<tokens>& tile_rows) {
    constexpr int together = kTogether<tokens>;
#pragma unroll 1
    for (int slot = 0; gathered.has(slot); slot += together) {
      gathered.await<tokens>(slot);
      float4 before[together], v[together];
#pragma unroll
      for (int i = 0; i < together; ++i) before[i] = old.take(load(slot + i + kCount));
      gathered.sum(slot, tile_rows, v);
#pragma unroll
      for (int i = 0; i < together; ++i) add(slot + i, before[i], v[i]);
      gathered.add_squares(slot, v);
    }
    meet_at<kClusterThreads>(kComputing);
    const int slot = threadIdx.x / 8, of_group = threadIdx.x % 8;
    if (!gathered.has(slot)) return;
    const int token = first_token + 8 * gathered.group(slot) + of_group;
    if (token < rows)
      to.next.squares[std::size_t(tile) * to.next.stride + token] =
          gathered.squares(slot, of_group);
  }
};

// Takes Y as q, k and v: bias, norms, RoPE, and the write into the KV cache (rope_kv.h says what is
// computed). A tile is a head, and a thread's two rows are channels d and d + 64 of it. Made before
// the sums are there, as above.
template <int tokens>
struct HeadsEnding {
  static constexpr int kCount = kAhead<tokens>, kHalf = kTileRows / 2;
  const RopeKvCall& to;
  const Gathered& gathered;
  float4 vectors;
  int head, channel, first_token;
  bool is_q, is_v, has_norm;
  Ahead<kCount> turn;  // cos and sin of the two tokens

  __device__ __forceinline__ HeadsEnding(const GemmArguments& a, int tile, int first,
                                         const float4& loaded, const TileRows<tokens>& rows,
                                         const Gathered& sums)
      : to(a.heads), gathered(sums), vectors(loaded), head(tile), first_token(first) {
    channel = 8 * (threadIdx.x / 32) + threadIdx.x % 32 / 4;
    is_q = head < to.heads;
    is_v = head >= to.heads + to.layout.kv_heads;
    has_norm = head_norm(to, head) != nullptr;
#pragma unroll
    for (int i = 0; i < kCount; ++i) turn.value[i] = load(i, rows);
  }
  __device__ __forceinline__ float4 load(int slot, const TileRows<tokens>& rows) const {
    if (is_v || !gathered.has(slot)) return {};
    const int token = gathered.token(slot);
    const std::size_t low = std::size_t(rows.position[token]) * kHalf + channel;
    const std::size_t high = std::size_t(rows.position[token + 1]) * kHalf + channel;
    return {__ldg(to.cos + low), __ldg(to.sin + low), __ldg(to.cos + high), __ldg(to.sin + high)};
  }
  template <int count>
  __device__ __forceinline__ void biased(int slot, const TileRows<tokens>& rows,
                                         float4 (&v)[count]) const {
    gathered.sum(slot, rows, v);
#pragma unroll
    for (float4& of : v)
      of = {of.x + vectors.x, of.y + vectors.x, of.z + vectors.y, of.w + vectors.y};
  }
  __device__ __forceinline__ void finish(int, const TileRows<tokens>& rows) {
    constexpr int together = kTogether<tokens>;
    if (has_norm) {
#pragma unroll 1
      for (int slot = 0; gathered.has(slot); slot += together) {
        gathered.await<tokens>(slot);
        float4 v[together];
        biased(slot, rows, v);
        gathered.add_squares(slot, v);
      }
      meet_at<kClusterThreads>(kComputing);
    }
#pragma unroll 1
    for (int slot = 0; gathered.has(slot); slot += together) {
      gathered.await<tokens>(slot);
      float4 turned[together], v[together];
#pragma unroll
      for (int i = 0; i < together; ++i) turned[i] = turn.take(load(slot + i + kCount, rows));
      biased(slot, rows, v);
#pragma unroll
      for (int i = 0; i < together; ++i) {
        if (!gathered.has(slot + i)) continue;
        if (has_norm) normalise(slot + i, v[i]);
        if (!is_v) {
          rotate(v[i].x, v[i].z, turned[i].x, turned[i].y);
          rotate(v[i].y, v[i].w, turned[i].z, turned[i].w);
        }
        write(slot + i, v[i], rows);
      }
    }
  }
  __device__ __forceinline__ void normalise(int slot, float4& v) const {
    const int of_group = threadIdx.x % 4 * 2;
    const auto inverse = [&](int i) {
      const float mean = __fmul_rn(gathered.squares(slot, of_group + i), 1.0f / kTileRows);
      return rsqrtf(__fadd_rn(mean, to.eps));
    };
    const float low = inverse(0), high = inverse(1);
    v = {v.x * (low * vectors.z), v.y * (high * vectors.z), v.z * (low * vectors.w),
         v.w * (high * vectors.w)};
  }
  static __device__ __forceinline__ void rotate(float& low, float& high, float cos, float sin) {
    const float turned = __fmaf_rn(low, cos, -__fmul_rn(high, sin));
    high = __fmaf_rn(high, cos, __fmul_rn(low, sin));
    low = turned;
  }
  // Neighbours along the channels swap, so that each writes two of them for one token.
  __device__ __forceinline__ void write(int slot, float4 x, const TileRows<tokens>& rows) const {
    const bool odd = channel & 1;
    const float low = __shfl_xor_sync(~0u, odd ? x.x : x.y, 4);
    const float high = __shfl_xor_sync(~0u, odd ? x.z : x.w, 4);
    const int token = gathered.token(slot) + odd, page = rows.page[token], even = channel & ~1;
    if (page < 0) return;
    __nv_bfloat16 *at, *beyond;
    if (is_q) {
      at = to.q + (std::size_t(first_token + token) * to.heads + head) * kTileRows + even;
      beyond = at + kHalf;
    } else {
      const int kv_head = head - to.heads - (is_v ? to.layout.kv_heads : 0);
      const int place = rows.position[token] % kPageTokens;
      __nv_bfloat16* const tile =
          to.kv + to.layout.at(0, page, kv_head) + (is_v ? to.layout.tile() : 0);
      at = tile + swizzled(place, even, kTileRows);
      beyond = tile + swizzled(place, even + kHalf, kTileRows);
    }
    *reinterpret_cast<__nv_bfloat162*>(at) =
        __floats2bfloat162_rn(odd ? low : x.x, odd ? x.y : low);
    *reinterpret_cast<__nv_bfloat162*>(beyond) =
        __floats2bfloat162_rn(odd ? high : x.z, odd ? x.w : high);
  }
};

}  // namespace quorum::cuda
