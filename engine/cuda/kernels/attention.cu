#include <cuda_bf16.h>

#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/attention_loader.cuh"
#include "engine/cuda/kernels/attention_ring.cuh"
#include "engine/cuda/kernels/attention_tile.cuh"
#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/discard.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kWarps = 4;    // each takes 16 of a page's 64 positions
constexpr int kLoader = 4;   // the warp that reads ahead of them
constexpr int kCounter = 5;  // the warp that counts ended splits behind them
constexpr int kThreads = 32 * 6;

template <int D, int Tiles, int Stages>
struct Shared : SharedRing<D, Tiles, Stages> {
  float merge[2][D / 16][4][32];  // two warps' parts of a tile, as in registers
  float merge_top[2][2][32], merge_sum[2][2][32];
  // Barriers: the last two warps' parts lie in `merge`, then the second one's sum; what was there
  // has been added.
  std::uint64_t merging, merging_two, merged;
};

// Merges the four warps' parts into the first one's, always as (0 + 2) + (1 + 3). `phase`: of the
// barriers; the others go on while the first one adds.
template <int D, int Tiles, int Stages>
__device__ void merge_warps(Shared<D, Tiles, Stages>& shared, unsigned& phase, Tile<D>& tile,
                            float scale) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const auto put = [&](int place) {
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
#pragma unroll
      for (int i = 0; i < 4; ++i) shared.merge[place][k][i][lane] = tile.out[k][i];
    }
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      shared.merge_top[place][i][lane] = tile.top[i];
      shared.merge_sum[place][i][lane] = tile.sum[i];
    }
  };
  const auto add = [&](int place) {
    const float top[2] = {shared.merge_top[place][0][lane], shared.merge_top[place][1][lane]};
    const float sum[2] = {shared.merge_sum[place][0][lane], shared.merge_sum[place][1][lane]};
    tile.merge(top, sum, scale, [&](int k, int i) { return shared.merge[place][k][i][lane]; });
  };
  if (warp >= 2) {
    wait(&shared.merged, phase ^ 1);  // the first time there was nothing
    put(warp - 2);
    arrive(&shared.merging);
  } else {
    wait(&shared.merging, phase);
    add(warp);
    if (warp == 1) {  // where it has read what nobody else reads
      put(1);
      arrive(&shared.merging_two);
    } else {
      wait(&shared.merging_two, phase);
      add(1);
      arrive(&shared.merged);
    }
  }
  phase ^= 1;
}

// Merges a sequence's partial results in their order, each warp a fourth of the channels.
template <int D, int Tiles, int Stages>
__device__ void merge_splits(const AttentionCall& call, const Columns& columns,
                             Shared<D, Tiles, Stages>& shared, Ring<Stages>& ring, float scale) {
  constexpr int kChannels = D / kWarps;
  using Place = PartialPlace<D, Tiles>;
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  Tile<kChannels> all[Tiles];
#pragma unroll
  for (int t = 0; t < Tiles; ++t) all[t].clear();
  StageNote note;
  do {
    wait(&shared.full[ring.at], ring.phase);
    note = shared.notes[ring.at];
    const auto* out = reinterpret_cast<const float*>(shared.pages[ring.at]);
    const auto* scales = reinterpret_cast<const float*>(shared.q[ring.at]);
    for (int part = 0; part < note.parts; ++part) {
#pragma unroll
      for (int t = 0; t < Tiles; ++t) {
        float4 values[kChannels / 16];
#pragma unroll
        for (int k = 0; k < kChannels / 16; ++k)
          values[k] = reinterpret_cast<const float4*>(out)[(warp * kChannels / 16 + k) * 32 + lane];
        const float4 of = reinterpret_cast<const float4*>(scales)[lane % 4];
        all[t].merge({of.x, of.y}, {of.z, of.w}, scale,
                     [&](int k, int i) { return reinterpret_cast<const float*>(&values[k])[i]; });
        out += Place::kElements;
        scales += Place::kScales;
      }
    }
    // This block alone reads them, once: they need not be written back.
    const float* const there = PartialPlace<D, Tiles>(call, columns, note, note.split, 0).out;
    const int lines = note.drop ? note.parts * Tiles * Place::kElements * 4 / kLineBytes : 0;
    for (int line = threadIdx.x; line < lines; line += 32 * kWarps)
      discard_line(there + line * (kLineBytes / 4));
    arrive(&shared.empty[ring.at]);
    ring.next();
  } while (!note.last);
#pragma unroll
  for (int t = 0; t < Tiles; ++t) all[t].write(call, note, columns, t, warp * kChannels);
}

template <int D, int Tiles, int Stages>
__device__ void attend_pages(const AttentionCall& call, Shared<D, Tiles, Stages>& shared) {
  const Columns columns = columns_of<Tiles>(call);
  const float scale = call.scale * 1.4426950408889634f;  // exponentials to the base 2
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  Accumulator<D, Tiles> mine;
  Ring<Stages> ring;
  Ring<2> turn;
  unsigned phase = 0;
  const auto end = [&](const StageNote& note) {
    if (lane == 0) shared.ended[turn.at] = note;
    arrive(&shared.stored[turn.at]);
    turn.next();
  };
  for (;;) {
    wait(&shared.full[ring.at], ring.phase);
    const StageNote note = shared.notes[ring.at];
    if (note.sequence < 0) break;
    if (note.parts > 0) {
      merge_splits(call, columns, shared, ring, scale);
      continue;
    }
    if (note.first) mine.start(call, columns, note, shared.q[ring.at]);
    mine.add_page(shared.pages[ring.at][0], shared.pages[ring.at][1], note.page,
                  note.length - note.page * kPageTokens, scale);
    arrive(&shared.empty[ring.at]);
    ring.next();
    if (!note.last) continue;

    const bool whole = splits_of(note.length) == 1;
    mine.close();
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
      merge_warps(shared, phase, mine.tiles[t], scale);
      if (warp != 0) continue;
      if (whole) {
        mine.tiles[t].write(call, note, columns, t, 0);
      } else {
        PartialPlace<D, Tiles>(call, columns, note, note.split, t).store(mine.tiles[t]);
      }
    }
    if (warp == 0 && !whole) {
      fence_copies();
      end(note);
    }
  }
  if (warp == 0) end({.sequence = -1});
}

// Counts the splits of sequences that have ended, and tells the loader of the last ones. A fence
// and a counter take as long as all reads that are on their way: nobody else should wait for them.
template <int D, int Tiles, int Stages>
__device__ void count_splits(const AttentionCall& call, Shared<D, Tiles, Stages>& shared) {
  const Columns columns = columns_of<Tiles>(call);
  for (Ring<2> turn;; turn.next()) {
    wait(&shared.stored[turn.at], turn.phase);
    const StageNote item = shared.ended[turn.at];
    if (item.sequence < 0) return;
    std::int32_t* const ended =
        call.plan.arrived + item.sequence * call.layout.kv_heads * columns.blocks + item.head_block;
    const bool last = add_ordered(ended, 1) + 1 == splits_of(item.length);
    if (last) *ended = 0;
    shared.complete[turn.at] = last;
    arrive(&shared.counted[turn.at]);
  }
}

template <int D, int Tiles, int Stages>
__global__ void __launch_bounds__(kThreads, Tiles == 1 ? 2 : 1)
    attention_kernel(const __grid_constant__ AttentionCall call) {
  extern __shared__ __align__(128) unsigned char memory[];
  Shared<D, Tiles, Stages>& shared = *reinterpret_cast<Shared<D, Tiles, Stages>*>(memory);
  if (threadIdx.x == 0) {
    for (int s = 0; s < Stages; ++s) {
#if __CUDA_ARCH__ >= 900
      init_barrier(&shared.full[s], 1);
#else
      init_barrier(&shared.full[s], 33);
#endif
      init_barrier(&shared.empty[s], 32 * kWarps);
    }
    for (int i = 0; i < 2; ++i) {
      init_barrier(&shared.stored[i], 32);
      init_barrier(&shared.counted[i], 1);
    }
    init_barrier(&shared.merging, 64);
    init_barrier(&shared.merging_two, 32);
    init_barrier(&shared.merged, 32);
    publish_barriers();
  }
  __syncthreads();
  const int warp = threadIdx.x / 32;
#if __CUDA_ARCH__ >= 900
  const bool early = call.old_pages && call.layer > 0;
#else
  constexpr bool early = false;
#endif
  // Warps wait for the kernels ahead one after another: the four that compute need not, since the
  // loader brings no query before it has waited.
  if (warp == kLoader) {
    if (!early) wait_for_previous();
    Loader<D, Tiles, Stages>(call, shared).run(early);
  } else if (warp == kCounter) {
    wait_for_previous();
    let_next_start();  // only now: see `old_pages`
    if (threadIdx.x % 32 == 0) count_splits(call, shared);
  } else {
    attend_pages(call, shared);
  }
}

template <int D, int Tiles, int Stages>
void start(const AttentionCall& call, cudaStream_t stream) {
  constexpr std::size_t kBytes = sizeof(Shared<D, Tiles, Stages>);
  allow_shared_memory<attention_kernel<D, Tiles, Stages>, kBytes>();
  launch({dim3(call.blocks), dim3(kThreads), kBytes, stream, true},
         attention_kernel<D, Tiles, Stages>, call);
}

std::size_t shared_memory_of_a_block() {
  int device = 0, bytes = 0;
  check(cudaGetDevice(&device));
  check(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device));
  return static_cast<std::size_t>(bytes);
}

template <int D, int Tiles>
void start_fitting(const AttentionCall& call, cudaStream_t stream) {
  static const bool three = sizeof(Shared<D, Tiles, 3>) <= shared_memory_of_a_block();
  three ? start<D, Tiles, 3>(call, stream) : start<D, Tiles, 2>(call, stream);
}

}  // namespace

void attend(const AttentionCall& call, cudaStream_t stream) {
  const int columns = call.sizes.heads / call.sizes.kv_heads * call.queries;
  const bool narrow = call.sizes.head_dim == 64;
  if (columns <= 8) {
    narrow ? start_fitting<64, 1>(call, stream) : start_fitting<128, 1>(call, stream);
  } else if (columns <= 16) {
    narrow ? start_fitting<64, 2>(call, stream) : start_fitting<128, 2>(call, stream);
  } else {
    narrow ? start_fitting<64, 4>(call, stream) : start_fitting<128, 4>(call, stream);
  }
}

}  // namespace quorum::cuda
