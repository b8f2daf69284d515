// Products with many rows of W. Rows of X lie on the 64 rows of wgmma and rows of W on its columns,
// so that W can be cut to any multiple of 16 rows: into as many equal tiles as keep all
// multiprocessors busy to the end. Every tile is summed over all of K.
#include <algorithm>
#include <climits>
#include <cstdint>
#include <type_traits>

#include "base/error.h"
#include "engine/cuda/kernels/gemm_stages.cuh"
#include "engine/cuda/kernels/gemm_tile.cuh"
#include "engine/cuda/kernels/row_extremes.cuh"
#include "engine/cuda/kernels/silu.cuh"
#include "engine/cuda/kernels/tensor_copy.cuh"
#include "engine/cuda/kernels/wgmma.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

// Of few tokens only `loaded` rows of X are fetched: what follows them in shared memory stands for
// the other rows of wgmma, which nobody looks at. All the more stages are on their way.
// `skips`: the last tile of tokens has 64 rows or more that are not of X, and leaves them out.
template <int tokens_, int loaded_, int width_, bool skips_ = false>
struct Shape {
  static constexpr int tokens = tokens_, loaded = loaded_, width = width_;
  static constexpr bool skips = skips_;
  static constexpr int rows = tokens <= 128 ? loaded : 2 * tokens;  // of X, at most
  static constexpr int sharers = tokens == 64 ? 1 : 2;              // blocks that share X
  static constexpr int each = tokens == 256 ? 2 : 1;                // 64 tokens of a warpgroup
  static constexpr int computing = 2 * tokens / each;               // threads
  // And a warpgroup that copies and prepares.
  static constexpr int threads = computing + kCopying + kPreparing;
  // Where memory bounds, a stage is free at once for what comes next: to wait until the next one
  // is computed would leave it idle. Where the tensor cores do, they must not wait.
  static constexpr bool eager = tokens <= 128;
  static constexpr int row_bytes = kBlockK * 2;
  static constexpr int w_bytes = width * row_bytes, x_bytes = loaded * row_bytes;
  static constexpr int stage_bytes = w_bytes + x_bytes;
  static constexpr int rest_bytes = (tokens - loaded) * row_bytes;  // behind the last stage
  static constexpr int stages = (225 * 1024 - rest_bytes) / stage_bytes;
  static constexpr int under_way = stages_under_way(tokens, kWideUnderWay, w_bytes, stages);
  static constexpr std::size_t bytes = 1024 + stages * stage_bytes + rest_bytes;
};

// The tiles of a block, one after the other.
struct Walk {
  int tile, token_tile = 0, tiles, token_tiles;

  // Blocks that share X compute in step, the last perhaps nothing.
  __device__ Walk(const GemmArguments& a, int sharers)
      : tile(blockIdx.x),
        tiles((a.schedule.tiles + sharers - 1) / sharers * sharers),
        token_tiles(a.token_tiles) {}
  __device__ bool more() const { return tile < tiles; }
  __device__ void next() {
    if (++token_tile < token_tiles) return;
    token_tile = 0;
    tile += gridDim.x;
  }
};

// A thread's part of a tile; the packing of W has put what belongs together into one thread.
// `whole`: every thread has all of its columns, aligned, and all of them count among the extremes;
// then nothing but the row is asked, and the columns are computed side by side. `token`: this
// thread's first row of X.
template <class S, Writes writes, bool whole>
struct TileWriter {
  const GemmArguments& a;
  int tile, token;
  const float* factors;

  // silu(gate) · up, two columns of every sixteen rows of W.
  template <int first, int count>
  __device__ __forceinline__ void gate_up(const float* v, float factor, bool there, std::size_t at,
                                          int column) const {
    alignas(4 * count) __nv_bfloat162 pairs[count];
#pragma unroll
    for (int i = 0; i < count; ++i) {
      const float* const of = v + 8 * (first + i);
      pairs[i] = __floats2bfloat162_rn(silu(of[0] * factor) * (of[4] * factor),
                                       silu(of[1] * factor) * (of[5] * factor));
    }
    auto* const to = reinterpret_cast<__nv_bfloat162*>(static_cast<__nv_bfloat16*>(a.y) + at);
    if constexpr (whole) {
      using Bytes =
          std::conditional_t<count == 4, uint4, std::conditional_t<count == 2, uint2, unsigned>>;
      if (there) *reinterpret_cast<Bytes*>(to) = *reinterpret_cast<const Bytes*>(pairs);
    } else {
#pragma unroll
      for (int i = 0; i < count; ++i)
        if (there && column + 2 * i < a.n / 2) to[i] = pairs[i];
    }
  }
  // Four neighbouring columns.
  __device__ __forceinline__ void plain(float4 v, bool there, std::size_t at, int column) const {
    if constexpr (!whole) {
      const float values[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        if (!there || column + i >= a.n) continue;
        if constexpr (writes == Writes::kFp32) {
          static_cast<float*>(a.y)[at + i] = values[i];
        } else {
          static_cast<__nv_bfloat16*>(a.y)[at + i] = __float2bfloat16_rn(values[i]);
        }
      }
    } else if constexpr (writes == Writes::kFp32) {
      if (there) *reinterpret_cast<float4*>(static_cast<float*>(a.y) + at) = v;
    } else {
      const __nv_bfloat162 pairs[2] = {__floats2bfloat162_rn(v.x, v.y),
                                       __floats2bfloat162_rn(v.z, v.w)};
      if (there)
        *reinterpret_cast<uint2*>(static_cast<__nv_bfloat16*>(a.y) + at) =
            *reinterpret_cast<const uint2*>(pairs);
    }
  }

  template <int first>
  __device__ __forceinline__ void gate_up_from(const float* v, float factor, bool there,
                                               std::size_t row_begin) const {
    constexpr int sixteens = S::width / 16;
    if constexpr (first < sixteens) {
      constexpr int count = neighbours_of(first, sixteens).count;
      const int column =
          tile * (S::width / 2) + 8 * first + static_cast<int>(threadIdx.x % 4) * (2 * count);
      gate_up<first, count>(v, factor, there, row_begin + column, column);
      gate_up_from<first + count>(v, factor, there, row_begin);
    }
  }
  __device__ __forceinline__ int first_column(int sixteen) const {
    return tile * S::width + 16 * sixteen + 4 * static_cast<int>(threadIdx.x % 4);
  }
  // Of the sums themselves: a factor is not negative, and rounding keeps their order.
  __device__ __forceinline__ void write_extremes(const float* sums, float factor, int row,
                                                 bool there) const {
    Extremes extremes = no_extremes();
#pragma unroll
    for (int j = 0; j < S::width / 16; ++j) {
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        if (whole || first_column(j) + i < a.extremes.columns)
          include(extremes, sums[8 * j + i % 2 * 4 + i / 2]);
      }
    }
    extremes = include_lanes<4>(extremes);
    // The last of the blocks that share X may have no tile.
    if (there && threadIdx.x % 4 == 0 && tile < a.extremes.count)
      a.extremes.of_row(row)[tile] = {extremes.largest * factor, extremes.smallest * factor};
  }
  __device__ __forceinline__ void write(const float (&d)[S::each][S::width / 2]) const {
#pragma unroll
    for (int m = 0; m < S::each; ++m) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const int row = token + 64 * m + 8 * half;
        const bool there = row < a.rows;
        const float factor = there ? factors[row] : 0;
        const float* const v = &d[m][2 * half];
        if constexpr (writes == Writes::kGateUp) {
          gate_up_from<0>(v, factor, there, std::size_t(row) * (a.n / 2));
        } else {
          if constexpr (writes == Writes::kFp32)
            if (a.extremes.parts != nullptr) write_extremes(v, factor, row, there);
#pragma unroll
          for (int j = 0; j < S::width / 16; ++j) {
            const float* const of = v + 8 * j;
            plain({of[0] * factor, of[4] * factor, of[1] * factor, of[5] * factor}, there,
                  std::size_t(row) * a.n + first_column(j), first_column(j));
          }
        }
      }
    }
  }
};

template <class S>
__global__ void __launch_bounds__(S::threads, 1)
    wide_kernel(const __grid_constant__ GemmArguments a, const __grid_constant__ CUtensorMap x) {
#if __CUDA_ARCH_FEAT_SM90_ALL
  constexpr int stages = S::stages;
  extern __shared__ unsigned char memory[];
  unsigned char* const ring_memory = memory + (1024 - shared_address(memory) % 1024) % 1024;
  __shared__ Stages<stages> ring_stages;
  __shared__ float factors[S::rows];

  let_next_start();
  if (threadIdx.x == 0) ring_stages.init(S::computing / 32 * S::sharers);
  __syncthreads();
  if constexpr (S::sharers > 1) arrive_at_cluster();

  const int blocks = a.schedule.blocks;
  Walk walk(a, S::sharers);
  const int warp = uniform(threadIdx.x / 32);
  if (warp >= S::computing / 32) {
    if constexpr (S::each > 1) leave_registers<40>();
    if (warp >= (S::computing + kCopying) / 32) {
      if constexpr (S::sharers > 1) wait_for_cluster();
      // Warps wait for the kernels ahead one after another: only those that have to.
      if (a.norm.squares != nullptr) wait_for_previous();
      for (int row = threadIdx.x - S::computing - kCopying; row < a.rows; row += kPreparing)
        factors[row] = norm_factor(a.norm, row);
      arrive_named<S::computing + kPreparing>(kPrepared);
      return;
    }
    const bool copies_w = threadIdx.x == S::computing, copies_x = threadIdx.x == S::computing + 32;
    const std::uint64_t once = read_once_policy();
    Filler<stages, S::under_way> w_filler(ring_stages);
    int w_block = 0;
    const auto copy_w = [&](int count) {
      for (; count > 0 && walk.more(); --count) {
        const int stage = w_filler.next();
        if (walk.tile < a.schedule.tiles) {
          const std::size_t at = std::size_t(walk.tile) * blocks + w_block;
          arrive_expecting(&ring_stages.w[stage], S::w_bytes);
          copy_bulk(ring_memory + stage * S::stage_bytes, a.w + at * (S::w_bytes / 2), S::w_bytes,
                    &ring_stages.w[stage], once);
        } else {
          arrive(&ring_stages.w[stage]);
        }
        if (++w_block == blocks) w_block = 0, walk.next();
      }
    };
    // Nobody passes the cluster's barrier under racecheck before every warp is there, so no stage
    // is used a second time ahead of it.
    if (copies_w) copy_w(stages);
    if (copies_x) prefetch_map(x);
    __syncwarp();
    if constexpr (S::sharers > 1) wait_for_cluster();
    if (copies_w) copy_w(INT_MAX);
    if (threadIdx.x >= S::computing + 32) wait_for_previous();
    if (copies_x) {
      const int part = blockIdx.x % S::sharers;
      Filler<stages> filler(ring_stages);
      for (; walk.more(); walk.next()) {
        const int first_token = walk.token_tile * S::tokens;
        for (int block = 0; block < blocks; ++block) {
          const int stage = filler.next();
          arrive_expecting(&ring_stages.x[stage], S::x_bytes);
          unsigned char* const to = ring_memory + stage * S::stage_bytes + S::w_bytes;
          if constexpr (S::sharers > 1) {
            copy_box_to((1 << S::sharers) - 1, to + part * (S::x_bytes / S::sharers), x,
                        block * kBlockK, first_token + part * (S::loaded / S::sharers),
                        &ring_stages.x[stage]);
          } else {
            copy_box(to, x, block * kBlockK, first_token, &ring_stages.x[stage]);
          }
        }
      }
    }
    __syncwarp();
  } else {
    if constexpr (S::each > 1) take_registers<232>();
    if constexpr (S::sharers > 1) wait_for_cluster();
    // The kernels ahead have ended once a row of X is there: it was asked for after that.
    const int group = warp / 4, lane = threadIdx.x % 32;
    const auto release = [&](std::uint32_t barrier) {
      if constexpr (S::sharers > 1) {
        if (lane < S::sharers) arrive_at(lane, barrier);
      } else {
        if (lane == 0) arrive(barrier);
      }
    };
    Reader<stages, S::stage_bytes> reader(ring_stages, ring_memory);
    const std::uint32_t rows_of_group = group * S::each * (64 * S::row_bytes / 16);
    bool prepared = false;
    for (; walk.more(); walk.next()) {
      float d[S::each][S::width / 2];
      // How many of this warpgroup's parts of 64 rows have a row of X; more where all have.
      const int with_rows = (a.rows - walk.token_tile * S::tokens + 63) / 64 - group * S::each;
      const auto sum = [&]<int parts>(std::integral_constant<int, parts>) {
        [[maybe_unused]] std::uint32_t before = 0;
        for (int block = 0; block < blocks; ++block) {
          reader.wait_filled();
          if constexpr (parts == 0) {
            release(reader.empty());
            reader.next();
            continue;
          }
          const std::uint32_t w_tile = reader.tile();
          begin_products();
#pragma unroll
          for (int m = 0; m < parts; ++m) {
            const std::uint32_t x_tile =
                reader.tile() + (S::w_bytes + m * (64 * S::row_bytes)) / 16 + rows_of_group;
#pragma unroll
            for (int i = 0; i < kBlockK / 16; ++i) {
              Products<S::width>::multiply(d[m], x_tile + 2 * i, w_tile + 2 * i,
                                           block > 0 || i > 0);
            }
          }
          commit_products();
          const std::uint32_t empty = reader.empty();
          reader.next();
          if constexpr (S::eager) {
            wait_for_products<0>();
            release(empty);
          } else {
            wait_for_products<1>();
            if (before != 0) release(before);
            before = empty;
          }
        }
        if constexpr (!S::eager && parts > 0) {
          wait_for_products<0>();
          release(before);
        }
      };
      if (!S::skips || with_rows >= S::each) {
        sum(std::integral_constant<int, S::each>());
      } else if (S::each > 1 && with_rows == 1) {
        sum(std::integral_constant<int, 1>());
      } else {
        sum(std::integral_constant<int, 0>());
      }
      if (!prepared) meet_at<S::computing + kPreparing>(kPrepared);
      prepared = true;
      const int token = walk.token_tile * S::tokens + group * S::each * 64 +
                        threadIdx.x % 128 / 32 * 16 + lane / 4;
      const int columns = a.extremes.parts == nullptr ? a.n : a.extremes.columns;
      const bool whole = (walk.tile + 1) * S::width <= columns && a.n % 4 == 0;
      const auto write = [&]<Writes writes>(std::integral_constant<Writes, writes>) {
        if (whole) {
          TileWriter<S, writes, true>{a, walk.tile, token, factors}.write(d);
        } else {
          TileWriter<S, writes, false>{a, walk.tile, token, factors}.write(d);
        }
      };
      if (a.form == WeightForm::kGateUp) {
        write(std::integral_constant<Writes, Writes::kGateUp>());
      } else if (a.out == OutType::kFp32) {
        write(std::integral_constant<Writes, Writes::kFp32>());
      } else {
        write(std::integral_constant<Writes, Writes::kBf16>());
      }
    }
  }
  if constexpr (S::sharers > 1) {  // a block must not end while the other still writes to it
    __syncwarp();
    arrive_at_cluster();
    wait_for_cluster();
  }
#endif
}

template <class S>
void start(GemmArguments a, const HopperProduct& p, cudaStream_t stream) {
  allow_shared_memory<wide_kernel<S>, S::bytes>();
  a.token_tiles = (a.rows + S::tokens - 1) / S::tokens;
  const int tiles = (a.schedule.tiles + S::sharers - 1) / S::sharers * S::sharers;
  const int most = std::max(S::sharers, p.multiprocessors / S::sharers * S::sharers);
  int blocks = std::min(most, tiles);
  if (most < kMultiprocessors) {
    // No more than its rounds need: pairs find room the sooner beside something else.
    const int rounds = (tiles + most - 1) / most;
    blocks = (tiles / S::sharers + rounds - 1) / rounds * S::sharers;
  }
  launch({.grid = static_cast<unsigned>(blocks),
          .block = S::threads,
          .shared_bytes = S::bytes,
          .stream = stream,
          .overlap = true,
          .cluster = S::sharers},
         wide_kernel<S>, a, map_tokens(p.x, p.rows, p.k, S::loaded / S::sharers));
}

template <int width>
void start_width(const GemmArguments& a, const HopperProduct& p, cudaStream_t stream) {
  if (p.rows <= 16) return start<Shape<64, 16, width>>(a, p, stream);
  if (p.rows <= 32) return start<Shape<64, 32, width>>(a, p, stream);
  if (p.rows <= 64) return start<Shape<64, 64, width>>(a, p, stream);
  if (p.rows <= 128) return start<Shape<128, 128, width>>(a, p, stream);
  const int passes = (p.rows + 255) / 256;
  const auto start_many = [&]<int tokens>(std::integral_constant<int, tokens>) {
    p.rows + 64 <= tokens* passes ? start<Shape<tokens, tokens, width, true>>(a, p, stream)
                                  : start<Shape<tokens, tokens, width>>(a, p, stream);
  };
  p.rows <= 192 * passes ? start_many(std::integral_constant<int, 192>())
                         : start_many(std::integral_constant<int, 256>());
}

}  // namespace

void multiply_wide(const GemmArguments& a, const HopperProduct& p, cudaStream_t stream) {
  switch (a.schedule.tile_rows) {
    case 144: return start_width<144>(a, p, stream);
    case 128: return start_width<128>(a, p, stream);
    case 112: return start_width<112>(a, p, stream);
    case 96: return start_width<96>(a, p, stream);
    default: return start_width<80>(a, p, stream);
  }
}

}  // namespace quorum::cuda
