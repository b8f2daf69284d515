// Products with few rows of W: a tile of W is split along K over the blocks of a cluster, whose
// sums meet in shared memory.
#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "engine/cuda/kernels/discard.cuh"
#include "engine/cuda/kernels/gemm_endings.cuh"
#include "engine/cuda/kernels/gemm_gathered.cuh"
#include "engine/cuda/kernels/gemm_gathering.h"
#include "engine/cuda/kernels/gemm_stages.cuh"
#include "engine/cuda/kernels/gemm_token_tiles.h"
#include "engine/cuda/kernels/tensor_copy.cuh"
#include "engine/cuda/kernels/wgmma.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kTileElements = kTileRows * kBlockK;  // of packed W
constexpr int kThreads = kClusterThreads + kCopying + kPreparing;

// Where the sums of a column group go: addresses in the block that finishes it, of the place for
// them and of the barrier on which they are counted. 0, where no barrier lies, for those that stay.
struct Destination {
  std::uint32_t sums, counted;
};

template <int tokens_, Sharing sharing_ = Sharing::kStretches>
struct Shape : ClusterTile<tokens_> {
  using ClusterTile<tokens_>::tokens, ClusterTile<tokens_>::stages;
  using ClusterTile<tokens_>::stage_bytes;
  static constexpr Sharing sharing = sharing_;
  // Of more than a stretch, rows are many and memory does not bound.
  static constexpr int under_way =
      sharing == Sharing::kStretches ? stages_under_way(tokens, kSplitUnderWay, kTileBytes, stages)
                                     : stages;
  static constexpr std::size_t bytes = 1024 + std::size_t{stages} * stage_bytes;
  static_assert(stages * stage_bytes >=
                (tokens / 8 + kMaxSplits - 1) * kGroupBytes + tokens / 8 * kPartialBytes);
  static constexpr std::size_t kept =  // beside the stages
      sizeof(Stages<stages>) + kReceived<tokens> * sizeof(std::uint64_t) +
      sizeof(TileRows<tokens>) + tokens / 8 * sizeof(Destination);
  static_assert(bytes + kept <= 227 * 1024, "the memory of a multiprocessor");
};

// By the threads that prepare: where the block of `part` sends each column group. The block that
// finishes it takes every `parts`-th.
template <int tokens>
__device__ __forceinline__ void find_destinations(const GatheringPlaces& places, int part,
                                                  int parts, int i, unsigned char* stages,
                                                  std::uint64_t* received,
                                                  Destination* destinations) {
  if (i >= tokens / 8) return;
  const int owner = i % parts, slot = i / parts;
  const int offset = places.longer >> owner & 1 ? places.offset[1] : places.offset[0];
  const std::uint32_t at =
      shared_address(stages) + offset + (part * places.slots + slot) * kGroupBytes;
  const std::uint32_t counted = shared_address(&received[slot / kTogether<tokens>]);
  destinations[i] = {address_in(owner, at), owner == part ? 0 : address_in(owner, counted)};
}

// Sends the sums of this block to those that finish them: thread i has what thread i of the others
// has of the same group.
template <int tokens>
__device__ __forceinline__ void send_sums(int groups, const float (&d)[tokens / 2],
                                          const Destination* destinations) {
#pragma unroll
  for (int i = 0; i < tokens / 8; ++i) {
    if (i >= groups) break;
    const Destination to = destinations[i];
    send_or_store(to.sums + threadIdx.x * static_cast<unsigned>(sizeof(float4)),
                  {d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3]}, to.counted);
  }
}

// By the threads that prepare, `i` being the first of them; behind wait_for_previous().
__device__ __forceinline__ void drop_spent(const GemmArguments& a, int i) {
  for (std::size_t line = kLineBytes * (std::size_t(blockIdx.x) * kPreparing + i);
       line < a.spent_bytes; line += kLineBytes * std::size_t(gridDim.x) * kPreparing) {
    discard_line(a.spent + line);
  }
}

template <class S>
__global__ void __launch_bounds__(kThreads, 1)
    cluster_kernel(const __grid_constant__ GemmArguments a, const __grid_constant__ CUtensorMap x) {
#if __CUDA_ARCH_FEAT_SM90_ALL
  constexpr int tokens = S::tokens, stages = S::stages, kStageBytes = S::stage_bytes;
  extern __shared__ unsigned char memory[];
  unsigned char* tiles = memory + (1024 - shared_address(memory) % 1024) % 1024;
  __shared__ Stages<stages> ring_stages;
  __shared__ std::uint64_t received[kReceived<tokens>];
  __shared__ TileRows<tokens> rows;
  __shared__ Destination destinations[tokens / 8];

  const SharesOfK shares{a.schedule, S::sharing};
  const int parts = shares.parts();
  const int part = blockIdx.x % parts, cluster = blockIdx.x / parts;
  const int tile = cluster / a.token_tiles, first_token = cluster % a.token_tiles * tokens;
  const int first = shares.begin(part), blocks = shares.blocks(part);
  const int groups = (min(tokens, a.rows - first_token) + 7) / 8;

  let_next_start();
  if (threadIdx.x == 0) ring_stages.init(kClusterThreads / 32);
  if (threadIdx.x == 32) {
    int left = groups_finished(groups, part, parts);
    for (std::uint64_t& barrier : received) {
      init_barrier(&barrier, 1);
      const int counted = max(0, min(left, kTogether<tokens>));
      arrive_expecting(&barrier, counted * (parts - 1) * kGroupBytes);
      left -= counted;
    }
    publish_barriers();
  }
  __syncthreads();

  const int warp = uniform(threadIdx.x / 32);
  if (warp == kClusterThreads / 32) {
    if (threadIdx.x % 32 != 0) return;
    const std::uint64_t once = read_once_policy();
    Filler<stages, S::under_way> filler(ring_stages);
    for (int block = 0; block < blocks; ++block) {
      const int stage = filler.next();
      const std::size_t at = static_cast<std::size_t>(tile) * a.schedule.blocks + first + block;
      arrive_expecting(&ring_stages.w[stage], kTileBytes);
      copy_bulk(tiles + stage * kStageBytes, a.w + at * kTileElements, kTileBytes,
                &ring_stages.w[stage], once);
    }
    return;
  }
  if (warp == kClusterThreads / 32 + 1) {
    if (threadIdx.x % 32 == 0) prefetch_map(x);
    wait_for_previous();
    if (threadIdx.x % 32 != 0) return;
    Filler<stages> filler(ring_stages);
    for (int block = 0; block < blocks; ++block) {
      const int stage = filler.next();
      arrive_expecting(&ring_stages.x[stage], kStageBytes - kTileBytes);
      copy_box(tiles + stage * kStageBytes + kTileBytes, x, (first + block) * kBlockK, first_token,
               &ring_stages.x[stage]);
    }
    return;
  }

  constexpr int kPrepares = kClusterThreads + kPreparing;
  if (warp > kClusterThreads / 32) {
    const int i = threadIdx.x - kClusterThreads - kCopying;
    if (a.heads.q != nullptr) locate_rows(a, first_token, i, rows);
    find_destinations<tokens>(a.places, part, parts, i, tiles, received, destinations);
    // Warps wait for the kernels ahead one after another: only those that have to.
    if (a.norm.squares != nullptr || a.spent_bytes > 0) wait_for_previous();
    find_factors(a, first_token, i, rows);
    arrive_named<kPrepares>(kPrepared);
    drop_spent(a, i);
    return;
  }

  float d[tokens / 2];
  const float4 vectors = load_vectors(a, tile);
  // The kernels ahead have ended once a row of X is there: it was asked for after that.
  const bool longer = a.places.longer >> part & 1;
  const int idle_after = uniform(longer ? a.places.after[1] : a.places.after[0]);
  Reader<stages, kStageBytes> reader(ring_stages, tiles);
  std::uint32_t before = 0;  // the stage before is given back on that barrier
  const auto release = [&](std::uint32_t barrier) {
    if (threadIdx.x % 32 == 0) arrive(barrier);
  };
  // Leaves in d the sums over these of the block's blocks of K.
  const auto sum_blocks = [&](int begin, int end) {
    for (int block = begin; block < end; ++block) {
      reader.wait_filled();
      const std::uint32_t w_tile = reader.tile() + warp / 4 * (kTileBytes / 2 / 16);
      const std::uint32_t x_tile = reader.tile() + kTileBytes / 16;
      begin_products();
#pragma unroll
      for (int i = 0; i < kBlockK / 16; ++i) {
        Products<tokens>::multiply(d, w_tile + 2 * i, x_tile + 2 * i, block > begin || i > 0);
      }
      commit_products();
      const std::uint32_t empty = reader.empty();
      reader.next();
      wait_for_products<1>();
      if (block > 0 && block - 1 == idle_after) arrive_at_cluster_without_writes();
      if (before != 0) release(before);
      before = empty;
    }
    wait_for_products<0>();
  };
  if constexpr (S::sharing != Sharing::kStretches) {
    float total[tokens / 2];
    [[maybe_unused]] float first_half[tokens / 2];
    const int begin = shares.stretch(part), end = shares.stretch(part + 1);
    const int half = a.schedule.half();
#pragma unroll 1
    for (int stretch = begin; stretch < end; ++stretch) {
      sum_blocks(a.schedule.begin(stretch) - first, a.schedule.begin(stretch + 1) - first);
      const bool begins = stretch == begin || stretch == half;
#pragma unroll
      for (int i = 0; i < tokens / 2; ++i) {
        if (S::sharing == Sharing::kAll && stretch == half) first_half[i] = total[i];
        total[i] = begins ? d[i] : total[i] + d[i];
      }
    }
#pragma unroll
    for (int i = 0; i < tokens / 2; ++i)
      d[i] = S::sharing == Sharing::kAll ? first_half[i] + total[i] : total[i];
  } else {
    sum_blocks(0, blocks);
  }
  if (idle_after == blocks - 1) arrive_at_cluster_without_writes();
  meet_at<kPrepares>(kPrepared);
  unsigned char* const sums = tiles + (longer ? a.places.offset[1] : a.places.offset[0]);
  const Gathered gathered{reinterpret_cast<const float4*>(sums) + threadIdx.x,
                          parts,
                          a.places.slots,
                          groups,
                          part,
                          reinterpret_cast<float*>(sums + parts * a.places.slots * kGroupBytes),
                          received};
  const auto send_to_all = [&] {
    __syncwarp();
    wait_for_cluster();  // all have room
    send_sums<tokens>(groups, d, destinations);
  };
  const auto end_with = [&]<class Ending>(std::type_identity<Ending>) {
    // What it asks memory for is on its way while sums are sent.
    Ending ending(a, tile, first_token, vectors, rows, gathered);
    send_to_all();
    ending.finish(tile, rows);
  };
  if (a.add.residual != nullptr) {
    end_with(std::type_identity<ResidualEnding<tokens>>());
  } else if (a.heads.q != nullptr) {
    end_with(std::type_identity<HeadsEnding<tokens>>());
  } else {
    send_to_all();
    if (a.form == WeightForm::kGateUp) {
      write_y<Writes::kGateUp>(a, tile, first_token, rows, gathered);
    } else if (a.out == OutType::kFp32) {
      write_y<Writes::kFp32>(a, tile, first_token, rows, gathered);
    } else {
      write_y<Writes::kBf16>(a, tile, first_token, rows, gathered);
    }
  }
#endif
}

template <class S>
auto prepared_kernel() {
  constexpr auto kernel = cluster_kernel<S>;
  allow_shared_memory<kernel, S::bytes>();
  return kernel;
}

template <class S>
void start(GemmArguments a, const HopperProduct& p, cudaStream_t stream) {
  a.token_tiles = (a.rows + S::tokens - 1) / S::tokens;
  const SharesOfK shares{a.schedule, S::sharing};
  const int parts = shares.parts();
  a.places = places_of<S>(shares);
  launch({.grid = static_cast<unsigned>(a.schedule.tiles * a.token_tiles * parts),
          .block = kThreads,
          .shared_bytes = S::bytes,
          .stream = stream,
          .overlap = true,
          .cluster = static_cast<unsigned>(parts)},
         prepared_kernel<S>(), a, map_tokens(p.x, p.rows, p.k, S::tokens));
}

// The narrowest tile of at least `tile` tokens.
template <Sharing sharing, int... widths>
void start_fitting(int tile, const GemmArguments& a, const HopperProduct& p, cudaStream_t stream,
                   std::integer_sequence<int, widths...>) {
  static_assert(((Shape<widths>::bytes <= Shape<128>::bytes) && ...), "see clusters_fit()");
  const bool started =
      ((tile <= widths && (start<Shape<widths, sharing>>(a, p, stream), true)) || ...);
  QUORUM_CHECK(started, "tile of tokens");
}

}  // namespace

void multiply_in_clusters(const GemmArguments& a, const HopperProduct& p, cudaStream_t stream) {
  const TokenTiles tiles = tiles_of_tokens(a.schedule, p.rows, p.multiprocessors);
  const int tokens = (p.rows + tiles.count - 1) / tiles.count;
  switch (tiles.sharing) {
    case Sharing::kStretches:
      return start_fitting<Sharing::kStretches>(tokens, a, p, stream, WidthsOfTiles());
    case Sharing::kHalves:
      return start_fitting<Sharing::kHalves>(tokens, a, p, stream, WidthsOfHalves());
    case Sharing::kAll: return start<Shape<kTokensOfAll, Sharing::kAll>>(a, p, stream);
  }
}

bool clusters_fit() {
  using Largest = Shape<128>;  // of shared memory
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
  check(cudaOccupancyMaxActiveClusters(&clusters, prepared_kernel<Largest>(), &config));
  return clusters > 0;
}

}  // namespace quorum::cuda
