#include "engine/cuda/kernels/gemm_hopper.h"

#include <cuda.h>
#include <cuda_bf16.h>

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/gemm_schedule.h"
#include "engine/cuda/kernels/tensor_copy.cuh"
#include "engine/cuda/kernels/wgmma.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kTileElements = kTileRows * kBlockK;
constexpr int kTileBytes = kTileElements * 2;
constexpr int kConsumers = 256;              // threads: two warpgroups, 64 rows of the tile each
constexpr int kThreads = kConsumers + 32;    // and the warp that copies
constexpr int kMaxTokens = 512;              // a launch
constexpr int kPrefetch = 8;

struct Arguments {
  GemmSchedule schedule;
  const __nv_bfloat16* w;
  const __nv_bfloat16* bias;
  void* y;
  float* sums;         // [segment][tile of the pair][token tile][column group][thread][4]
  unsigned* counters;  // [split pair][tile of the pair]: segments done, + 2^16 · column groups read
  int n, rows, token_tiles;
  int prefetch;  // tiles of W that the L2 cache fetches while the kernel ahead runs
  bool fp32, gate_up;
};

// Walks over what a worker computes: stretches of a pair's K, the split ones first, each for every
// tile of tokens.
struct Walk {
  const GemmSchedule& s;
  int worker, token_tiles;
  int position, end, next_whole;  // on the line, and among the whole pairs
  int pair = 0, first = 0, last = 0, token_tile = 0;
  bool split = false;

  __device__ Walk(const GemmSchedule& schedule, int worker, int token_tiles)
      : s(schedule), worker(worker), token_tiles(token_tiles), next_whole(worker) {
    const bool cut = worker < s.cuts;
    position = cut ? s.begin(worker) : 0;
    end = cut ? s.begin(worker + 1) : 0;
    token_tile = token_tiles - 1;
  }
  __device__ bool next() {
    if (++token_tile < token_tiles) return true;
    token_tile = 0;
    if (position < end) {
      const int of_split = position / s.blocks;
      pair = s.whole + of_split;
      first = position - of_split * s.blocks;
      last = min(s.blocks, first + end - position);
      position += last - first;
      split = last - first < s.blocks;
      return true;
    }
    if (next_whole >= s.whole) return false;
    pair = next_whole;
    next_whole += kWorkers;
    first = 0;
    last = s.blocks;
    split = false;
    return true;
  }
};

__device__ __forceinline__ void sync_consumers() {
  asm volatile("bar.sync 1, %0;" ::"n"(kConsumers) : "memory");
}

// Writes the four values that a thread holds of a column group (wgmma.cuh): rows of W `tile_row` + …,
// tokens `token` + 0 … 7.
__device__ __forceinline__ void write_group(const Arguments& a, int tile_row, int token, float4 v) {
  const int warp = threadIdx.x / 32, g = threadIdx.x % 32 / 4;
  token += threadIdx.x % 4 * 2;
  if (a.gate_up) {
    const float low = v.x / (1 + __expf(-v.x)) * v.z, high = v.y / (1 + __expf(-v.y)) * v.w;
    // Neighbours along W's rows swap, so that each writes two of them for one token.
    const bool odd = g & 1;
    const float other = __shfl_xor_sync(~0u, odd ? low : high, 4);
    const int column = tile_row / 2 + 8 * warp + (g & ~1), columns = a.n / 2;
    token += odd;
    if (token >= a.rows || column >= columns) return;
    auto* y = static_cast<__nv_bfloat16*>(a.y) + static_cast<std::size_t>(token) * columns + column;
    *reinterpret_cast<__nv_bfloat162*>(y) =
        odd ? __floats2bfloat162_rn(other, high) : __floats2bfloat162_rn(low, other);
    return;
  }
  const int column = tile_row + 16 * warp + 2 * g;
  if (column >= a.n) return;
  const bool both = column + 1 < a.n, aligned = a.n % 2 == 0;
  if (a.bias != nullptr) {
    const float b0 = __bfloat162float(a.bias[column]);
    const float b1 = both ? __bfloat162float(a.bias[column + 1]) : 0;
    v = {v.x + b0, v.y + b0, v.z + b1, v.w + b1};
  }
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    if (token + i >= a.rows) return;
    const float2 pair = i == 0 ? float2{v.x, v.z} : float2{v.y, v.w};
    const std::size_t at = static_cast<std::size_t>(token + i) * a.n + column;
    if (a.fp32) {
      float* y = static_cast<float*>(a.y) + at;
      if (aligned) {
        *reinterpret_cast<float2*>(y) = pair;
      } else {
        y[0] = pair.x;
        if (both) y[1] = pair.y;
      }
    } else {
      auto* y = static_cast<__nv_bfloat16*>(a.y) + at;
      if (aligned) {
        *reinterpret_cast<__nv_bfloat162*>(y) = __floats2bfloat162_rn(pair.x, pair.y);
      } else {
        y[0] = __float2bfloat16_rn(pair.x);
        if (both) y[1] = __float2bfloat16_rn(pair.y);
      }
    }
  }
}

template <int tokens>
__device__ __forceinline__ float* sums_of(const Arguments& a, int segment, int half, int token_tile) {
  const std::size_t tile = (static_cast<std::size_t>(segment) * 2 + half) * a.token_tiles + token_tile;
  return a.sums + tile * (tokens * kTileRows) + threadIdx.x * 4;
}

// Adds the sums of the split pairs' segments, this block's share of the column groups.
template <int tokens>
__device__ __forceinline__ void add_segments(const Arguments& a) {
  const GemmSchedule& s = a.schedule;
  const int groups = (a.rows + 7) / 8;  // of eight tokens, in every tile of every split pair
  const long long all = 2LL * s.split * groups;
  const int begin = static_cast<int>(all * blockIdx.x / gridDim.x);
  const int end = static_cast<int>(all * (blockIdx.x + 1) / gridDim.x);
  for (int item = begin; item < end;) {
    const int tile = item / groups, stop = min(end, (tile + 1) * groups);
    const int pair = tile / 2, half = tile % 2;
    const int first = s.first(pair), last = s.last(pair);
    if (first == last) {  // was written at once
      item = stop;
      continue;
    }
    unsigned* counter = &a.counters[tile];
    const unsigned arrivals = (last - first + 1) * a.token_tiles;
    if (threadIdx.x == 0) {
      unsigned seen;
      do {
        asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(seen) : "l"(counter) : "memory");
      } while ((seen & 0xFFFF) != arrivals);
    }
    sync_consumers();
    const int read = stop - item;
    for (; item < stop; ++item) {
      const int group = item % groups;
      const int token_tile = group * 8 / tokens, of_tile = group - token_tile * (tokens / 8);
      const std::size_t step = 2 * static_cast<std::size_t>(a.token_tiles) * (tokens * kTileRows);
      const float* from = sums_of<tokens>(a, first + pair, half, token_tile) + of_tile * kConsumers * 4;
      constexpr int kAhead = 8;
      float4 sum = {0, 0, 0, 0};
      for (int segment = first; segment <= last; segment += kAhead) {
        float4 part[kAhead];
#pragma unroll
        for (int i = 0; i < kAhead; ++i) {
          if (segment + i <= last) {
            part[i] = __ldcg(reinterpret_cast<const float4*>(from + (segment - first + i) * step));
          }
        }
#pragma unroll
        for (int i = 0; i < kAhead; ++i) {
          if (segment + i <= last) {
            sum = {sum.x + part[i].x, sum.y + part[i].y, sum.z + part[i].z, sum.w + part[i].w};
          }
        }
      }
      write_group(a, (s.whole + pair) * kPairRows + half * kTileRows, group * 8, sum);
    }
    sync_consumers();
    if (threadIdx.x == 0) {
      const unsigned before = atomicAdd(counter, static_cast<unsigned>(read) << 16);
      if (before >> 16 == static_cast<unsigned>(groups - read)) *counter = 0;
    }
  }
}

// One block computes one tile (128 rows) of its worker's pairs; the two blocks of a worker are a
// cluster if `shared_x`: each then fetches half of the tokens' tile for both.
template <int tokens, int stages, bool shared_x, int blocks_an_sm>
__global__ void __launch_bounds__(kThreads, blocks_an_sm)
    gemm_kernel(const __grid_constant__ Arguments a, const __grid_constant__ CUtensorMap x) {
#if __CUDA_ARCH_FEAT_SM90_ALL
  constexpr int kTokenBytes = tokens * kBlockK * 2, kStageBytes = kTileBytes + kTokenBytes;
  constexpr unsigned kReleases = kConsumers / 32 * (shared_x ? 2 : 1);
  extern __shared__ unsigned char memory[];
  unsigned char* tiles = memory + (1024 - shared_address(memory) % 1024) % 1024;
  __shared__ std::uint64_t full[stages], empty[stages];

  let_next_start();
  if (threadIdx.x == 0) {
    for (int i = 0; i < stages; ++i) {
      init_barrier(&full[i], 1);
      init_barrier(&empty[i], kReleases);
    }
    publish_barriers();
  }
  __syncthreads();
  if constexpr (shared_x) arrive_at_cluster();

  const int half = blockIdx.x % 2;
  const int warp = threadIdx.x / 32;
  Walk walk(a.schedule, blockIdx.x / 2, a.token_tiles);
  if (warp == kConsumers / 32) {
    const bool copies = threadIdx.x % 32 == 0;
    const std::uint64_t once = read_once_policy();
    const auto w_tile = [&](const Walk& at, int block) {
      return a.w + ((static_cast<std::size_t>(at.pair) * 2 + half) * a.schedule.blocks + block) *
                       kTileElements;
    };
    const auto copy_w = [&](const Walk& at, int block, int stage) {
      arrive_expecting(&full[stage], kStageBytes);
      copy_bulk(tiles + stage * kStageBytes, w_tile(at, block), kTileBytes, &full[stage], once);
    };
    const auto copy_x = [&](const Walk& at, int block, int stage) {
      unsigned char* to = tiles + stage * kStageBytes + kTileBytes;
      if constexpr (shared_x) {
        copy_box_to(3, to + half * (kTokenBytes / 2), x, block * kBlockK,
                    at.token_tile * tokens + half * (tokens / 2), &full[stage]);
      } else {
        copy_box(to, x, block * kBlockK, at.token_tile * tokens, &full[stage]);
      }
    };
    // W does not depend on the kernels ahead: fill the stages with it while they still run.
    int ahead = 0;
    if (copies) {
      prefetch_map(x);
      Walk early = walk;
      int left = a.prefetch;
      while ((ahead < stages || left > 0) && early.next()) {
        for (int block = early.first; block < early.last; ++block) {
          if (ahead < stages) {
            copy_w(early, block, ahead++);
          } else if (early.token_tile == 0 && left-- > 0) {
            prefetch_bulk(w_tile(early, block), kTileBytes);
          }
        }
      }
    }
    if constexpr (shared_x) wait_for_cluster();
    wait_for_previous();
    if (copies) {
      int stage = 0, count = 0;
      unsigned parity = 1;
      while (walk.next()) {
        for (int block = walk.first; block < walk.last; ++block, ++count) {
          wait(&empty[stage], parity);
          if (count >= ahead) copy_w(walk, block, stage);
          copy_x(walk, block, stage);
          if (++stage == stages) stage = 0, parity ^= 1;
        }
      }
    }
    __syncwarp();
  } else {
    if constexpr (shared_x) wait_for_cluster();
    wait_for_previous();  // before Y and the workspace are written
    float d[tokens / 2];
    int stage = 0;
    unsigned parity = 0;
    const std::uint32_t base = shared_address(tiles);
    const auto release = [&](int done) {
      if constexpr (shared_x) {
        if (threadIdx.x % 32 < 2) arrive_at(threadIdx.x % 32, &empty[done]);
      } else {
        if (threadIdx.x % 32 == 0) arrive(&empty[done]);
      }
    };
    while (walk.next()) {
      int before = -1;
      for (int block = walk.first; block < walk.last; ++block) {
        wait(&full[stage], parity);
        const std::uint64_t w_tile =
            describe_tile(base + stage * kStageBytes + warp / 4 * (kTileBytes / 2));
        const std::uint64_t x_tile = describe_tile(base + stage * kStageBytes + kTileBytes);
        begin_products();
#pragma unroll
        for (int i = 0; i < kBlockK / 16; ++i) {
          Products<tokens>::multiply(d, w_tile + 2 * i, x_tile + 2 * i, block > walk.first || i > 0);
        }
        commit_products();
        wait_for_products<1>();
        if (before >= 0) release(before);
        before = stage;
        if (++stage == stages) stage = 0, parity ^= 1;
      }
      wait_for_products<0>();
      release(before);

      const int groups = min(tokens, a.rows - walk.token_tile * tokens);
      if (walk.split) {
        const int of_split = walk.pair - a.schedule.whole;
        float* to = sums_of<tokens>(a, walk.worker + of_split, half, walk.token_tile);
#pragma unroll
        for (int i = 0; i < tokens / 8; ++i) {
          if (i * 8 < groups) {
            __stcg(reinterpret_cast<float4*>(to + i * kConsumers * 4),
                   float4{d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3]});
          }
        }
        sync_consumers();
        if (threadIdx.x == 0) {  // releases the other threads' writes too
          asm volatile("red.release.gpu.global.add.u32 [%0], 1;" ::"l"(
                           &a.counters[of_split * 2 + half])
                       : "memory");
        }
      } else {
#pragma unroll
        for (int i = 0; i < tokens / 8; ++i) {
          if (i * 8 < groups) {
            write_group(a, walk.pair * kPairRows + half * kTileRows,
                        walk.token_tile * tokens + i * 8,
                        {d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3]});
          }
        }
      }
    }
    add_segments<tokens>(a);
  }
  if constexpr (shared_x) {  // a block must not end while the other still writes to it
    arrive_at_cluster();
    wait_for_cluster();
  }
#endif
}

// One thread moves 16 bytes. Within sixteen rows of a tile, plain rows 2i and 2i + 1 go to i and i + 8
// and gate and up rows i to i and i + 8: the pair lands in one thread's accumulators.
__global__ void pack_kernel(const uint4* w, int n, int k, bool gate_up, uint4* packed) {
  const std::size_t chunk = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int blocks = k / kBlockK, place = chunk % 8;
  const int row_of_tile = chunk / 8 % kTileRows;
  const std::size_t tile = chunk / 8 / kTileRows;
  const int block = tile % blocks;
  const int first = static_cast<int>(tile / blocks) * kTileRows + row_of_tile / 16 * 16;
  const int i = row_of_tile % 8, upper = row_of_tile / 8 % 2;
  if (first >= (n + kPairRows - 1) / kPairRows * kPairRows) return;
  const int row = gate_up ? first / 2 + i + upper * (n / 2) : first + 2 * i + upper;
  const bool inside = gate_up ? first / 2 + i < n / 2 : row < n;
  uint4 value = {0, 0, 0, 0};
  if (inside) {
    const int source = place ^ (row_of_tile & 7);
    value = w[(static_cast<std::size_t>(row) * k + block * kBlockK) / 8 + source];
  }
  packed[chunk] = value;
}

CUtensorMap map_tokens(const void* x, int rows, int k, int box_rows) {
  static const auto encode = [] {
    void* function = nullptr;
    cudaDriverEntryPointQueryResult found{};
    check(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000,
                                           cudaEnableDefault, &found));
    if (found != cudaDriverEntryPointSuccess) {
      throw Error(ErrorKind::kEnvironment, "the driver has no tensor maps", "it is older than CUDA 12",
                  "install a newer driver");
    }
    return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
  }();
  CUtensorMap map;
  const cuuint64_t size[] = {static_cast<cuuint64_t>(k), static_cast<cuuint64_t>(rows)};
  const cuuint64_t pitch[] = {static_cast<cuuint64_t>(k) * 2};
  const cuuint32_t box[] = {kBlockK, static_cast<cuuint32_t>(box_rows)}, step[] = {1, 1};
  const CUresult result =
      encode(&map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 2, const_cast<void*>(x), size, pitch, box, step,
             CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
             CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  QUORUM_CHECK(result == CUDA_SUCCESS, "tensor map of the rows of X");
  return map;
}

template <int tokens, int stages, bool shared_x, int blocks_an_sm>
struct Variant {
  static constexpr auto kernel = gemm_kernel<tokens, stages, shared_x, blocks_an_sm>;
  static constexpr std::size_t bytes =
      1024 + std::size_t{stages} * (kTileBytes + tokens * kBlockK * 2);

  static void prepare() {
    static const bool done = [] {
      check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
      return true;
    }();
    static_cast<void>(done);
  }
  static void start(Arguments a, const HopperProduct& p, cudaStream_t stream) {
    prepare();
    a.token_tiles = (a.rows + tokens - 1) / tokens;
    launch({.grid = 2 * kWorkers,
            .block = kThreads,
            .shared_bytes = bytes,
            .stream = stream,
            .overlap = true,
            .cluster = shared_x ? 2u : 1u},
           kernel, a, map_tokens(p.x, p.rows, p.k, shared_x ? tokens / 2 : tokens));
  }
};

using Widest = Variant<256, 4, true, 1>;

void start(const Arguments& a, const HopperProduct& p, cudaStream_t stream) {
  const int tile = (p.rows + (p.rows + 255) / 256 - 1) / ((p.rows + 255) / 256);
  if (tile <= 8) return Variant<8, 6, false, 2>::start(a, p, stream);
  if (tile <= 16) return Variant<16, 6, false, 2>::start(a, p, stream);
  if (tile <= 32) return Variant<32, 5, false, 2>::start(a, p, stream);
  if (tile <= 64) return Variant<64, 4, true, 2>::start(a, p, stream);
  if (tile <= 96) return Variant<96, 7, true, 1>::start(a, p, stream);
  if (tile <= 128) return Variant<128, 6, true, 1>::start(a, p, stream);
  if (tile <= 192) return Variant<192, 5, true, 1>::start(a, p, stream);
  Widest::start(a, p, stream);
}

}  // namespace

std::size_t hopper_packed_bytes(int n, int k) {
  return static_cast<std::size_t>((n + kPairRows - 1) / kPairRows) * kPairRows * k * 2;
}

void hopper_pack(const void* w, int n, int k, WeightForm form, void* packed, cudaStream_t stream) {
  QUORUM_CHECK(k % kBlockK == 0 && (form == WeightForm::kPlain || n % 16 == 0), "shape of W");
  const std::size_t chunks = hopper_packed_bytes(n, k) / 16;
  launch({.grid = static_cast<unsigned>(chunks / 256), .block = 256, .stream = stream}, pack_kernel,
         static_cast<const uint4*>(w), n, k, form == WeightForm::kGateUp, static_cast<uint4*>(packed));
}

std::size_t hopper_workspace_bytes(int n, int k, int max_rows) {
  const GemmSchedule s = schedule_gemm(n, k);
  // The widest tile of tokens that any row count up to this one is rounded to.
  const std::size_t rows = std::min((max_rows + 255) / 256 * 256, kMaxTokens);
  return kHopperCounterBytes + s.segments() * kPairRows * rows * sizeof(float);
}

void hopper_multiply(const HopperProduct& product, cudaStream_t stream) {
  const bool gate_up = product.form == WeightForm::kGateUp;
  QUORUM_CHECK(product.rows > 0 && product.k % kBlockK == 0, "shape of a product");
  QUORUM_CHECK(!gate_up || (product.out == OutType::kBf16 && product.bias == nullptr), "gate and up");
  Arguments a{};
  a.schedule = schedule_gemm(product.n, product.k);
  a.w = static_cast<const __nv_bfloat16*>(product.packed);
  a.bias = static_cast<const __nv_bfloat16*>(product.bias);
  a.counters = static_cast<unsigned*>(product.workspace);
  a.sums = reinterpret_cast<float*>(static_cast<char*>(product.workspace) + kHopperCounterBytes);
  a.n = product.n;
  a.prefetch = kPrefetch;
  a.fp32 = product.out == OutType::kFp32;
  a.gate_up = gate_up;
  QUORUM_CHECK(2u * a.schedule.split * sizeof(unsigned) <= kHopperCounterBytes, "counters");
  HopperProduct part = product;
  for (int done = 0; done < product.rows; done += part.rows) {
    part.rows = std::min(kMaxTokens, product.rows - done);
    part.x = static_cast<const char*>(product.x) + std::size_t(done) * product.k * 2;
    const std::size_t columns = gate_up ? product.n / 2 : product.n;
    a.y = static_cast<char*>(product.y) + std::size_t(done) * columns * (a.fp32 ? 4 : 2);
    a.rows = part.rows;
    start(a, part, stream);
  }
}

bool hopper_blocks_fit() {
  Widest::prepare();
  cudaLaunchConfig_t config{};
  config.gridDim = 2 * kWorkers;
  config.blockDim = kThreads;
  config.dynamicSmemBytes = Widest::bytes;
  cudaLaunchAttribute cluster;
  cluster.id = cudaLaunchAttributeClusterDimension;
  cluster.val.clusterDim.x = 2;
  cluster.val.clusterDim.y = cluster.val.clusterDim.z = 1;
  config.attrs = &cluster;
  config.numAttrs = 1;
  int clusters = 0;
  check(cudaOccupancyMaxActiveClusters(&clusters, Widest::kernel, &config));
  return clusters >= kWorkers;
}

}  // namespace quorum::cuda
