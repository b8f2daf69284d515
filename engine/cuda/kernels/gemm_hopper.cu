#include "engine/cuda/kernels/gemm_hopper.h"

#include <cuda.h>
#include <cuda_bf16.h>

#include <algorithm>
#include <cstdint>
#include <type_traits>

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
constexpr int kConsumers = 256;             // threads: two warpgroups, 64 rows of the tile each
constexpr int kThreads = kConsumers + 32;   // and the warp that copies
constexpr int kPackedRows = 2 * kTileRows;  // W is padded to a multiple: tiles go in pairs
constexpr int kMaxTokens = 512;             // a launch

struct Arguments {
  const __nv_bfloat16* w;
  const __nv_bfloat16* bias;
  void* y;
  GemmSchedule schedule;
  int n, rows, token_tiles;
  OutType out;
  WeightForm form;
  // Two kernels serve one product, whole tiles and split ones: the second waits for the first only
  // before it writes.
  bool in_front, behind;
};

enum class Writes { kBf16, kFp32, kGateUp };

// Writes one thread's values of a tile of Y, by column groups of eight tokens (wgmma.cuh).
template <Writes writes>
struct Writer {
  using Element = std::conditional_t<writes == Writes::kFp32, float, __nv_bfloat16>;
  Element* first;  // of group 0
  std::size_t columns;
  int tokens;  // of the tile from this thread's first one on
  bool odd, both, aligned;
  float bias[2] = {0, 0};

  __device__ __forceinline__ Writer(const Arguments& a, int tile, int first_token) {
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
      if (a.bias != nullptr && column < a.n) {
        bias[0] = __bfloat162float(a.bias[column]);
        if (both) bias[1] = __bfloat162float(a.bias[column + 1]);
      }
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
      const float low = v.x / (1 + __expf(-v.x)) * v.z, high = v.y / (1 + __expf(-v.y)) * v.w;
      // Neighbours along W's rows swap, so that each writes two of them for one token.
      const float other = __shfl_xor_sync(~0u, odd ? low : high, 4);
      if (token < tokens) pair(token, odd ? other : low, odd ? high : other);
    } else {
      if (token < tokens) pair(token, v.x + bias[0], v.z + bias[1]);
      if (token + 1 < tokens) pair(token + 1, v.y + bias[0], v.w + bias[1]);
    }
  }
};

template <class Body>
__device__ __forceinline__ void with_writer(const Arguments& a, int tile, int token, Body body) {
  if (a.form == WeightForm::kGateUp) {
    body(Writer<Writes::kGateUp>(a, tile, token));
  } else if (a.out == OutType::kFp32) {
    body(Writer<Writes::kFp32>(a, tile, token));
  } else {
    body(Writer<Writes::kBf16>(a, tile, token));
  }
}

// What a block computes, one after the other. Of the split tiles each is one stretch of one tile.
template <int sharers, bool split>
struct Walk {
  int tile, token_tile, first, last;
  int end, token_tiles;

  __device__ explicit Walk(const Arguments& a) : token_tiles(a.token_tiles) {
    const GemmSchedule& s = a.schedule;
    if constexpr (split) {
      const int cluster = blockIdx.x / (s.splits * sharers),
                rank = blockIdx.x % (s.splits * sharers);
      tile = s.whole + cluster / token_tiles * sharers + rank % sharers;
      token_tile = cluster % token_tiles;
      const int stretch = rank / sharers;
      first = s.begin(stretch);
      last = s.begin(stretch + 1);
      end = tile + 1;
    } else {
      tile = blockIdx.x;
      token_tile = 0;
      first = 0;
      last = s.blocks;
      end = (s.whole + sharers - 1) / sharers * sharers;
    }
  }
  __device__ bool more() const { return tile < end; }
  __device__ void next() {
    if constexpr (split) {
      tile = end;
    } else if (++token_tile == token_tiles) {
      token_tile = 0;
      tile += gridDim.x;
    }
  }
};

// Adds the sums of the blocks with stretches of one tile, in their order, and writes them. Each
// block takes every `splits`-th column group: it gets the others' sums of it into `gathered`, which
// is idle by now in all blocks of the cluster.
template <int tokens, int sharers>
__device__ __forceinline__ void add_stretches(const Arguments& a, int tile, int token_tile,
                                              const float (&d)[tokens / 2],
                                              unsigned char* gathered) {
  constexpr int kGroupBytes = kConsumers * sizeof(float4);
  const int splits = a.schedule.splits, rank = blockIdx.x % (splits * sharers);
  const int stretch = rank / sharers;
  const int slots = (tokens / 8 + splits - 1) / splits;  // column groups a block
  const int groups = (min(tokens, a.rows - token_tile * tokens) + 7) / 8;
  const bool consumer = threadIdx.x < kConsumers;
  const std::uint32_t mine = shared_address(gathered) + threadIdx.x * sizeof(float4);
  if (consumer) {
    int owner = 0;  // of the column group: a stretch
    std::uint32_t to = mine + stretch * slots * kGroupBytes;
#pragma unroll
    for (int i = 0; i < tokens / 8; ++i) {
      if (i < groups) {
        store_at(owner * sharers + rank % sharers, to,
                 {d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3]});
      }
      if (++owner == splits) owner = 0, to += kGroupBytes;
    }
  }
  arrive_at_cluster();
  wait_for_cluster();
  if (!consumer) return;
  const auto* from = reinterpret_cast<const float4*>(gathered) + threadIdx.x;
  with_writer(a, tile, token_tile * tokens, [&](const auto& writer) {
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

// `sharers` = 2: pairs of blocks of a cluster compute neighbouring tiles in step, and each fetches
// half of every tile of X for both.
template <int tokens, int stages, int blocks_an_sm, int sharers, bool split>
__global__ void __launch_bounds__(kThreads, blocks_an_sm)
    gemm_kernel(const __grid_constant__ Arguments a, const __grid_constant__ CUtensorMap x) {
#if __CUDA_ARCH_FEAT_SM90_ALL
  constexpr int kTokenBytes = tokens * kBlockK * 2, kStageBytes = kTileBytes + kTokenBytes;
  static_assert(stages * kStageBytes >= (tokens / 8 + kMaxSplits - 1) * kConsumers * 16);
  extern __shared__ unsigned char memory[];
  unsigned char* tiles = memory + (1024 - shared_address(memory) % 1024) % 1024;
  __shared__ std::uint64_t full[stages], empty[stages];

  if (!a.in_front) let_next_start();
  if (threadIdx.x == 0) {
    for (int i = 0; i < stages; ++i) {
      init_barrier(&full[i], 1);
      init_barrier(&empty[i], kConsumers / 32 * sharers);
    }
    publish_barriers();
  }
  __syncthreads();
  if constexpr (sharers > 1) arrive_at_cluster();

  float d[tokens / 2];
  Walk<sharers, split> walk(a);
  const Walk<sharers, split> start = walk;
  const int warp = threadIdx.x / 32;
  const int part = blockIdx.x % sharers;
  const int first_sharer =
      split ? blockIdx.x % (a.schedule.splits * sharers) - part : 0;  // its rank
  if (warp == kConsumers / 32) {
    const bool copies = threadIdx.x % 32 == 0;
    const std::uint64_t once = read_once_policy();
    const auto copy_w = [&](int tile, int block, int stage) {
      const std::size_t at = static_cast<std::size_t>(tile) * a.schedule.blocks + block;
      arrive_expecting(&full[stage], kStageBytes);
      copy_bulk(tiles + stage * kStageBytes, a.w + at * kTileElements, kTileBytes, &full[stage],
                once);
    };
    const auto copy_x = [&](int token_tile, int block, int stage) {
      unsigned char* to = tiles + stage * kStageBytes + kTileBytes;
      if constexpr (sharers > 1) {
        copy_box_to(((1 << sharers) - 1) << first_sharer, to + part * (kTokenBytes / sharers), x,
                    block * kBlockK, token_tile * tokens + part * (tokens / sharers), &full[stage]);
      } else {
        copy_box(to, x, block * kBlockK, token_tile * tokens, &full[stage]);
      }
    };
    // W does not depend on the kernels ahead: fill the stages with it while they still run.
    int ahead = 0;
    if (copies) {
      prefetch_map(x);
      for (auto early = walk; early.more() && ahead < stages; early.next()) {
        for (int block = early.first; block < early.last && ahead < stages; ++block) {
          copy_w(early.tile, block, ahead++);
        }
      }
    }
    if constexpr (sharers > 1) wait_for_cluster();
    if (!a.behind) wait_for_previous();
    if (a.in_front) let_next_start();
    if (copies) {
      int stage = 0, count = 0;
      unsigned parity = 0;
      for (; walk.more(); walk.next()) {
        for (int block = walk.first; block < walk.last; ++block, ++count) {
          if (count >= stages) {
            wait(&empty[stage], parity);
            copy_w(walk.tile, block, stage);
          }
          copy_x(walk.token_tile, block, stage);
          if (++stage == stages) {
            stage = 0;
            if (count >= stages) parity ^= 1;
          }
        }
      }
    }
    __syncwarp();
  } else {
    if constexpr (sharers > 1) wait_for_cluster();
    if constexpr (!split) wait_for_previous();  // before Y is written
    int stage = 0;
    unsigned parity = 0;
    const std::uint32_t base = shared_address(tiles);
    const auto release = [&](int done) {
      if constexpr (sharers > 1) {
        if (threadIdx.x % 32 < sharers) arrive_at(first_sharer + threadIdx.x % 32, &empty[done]);
      } else {
        if (threadIdx.x % 32 == 0) arrive(&empty[done]);
      }
    };
    for (; walk.more(); walk.next()) {
      int before = -1;
      for (int block = walk.first; block < walk.last; ++block) {
        wait(&full[stage], parity);
        const std::uint64_t w_tile =
            describe_tile(base + stage * kStageBytes + warp / 4 * (kTileBytes / 2));
        const std::uint64_t x_tile = describe_tile(base + stage * kStageBytes + kTileBytes);
        begin_products();
#pragma unroll
        for (int i = 0; i < kBlockK / 16; ++i) {
          Products<tokens>::multiply(d, w_tile + 2 * i, x_tile + 2 * i,
                                     block > walk.first || i > 0);
        }
        commit_products();
        wait_for_products<1>();
        if (before >= 0) release(before);
        before = stage;
        if (++stage == stages) stage = 0, parity ^= 1;
      }
      wait_for_products<0>();
      if constexpr (!split) {
        release(before);
        with_writer(a, walk.tile, walk.token_tile * tokens, [&](const auto& writer) {
          const int groups = a.rows - walk.token_tile * tokens;
#pragma unroll
          for (int i = 0; i < tokens / 8; ++i) {
            if (8 * i < groups) {
              writer.write(i, {d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3]});
            }
          }
        });
      }
    }
  }
  if constexpr (split) {
    arrive_at_cluster();
    wait_for_previous();
    wait_for_cluster();
    add_stretches<tokens, sharers>(a, start.tile, start.token_tile, d, tiles);
  }
  if constexpr (sharers > 1 && !split) {  // a block must not end while the other still writes to it
    arrive_at_cluster();
    wait_for_cluster();
  }
#endif
}

// One thread moves 16 bytes. Within sixteen rows of a tile, plain rows 2i and 2i + 1 go to i and i
// + 8 and gate and up rows i to i and i + 8: the pair lands in one thread's accumulators.
__global__ void pack_kernel(const uint4* w, int n, int k, bool gate_up, uint4* packed) {
  const std::size_t chunk = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int blocks = k / kBlockK, place = chunk % 8;
  const int row_of_tile = chunk / 8 % kTileRows;
  const std::size_t tile = chunk / 8 / kTileRows;
  const int block = tile % blocks;
  const int first = static_cast<int>(tile / blocks) * kTileRows + row_of_tile / 16 * 16;
  const int i = row_of_tile % 8, upper = row_of_tile / 8 % 2;
  if (first >= (n + kPackedRows - 1) / kPackedRows * kPackedRows) return;
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
      throw Error(ErrorKind::kEnvironment, "the driver has no tensor maps",
                  "it is older than CUDA 12", "install a newer driver");
    }
    return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
  }();
  CUtensorMap map;
  const cuuint64_t size[] = {static_cast<cuuint64_t>(k), static_cast<cuuint64_t>(rows)};
  const cuuint64_t pitch[] = {static_cast<cuuint64_t>(k) * 2};
  const cuuint32_t box[] = {kBlockK, static_cast<cuuint32_t>(box_rows)}, step[] = {1, 1};
  const CUresult result =
      encode(&map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 2, const_cast<void*>(x), size, pitch, box,
             step, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
             CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  QUORUM_CHECK(result == CUDA_SUCCESS, "tensor map of the rows of X");
  return map;
}

// How a kernel is tuned for a width of the tile of tokens; none of it changes a bit.
template <int tokens, int stages, int blocks_an_sm, int sharers, bool split>
struct Variant {
  static constexpr std::size_t bytes =
      1024 + std::size_t{stages} * (kTileBytes + tokens * kBlockK * 2);

  static auto prepared_kernel() {
    constexpr auto kernel = gemm_kernel<tokens, stages, blocks_an_sm, sharers, split>;
    static const bool prepared = [] {
      check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
      return true;
    }();
    static_cast<void>(prepared);
    return kernel;
  }
  static void start(Arguments a, const HopperProduct& p, cudaStream_t stream) {
    a.token_tiles = (a.rows + tokens - 1) / tokens;
    const GemmSchedule& s = a.schedule;
    const int tiles = ((split ? s.tiles - s.whole : s.whole) + sharers - 1) / sharers * sharers;
    LaunchShape shape{.grid = static_cast<unsigned>(tiles * a.token_tiles * s.splits),
                      .block = kThreads,
                      .shared_bytes = bytes,
                      .stream = stream,
                      .overlap = true,
                      .cluster = static_cast<unsigned>(sharers * (split ? s.splits : 1))};
    if (!split)
      shape.grid = static_cast<unsigned>(std::min(kMultiprocessors * blocks_an_sm, tiles));
    launch(shape, prepared_kernel(), a, map_tokens(p.x, p.rows, p.k, tokens / sharers));
  }
};

void start_whole(const Arguments& a, const HopperProduct& p, int tile, cudaStream_t stream) {
  // Two blocks an SM hide the ends of tiles if there are enough of these.
  const bool many = a.schedule.whole >= 2 * kMultiprocessors;
  if (tile <= 8) {
    return many ? Variant<8, 6, 2, 1, false>::start(a, p, stream)
                : Variant<8, 12, 1, 1, false>::start(a, p, stream);
  }
  if (tile <= 16) {
    return many ? Variant<16, 6, 2, 1, false>::start(a, p, stream)
                : Variant<16, 12, 1, 1, false>::start(a, p, stream);
  }
  if (tile <= 32) {
    return many ? Variant<32, 5, 2, 1, false>::start(a, p, stream)
                : Variant<32, 10, 1, 1, false>::start(a, p, stream);
  }
  if (tile <= 64) {
    return many ? Variant<64, 4, 2, 1, false>::start(a, p, stream)
                : Variant<64, 9, 1, 1, false>::start(a, p, stream);
  }
  if (tile <= 96) return Variant<96, 7, 1, 2, false>::start(a, p, stream);
  if (tile <= 128) return Variant<128, 7, 1, 2, false>::start(a, p, stream);
  if (tile <= 192) return Variant<192, 5, 1, 2, false>::start(a, p, stream);
  Variant<256, 4, 1, 2, false>::start(a, p, stream);
}

void start_split(const Arguments& a, const HopperProduct& p, int tile, cudaStream_t stream) {
  const GemmSchedule& s = a.schedule;
  // Narrow tiles of tokens are done sooner, if all of them run at once.
  const int narrow = (p.rows + 127) / 128;
  if (tile > 128 && (s.tiles - s.whole) * narrow <= clusters_at_once(s.splits)) tile = 128;
  if (tile <= 8) return Variant<8, 12, 1, 1, true>::start(a, p, stream);
  if (tile <= 16) return Variant<16, 12, 1, 1, true>::start(a, p, stream);
  if (tile <= 32) return Variant<32, 10, 1, 1, true>::start(a, p, stream);
  if (tile <= 64) return Variant<64, 9, 1, 1, true>::start(a, p, stream);
  if (tile <= 96) return Variant<96, 7, 1, 1, true>::start(a, p, stream);
  if (tile <= 128) return Variant<128, 7, 1, 1, true>::start(a, p, stream);
  if (tile <= 192) return Variant<192, 5, 1, 1, true>::start(a, p, stream);
  Variant<256, 4, 1, 1, true>::start(a, p, stream);
}

void start(Arguments a, const HopperProduct& p, cudaStream_t stream) {
  const int passes = (p.rows + 255) / 256, tile = (p.rows + passes - 1) / passes;
  const GemmSchedule& s = a.schedule;
  const bool both = s.whole > 0 && s.whole < s.tiles;
  a.in_front = both;
  if (s.whole > 0) start_whole(a, p, tile, stream);
  a.in_front = false;
  a.behind = both;
  if (s.whole < s.tiles) start_split(a, p, tile, stream);
}

}  // namespace

std::size_t hopper_packed_bytes(int n, int k) {
  return static_cast<std::size_t>((n + kPackedRows - 1) / kPackedRows) * kPackedRows * k * 2;
}

void hopper_pack(const void* w, int n, int k, WeightForm form, void* packed, cudaStream_t stream) {
  QUORUM_CHECK(k % kBlockK == 0 && (form == WeightForm::kPlain || n % 16 == 0), "shape of W");
  const std::size_t chunks = hopper_packed_bytes(n, k) / 16;
  launch({.grid = static_cast<unsigned>(chunks / 256), .block = 256, .stream = stream}, pack_kernel,
         static_cast<const uint4*>(w), n, k, form == WeightForm::kGateUp,
         static_cast<uint4*>(packed));
}

void hopper_multiply(const HopperProduct& product, cudaStream_t stream) {
  const bool gate_up = product.form == WeightForm::kGateUp;
  QUORUM_CHECK(product.rows > 0 && product.k % kBlockK == 0, "shape of a product");
  QUORUM_CHECK(!gate_up || (product.out == OutType::kBf16 && product.bias == nullptr),
               "gate and up");
  Arguments a{};
  a.schedule = schedule_gemm(product.n, product.k);
  a.w = static_cast<const __nv_bfloat16*>(product.packed);
  a.bias = static_cast<const __nv_bfloat16*>(product.bias);
  a.n = product.n;
  a.out = product.out;
  a.form = product.form;
  HopperProduct part = product;
  for (int done = 0; done < product.rows; done += part.rows) {
    part.rows = std::min(kMaxTokens, product.rows - done);
    part.x = static_cast<const char*>(product.x) + std::size_t(done) * product.k * 2;
    const std::size_t columns = gate_up ? product.n / 2 : product.n;
    a.y = static_cast<char*>(product.y) + done * columns * (product.out == OutType::kFp32 ? 4 : 2);
    a.rows = part.rows;
    start(a, part, stream);
  }
}

bool hopper_blocks_fit() {
  using Widest = Variant<256, 4, 1, 1, true>;
  cudaLaunchConfig_t config{};
  config.gridDim = kMaxSplits;
  config.blockDim = kThreads;
  config.dynamicSmemBytes = Widest::bytes;
  cudaLaunchAttribute cluster;
  cluster.id = cudaLaunchAttributeClusterDimension;
  cluster.val.clusterDim.x = kMaxSplits;
  cluster.val.clusterDim.y = cluster.val.clusterDim.z = 1;
  config.attrs = &cluster;
  config.numAttrs = 1;
  int clusters = 0;
  check(cudaOccupancyMaxActiveClusters(&clusters, Widest::prepared_kernel(), &config));
  return clusters > 0;
}

}  // namespace quorum::cuda
