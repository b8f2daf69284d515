// Products with few rows of W: a tile of W is split along K over the blocks of a cluster, whose
// sums meet in shared memory.
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/gemm_tile.cuh"
#include "engine/cuda/kernels/tensor_copy.cuh"
#include "engine/cuda/kernels/wgmma.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kTileElements = kTileRows * kBlockK;  // of packed W
constexpr int kTileBytes = kTileElements * 2;
constexpr int kConsumers = 256;            // threads: two warpgroups, 64 rows of the tile each
constexpr int kThreads = kConsumers + 32;  // and the warp that copies

enum class Writes { kBf16, kFp32, kGateUp };

// Writes one thread's values of a tile of Y, by column groups of eight tokens (wgmma.cuh).
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

template <class Body>
__device__ __forceinline__ void with_writer(const GemmArguments& a, int tile, int token,
                                            Body body) {
  if (a.form == WeightForm::kGateUp) {
    body(Writer<Writes::kGateUp>(a, tile, token));
  } else if (a.out == OutType::kFp32) {
    body(Writer<Writes::kFp32>(a, tile, token));
  } else {
    body(Writer<Writes::kBf16>(a, tile, token));
  }
}

// Adds the sums of the blocks of the cluster, in their order, and writes them. Each block takes
// every `splits`-th column group: it gets the others' sums of it into `gathered`, which is idle by
// now in all of them.
template <int tokens>
__device__ __forceinline__ void add_stretches(const GemmArguments& a, int tile, int first_token,
                                              const float (&d)[tokens / 2],
                                              unsigned char* gathered) {
  constexpr int kGroupBytes = kConsumers * sizeof(float4);
  const int splits = a.schedule.splits, stretch = blockIdx.x % splits;
  const int slots = (tokens / 8 + splits - 1) / splits;  // column groups a block
  const int groups = (min(tokens, a.rows - first_token) + 7) / 8;
  const bool consumer = threadIdx.x < kConsumers;
  const std::uint32_t mine = shared_address(gathered) + threadIdx.x * sizeof(float4);
  if (consumer) {
    int owner = 0;  // of the column group: a stretch
    std::uint32_t to = mine + stretch * slots * kGroupBytes;
#pragma unroll
    for (int i = 0; i < tokens / 8; ++i) {
      if (i < groups) store_at(owner, to, {d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3]});
      if (++owner == splits) owner = 0, to += kGroupBytes;
    }
  }
  arrive_at_cluster();
  wait_for_cluster();
  if (!consumer) return;
  const auto* from = reinterpret_cast<const float4*>(gathered) + threadIdx.x;
  with_writer(a, tile, first_token, [&](const auto& writer) {
    for (int group = stretch, slot = 0; group < groups; group += splits, ++slot) {
      float4 sum = from[slot * kConsumers];
      for (int i = 1; i < splits; ++i) {
        const float4 part = from[(i * slots + slot) * kConsumers];
        sum = {sum.x + part.x, sum.y + part.y, sum.z + part.z, sum.w + part.w};
      }
      writer.write(group, sum);
    }
  });
}

template <int tokens, int stages>
__global__ void __launch_bounds__(kThreads, 1)
    cluster_kernel(const __grid_constant__ GemmArguments a, const __grid_constant__ CUtensorMap x) {
#if __CUDA_ARCH_FEAT_SM90_ALL
  constexpr int kStageBytes = kTileBytes + tokens * kBlockK * 2;
  static_assert(stages * kStageBytes >= (tokens / 8 + kMaxSplits - 1) * kConsumers * 16);
  extern __shared__ unsigned char memory[];
  unsigned char* tiles = memory + (1024 - shared_address(memory) % 1024) % 1024;
  __shared__ std::uint64_t full[stages], empty[stages];

  let_next_start();
  if (threadIdx.x == 0) {
    for (int i = 0; i < stages; ++i) {
      init_barrier(&full[i], 1);
      init_barrier(&empty[i], kConsumers / 32);
    }
    publish_barriers();
  }
  __syncthreads();

  const GemmSchedule& schedule = a.schedule;
  const int stretch = blockIdx.x % schedule.splits, cluster = blockIdx.x / schedule.splits;
  const int tile = cluster / a.token_tiles, first_token = cluster % a.token_tiles * tokens;
  const int first = schedule.begin(stretch), blocks = schedule.begin(stretch + 1) - first;
  float d[tokens / 2];
  const int warp = threadIdx.x / 32;
  if (warp == kConsumers / 32) {
    const bool copies = threadIdx.x % 32 == 0;
    const std::uint64_t once = read_once_policy();
    const auto copy_w = [&](int block, int stage) {
      const std::size_t at = static_cast<std::size_t>(tile) * schedule.blocks + first + block;
      arrive_expecting(&full[stage], kStageBytes);
      copy_bulk(tiles + stage * kStageBytes, a.w + at * kTileElements, kTileBytes, &full[stage],
                once);
    };
    // W does not depend on the kernels ahead: fill the stages with it while they still run.
    if (copies) {
      prefetch_map(x);
      for (int block = 0; block < min(stages, blocks); ++block) copy_w(block, block);
    }
    wait_for_previous();
    if (copies) {
      Ring<stages> ring;
      for (int block = 0; block < blocks; ++block, ring.next()) {
        if (block >= stages) {
          wait(&empty[ring.at], ring.phase ^ 1);
          copy_w(block, ring.at);
        }
        copy_box(tiles + ring.at * kStageBytes + kTileBytes, x, (first + block) * kBlockK,
                 first_token, &full[ring.at]);
      }
    }
    __syncwarp();
  } else {
    Ring<stages> ring;
    int before = -1;
    const auto release = [&](int stage) {
      if (threadIdx.x % 32 == 0) arrive(&empty[stage]);
    };
    for (int block = 0; block < blocks; ++block, ring.next()) {
      wait(&full[ring.at], ring.phase);
      const std::uint32_t stage = shared_address(tiles) + ring.at * kStageBytes;
      const std::uint64_t w_tile = describe_tile(stage + warp / 4 * (kTileBytes / 2));
      const std::uint64_t x_tile = describe_tile(stage + kTileBytes);
      begin_products();
#pragma unroll
      for (int i = 0; i < kBlockK / 16; ++i) {
        Products<tokens>::multiply(d, w_tile + 2 * i, x_tile + 2 * i, block > 0 || i > 0);
      }
      commit_products();
      wait_for_products<1>();
      if (before >= 0) release(before);
      before = ring.at;
    }
    wait_for_products<0>();
  }
  __syncwarp();
  arrive_at_cluster();  // all stages are idle
  wait_for_previous();
  wait_for_cluster();
  add_stretches<tokens>(a, tile, first_token, d, tiles);
#endif
}

// How the kernel is tuned for a width of the tile of tokens; none of it changes a bit.
template <int tokens, int stages>
struct Variant {
  static constexpr std::size_t bytes =
      1024 + std::size_t{stages} * (kTileBytes + tokens * kBlockK * 2);

  static auto prepared_kernel() {
    constexpr auto kernel = cluster_kernel<tokens, stages>;
    static const bool prepared = [] {
      check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
      return true;
    }();
    static_cast<void>(prepared);
    return kernel;
  }
  static void start(GemmArguments a, const HopperProduct& p, cudaStream_t stream) {
    a.token_tiles = (a.rows + tokens - 1) / tokens;
    const GemmSchedule& s = a.schedule;
    launch({.grid = static_cast<unsigned>(s.tiles * a.token_tiles * s.splits),
            .block = kThreads,
            .shared_bytes = bytes,
            .stream = stream,
            .overlap = true,
            .cluster = static_cast<unsigned>(s.splits)},
           prepared_kernel(), a, map_tokens(p.x, p.rows, p.k, tokens));
  }
};

}  // namespace

void multiply_in_clusters(const GemmArguments& a, const HopperProduct& p, cudaStream_t stream) {
  const int passes = (p.rows + 255) / 256;
  int tile = (p.rows + passes - 1) / passes;
  // Narrow tiles of tokens are done sooner, if all of them run at once.
  const int narrow = (p.rows + 127) / 128;
  if (tile > 128 && a.schedule.tiles * narrow <= clusters_at_once(a.schedule.splits)) tile = 128;
  if (tile <= 8) return Variant<8, 12>::start(a, p, stream);
  if (tile <= 16) return Variant<16, 12>::start(a, p, stream);
  if (tile <= 32) return Variant<32, 10>::start(a, p, stream);
  if (tile <= 64) return Variant<64, 9>::start(a, p, stream);
  if (tile <= 96) return Variant<96, 7>::start(a, p, stream);
  if (tile <= 128) return Variant<128, 7>::start(a, p, stream);
  if (tile <= 192) return Variant<192, 5>::start(a, p, stream);
  Variant<256, 4>::start(a, p, stream);
}

bool clusters_fit() {
  using Largest = Variant<256, 4>;
  cudaLaunchConfig_t config{};
  config.gridDim = kMaxSplits;
  config.blockDim = kThreads;
  config.dynamicSmemBytes = Largest::bytes;
  cudaLaunchAttribute cluster;
  cluster.id = cudaLaunchAttributeClusterDimension;
  cluster.val.clusterDim.x = kMaxSplits;
  cluster.val.clusterDim.y = cluster.val.clusterDim.z = 1;
  config.attrs = &cluster;
  config.numAttrs = 1;
  int clusters = 0;
  check(cudaOccupancyMaxActiveClusters(&clusters, Largest::prepared_kernel(), &config));
  return clusters > 0;
}

}  // namespace quorum::cuda
