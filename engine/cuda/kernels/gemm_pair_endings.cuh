// What becomes of the sums of a tile that a pair of blocks has summed (gemm_pairs.cu): they are
// written or added to the residual stream.
//
// A block ends every other eight rows of X. The sums lie in shared memory by then, and eight lanes
// take a row of X and a tile of W together, each every eighth four columns of it.
#pragma once

#include "engine/cuda/kernels/gemm_tile.cuh"

namespace quorum::cuda {

// Of two neighbouring rows of packed W.
struct RowVectors {
  float2 bias = {0, 0};    // none: zeros
  float2 weight = {1, 1};  // of the norm that follows
};

// `column`: the first of the two. These come from memory, not from the cache, so they are asked for
// at the start.
__device__ __forceinline__ RowVectors load_row_vectors(const GemmArguments& a, int column) {
  RowVectors vectors;
  if (column >= a.n || a.add.residual == nullptr) return vectors;
  const auto load = [&](const float* from) {
    return *reinterpret_cast<const float2*>(from + column);
  };
  if (a.add.bias != nullptr) vectors.bias = load(a.add.bias);
  vectors.weight = load(a.add.next.weight);
  return vectors;
}

inline constexpr int kLanes = 8;  // that end a row of a tile together

// How many times four columns a lane has of a tile.
inline constexpr int kQuads = (kPairTileRows / 4 + kLanes - 1) / kLanes;

// A row of X and a tile of W.
struct PairItem {
  int column;  // the tile's first
  int row;     // of X
  bool there;  // whether X has that row
  int n;
  float factor;               // that sums are multiplied with
  const float2 *own, *other;  // sums of this row by this block and the other: of group i (eight
                              // columns) the first is at i · threads
  int threads;
  const RowVectors* vectors;  // of the tile's columns, in twos

  // The first of the quad's columns, counted in the tile.
  __device__ __forceinline__ int first(int quad) const {
    return 4 * (quad * kLanes + static_cast<int>(threadIdx.x % kLanes));
  }
  __device__ __forceinline__ bool has(int quad) const {
    return there && first(quad) < kPairTileRows && column + first(quad) < n;
  }
  // The stretches of K are added in their order, which for two is any order.
  __device__ __forceinline__ float4 sum(int quad) const {
    const int at = first(quad) / 8 * threads + first(quad) % 8 / 2;
    const float4 a = *reinterpret_cast<const float4*>(own + at);
    const float4 b = *reinterpret_cast<const float4*>(other + at);
    return {__fmul_rn(a.x + b.x, factor), __fmul_rn(a.y + b.y, factor),
            __fmul_rn(a.z + b.z, factor), __fmul_rn(a.w + b.w, factor)};
  }
  // Of the quad's first or last two columns.
  __device__ __forceinline__ const RowVectors& vectors_of(int quad, int half) const {
    return vectors[first(quad) / 2 + half];
  }
};

// Rounds four values to bf16 and stores them.
__device__ __forceinline__ void store_quad(__nv_bfloat16* to, float4 v) {
  const __nv_bfloat162 pairs[2] = {__floats2bfloat162_rn(v.x, v.y),
                                   __floats2bfloat162_rn(v.z, v.w)};
  *reinterpret_cast<uint2*>(to) = *reinterpret_cast<const uint2*>(pairs);
}
__device__ __forceinline__ void store_quad(float* to, float4 v) {
  *reinterpret_cast<float4*>(to) = v;
}

// An ending asks memory for what it needs of an item (`ask`) while the sums of it, or the item
// before it, are on their way, and ends the item later with what came.
template <class Element>
struct PairWriteEnding {
  struct Asked {};
  Element* y;

  __device__ __forceinline__ explicit PairWriteEnding(const GemmArguments& a)
      : y(static_cast<Element*>(a.y)) {}
  __device__ __forceinline__ Asked ask(const PairItem&) const { return {}; }
  __device__ __forceinline__ void end(const PairItem& item, const Asked&) const {
#pragma unroll
    for (int i = 0; i < kQuads; ++i) {
      if (!item.has(i)) continue;
      store_quad(y + std::size_t(item.row) * item.n + item.column + item.first(i), item.sum(i));
    }
  }
};

// Adds Y to the residual stream and starts the next norm.
struct PairResidualEnding {
  struct Asked {
    float4 residual[kQuads];
  };
  const AddToResidual& to;

  __device__ __forceinline__ explicit PairResidualEnding(const GemmArguments& a) : to(a.add) {}
  static __device__ __forceinline__ std::size_t place(const PairItem& item, int i) {
    return std::size_t(item.row) * item.n + item.column + item.first(i);
  }
  __device__ __forceinline__ Asked ask(const PairItem& item) const {
    Asked asked;
#pragma unroll
    for (int i = 0; i < kQuads; ++i) {
      if (item.has(i))
        asked.residual[i] = __ldcg(reinterpret_cast<const float4*>(to.residual + place(item, i)));
    }
    return asked;
  }
  __device__ __forceinline__ void end(const PairItem& item, const Asked& asked) const {
    float squares = 0;
#pragma unroll
    for (int i = 0; i < kQuads; ++i) {
      if (!item.has(i)) continue;
      float4 v = item.sum(i);
      const float4 old = asked.residual[i];
      const RowVectors low = item.vectors_of(i, 0), high = item.vectors_of(i, 1);
      v = {__fadd_rn(old.x, __fadd_rn(v.x, low.bias.x)),
           __fadd_rn(old.y, __fadd_rn(v.y, low.bias.y)),
           __fadd_rn(old.z, __fadd_rn(v.z, high.bias.x)),
           __fadd_rn(old.w, __fadd_rn(v.w, high.bias.y))};
      squares = __fmaf_rn(v.x, v.x, squares);
      squares = __fmaf_rn(v.y, v.y, squares);
      squares = __fmaf_rn(v.z, v.z, squares);
      squares = __fmaf_rn(v.w, v.w, squares);
      store_quad(to.residual + place(item, i), v);
      store_quad(to.next.scaled + place(item, i), {v.x * low.weight.x, v.y * low.weight.y,
                                                   v.z * high.weight.x, v.w * high.weight.y});
    }
#pragma unroll
    for (int step = 1; step < kLanes; step *= 2) squares += __shfl_xor_sync(~0u, squares, step);
    if (item.there && threadIdx.x % kLanes == 0 && item.column < item.n)
      to.next.squares[std::size_t(item.column / kPairTileRows) * to.next.stride + item.row] =
          squares;
  }
};

}  // namespace quorum::cuda
