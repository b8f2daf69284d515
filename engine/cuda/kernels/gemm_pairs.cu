// Products whose tiles a pair of blocks sums, half of K each. Rows of X lie on the 64 rows of wgmma
// and rows of W on its columns, so that W can be cut into tiles of 80 rows: about as many of them
// as there are pairs of multiprocessors.
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "base/error.h"
#include "engine/cuda/kernels/gemm_pair_endings.cuh"
#include "engine/cuda/kernels/gemm_stages.cuh"
#include "engine/cuda/kernels/tensor_copy.cuh"
#include "engine/cuda/kernels/wgmma.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

// `loaded`: of few tokens only so many rows of X are fetched (as in gemm_wide.cu). `tiles`: of W,
// computed side by side, so that many rows of X are read less often. `depth`: blocks of K a stage.
template <int tokens_, int loaded_, int tiles_, int depth_>
struct Shape {
  static constexpr int tokens = tokens_, loaded = loaded_, tiles = tiles_, depth = depth_;
  static_assert(tiles == 1 || depth == 1);
  static constexpr int columns = kPairTileRows * tiles;
  static constexpr int computing = 2 * tokens;  // threads: a warpgroup for 64 rows of X
  static constexpr int threads = computing + kCopying + kPreparing;
  // Where memory bounds, a stage is free at once for what comes next: to wait until the next one
  // is computed would leave it idle. Where the tensor cores do, they must not wait.
  static constexpr bool eager = tokens * tiles <= 128;
  static constexpr int row_bytes = kBlockK * 2;
  static constexpr int w_bytes = kPairTileRows * row_bytes, x_bytes = loaded * row_bytes;
  static constexpr int w_of_stage = depth * tiles * w_bytes;
  static constexpr int stage_bytes = depth * (tiles * w_bytes + x_bytes);
  // Of the other block's sums, behind the stages; wgmma also reads rows of X there that were not
  // loaded.
  static constexpr int sums_bytes = std::max(computing * columns, (tokens - loaded) * row_bytes);
  static constexpr int stages = (220 * 1024 - sums_bytes) / stage_bytes;
  static constexpr int under_way = stages_under_way(tokens, kSplitUnderWay, w_of_stage, stages);
  static constexpr std::size_t bytes = 1024 + stages * stage_bytes + sums_bytes;
};

template <class S>
__global__ void __launch_bounds__(S::threads, 1)
    pair_kernel(const __grid_constant__ GemmArguments a, const __grid_constant__ CUtensorMap x) {
#if __CUDA_ARCH_FEAT_SM90_ALL
  constexpr int stages = S::stages;
  extern __shared__ unsigned char memory[];
  unsigned char* const ring_memory = memory + (1024 - shared_address(memory) % 1024) % 1024;
  unsigned char* const sums = ring_memory + stages * S::stage_bytes;
  __shared__ Stages<stages> ring_stages;
  __shared__ std::uint64_t received;
  __shared__ float factors[S::tokens];
  __shared__ RowVectors vectors[S::columns / 2];

  const GemmSchedule& schedule = a.schedule;
  const int stretch = blockIdx.x % 2, unit = blockIdx.x / 2;
  const int tile = unit / a.token_tiles * S::tiles;
  const int first_token = unit % a.token_tiles * S::tokens;
  const int first = schedule.begin(stretch), blocks = schedule.begin(stretch + 1) - first;
  const int steps = (blocks + S::depth - 1) / S::depth;
  // Warps that have a row of X; the others' sums are nobody's.
  const int warps = (min(S::tokens, a.rows - first_token) + 15) / 16;

  let_next_start();
  if (threadIdx.x == 0) {
    init_barrier(&received, 1);
    ring_stages.init(S::computing / 32);
    arrive_expecting(&received, warps * (32 * S::columns));
  }
  __syncthreads();
  arrive_at_cluster_without_writes();

  constexpr int kPrepares = S::computing + kPreparing;
  const int warp = uniform(threadIdx.x / 32);
  if (warp >= (S::computing + kCopying) / 32) {
    // Warps wait for the kernels ahead one after another: only those that have to.
    if (a.norm.squares != nullptr) wait_for_previous();
    for (int i = threadIdx.x - S::computing - kCopying; i < S::tokens; i += kPreparing)
      factors[i] = first_token + i < a.rows ? norm_factor(a.norm, first_token + i) : 0;
    arrive_named<kPrepares>(kPrepared);
    wait_for_cluster();
    return;
  }
  if (warp >= S::computing / 32) {
    if (threadIdx.x == S::computing) {
      const std::uint64_t once = read_once_policy();
      const int tiles = min(S::tiles, schedule.tiles - tile);
      Filler<stages, S::under_way> filler(ring_stages);
      for (int step = 0; step < steps; ++step) {
        const int stage = filler.next();
        const int block = step * S::depth, bytes = min(S::depth, blocks - block) * S::w_bytes;
        arrive_expecting(&ring_stages.w[stage], tiles * bytes);
#pragma unroll
        for (int i = 0; i < S::tiles; ++i) {
          if (i == tiles) break;
          const std::size_t at = std::size_t(tile + i) * schedule.blocks + first + block;
          copy_bulk(ring_memory + stage * S::stage_bytes + i * S::w_bytes,
                    a.w + at * (S::w_bytes / 2), bytes, &ring_stages.w[stage], once);
        }
      }
    }
    if (threadIdx.x == S::computing + 32) prefetch_map(x);
    __syncwarp();
    if (threadIdx.x >= S::computing + 32) wait_for_previous();
    if (threadIdx.x == S::computing + 32) {
      Filler<stages> filler(ring_stages);
      for (int step = 0; step < steps; ++step) {
        const int stage = filler.next();
        arrive_expecting(&ring_stages.x[stage], S::depth * S::x_bytes);
        copy_blocks(ring_memory + stage * S::stage_bytes + S::w_of_stage, x, first_token,
                    first + step * S::depth, &ring_stages.x[stage]);
      }
    }
    __syncwarp();
    wait_for_cluster();
    return;
  }

  // The kernels ahead have ended once a row of X is there: it was asked for after that.
  RowVectors loaded;
  if (threadIdx.x < S::columns / 2)
    loaded = load_row_vectors(a, tile * kPairTileRows + 2 * static_cast<int>(threadIdx.x));
  float d[S::columns / 2];
  const int group = warp / 4, lane = threadIdx.x % 32;
  const auto release = [&](std::uint32_t barrier) {
    if (lane == 0) arrive(barrier);
  };
  Reader<stages, S::stage_bytes> reader(ring_stages, ring_memory);
  const std::uint32_t rows_of_group = group * (64 * S::row_bytes / 16);
  [[maybe_unused]] std::uint32_t before = 0;
  const auto compute = [&]<int count>(int step, std::integral_constant<int, count>) {
    reader.wait_filled();
    begin_products();
#pragma unroll
    for (int j = 0; j < count; ++j) {
      const std::uint32_t w_tile = reader.tile() + j * S::w_bytes / 16;
      const std::uint32_t x_tile =
          reader.tile() + (S::w_of_stage + j * S::x_bytes) / 16 + rows_of_group;
#pragma unroll
      for (int i = 0; i < kBlockK / 16; ++i) {
        Products<S::columns>::multiply(d, x_tile + 2 * i, w_tile + 2 * i, step > 0 || j + i > 0);
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
  };
  const int whole = blocks / S::depth;
  for (int step = 0; step < whole; ++step) compute(step, std::integral_constant<int, S::depth>());
  if (S::depth > 1 && whole < steps) compute(whole, std::integral_constant<int, 1>());
  wait_for_products<0>();
  if (threadIdx.x < S::columns / 2) vectors[threadIdx.x] = loaded;
  wait_for_cluster();  // the other block has started
  meet_at<kPrepares>(kPrepared);

  // Of a warp's sixteen tokens each block ends eight. The stages are free by now: this block's sums
  // go there.
  float2* const own = reinterpret_cast<float2*>(ring_memory);
  const auto* const other = reinterpret_cast<const float2*>(sums);
  const int ended = 8 * warps, items = ended * S::tiles;
  constexpr int kAtOnce = S::computing / kLanes;
  const auto item_at = [&](int item) {
    const int part = S::tiles == 1 ? 0 : item / ended, at = item - part * ended;
    const int token = at / 8 * 16 + 8 * stretch + at % 8;
    const int place = at / 8 * 32 + at % 8 * 4 + part * (kPairTileRows / 8 * S::computing);
    return PairItem{(tile + part) * kPairTileRows,
                    first_token + token,
                    item < items && first_token + token < a.rows,
                    a.n,
                    item < items ? factors[token] : 0,
                    own + place,
                    other + place,
                    S::computing,
                    vectors + part * (kPairTileRows / 2)};
  };
  const auto end_with = [&](const auto& ending) {
    int at = threadIdx.x / kLanes;
    // What it asks memory for is on its way while sums are sent.
    auto asked = ending.ask(item_at(at));
    if (threadIdx.x / 32 < warps) {
      const std::uint32_t slot = threadIdx.x * sizeof(float2);
      const std::uint32_t to = address_in(stretch ^ 1, shared_address(sums) + slot);
      const std::uint32_t counted = address_in(stretch ^ 1, shared_address(&received));
#pragma unroll
      for (int i = 0; i < S::columns / 8; ++i) {
        const float2 low = {d[4 * i], d[4 * i + 1]}, high = {d[4 * i + 2], d[4 * i + 3]};
        send(to + i * (S::computing * sizeof(float2)), stretch == 0 ? high : low, counted);
        own[i * S::computing + threadIdx.x] = stretch == 0 ? low : high;
      }
    }
    meet_at<S::computing>(kComputing);
    wait(&received, 0);
#pragma unroll 1
    for (; at < items; at += kAtOnce) {
      const auto further = ending.ask(item_at(at + kAtOnce));
      ending.end(item_at(at), asked);
      asked = further;
    }
  };
  if (a.add.residual != nullptr) {
    end_with(PairResidualEnding(a));
  } else if (a.out == OutType::kFp32) {
    end_with(PairWriteEnding<float>(a));
  } else {
    end_with(PairWriteEnding<__nv_bfloat16>(a));
  }
#endif
}

template <class S>
void start(GemmArguments a, const HopperProduct& p, cudaStream_t stream) {
  allow_shared_memory<pair_kernel<S>, S::bytes>();
  a.token_tiles = (a.rows + S::tokens - 1) / S::tokens;
  const int units = (a.schedule.tiles + S::tiles - 1) / S::tiles * a.token_tiles;
  launch({.grid = static_cast<unsigned>(2 * units),
          .block = S::threads,
          .shared_bytes = S::bytes,
          .stream = stream,
          .overlap = true,
          .cluster = 2},
         pair_kernel<S>, a, map_blocks(p.x, p.rows, p.k, S::loaded, S::depth));
}

}  // namespace

void multiply_in_pairs(const GemmArguments& a, const HopperProduct& p, cudaStream_t stream) {
  if (p.rows <= 16) return start<Shape<64, 16, 1, 2>>(a, p, stream);
  if (p.rows <= 32) return start<Shape<64, 32, 1, 2>>(a, p, stream);
  if (p.rows <= 64) return start<Shape<64, 64, 1, 2>>(a, p, stream);
  if (p.rows <= 128) return start<Shape<128, 128, 1, 2>>(a, p, stream);
  if (p.rows <= 192) return start<Shape<192, 192, 1, 1>>(a, p, stream);
  start<Shape<128, 128, 2, 1>>(a, p, stream);
}

}  // namespace quorum::cuda
