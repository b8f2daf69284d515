#include <cuda_bf16.h>

#include "base/error.h"
#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/attention_loader.cuh"
#include "engine/cuda/kernels/attention_ring.cuh"
#include "engine/cuda/kernels/attention_tile.cuh"
#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/discard.cuh"
#include "engine/cuda/kernels/flag.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

template <class Shared>
constexpr int kChannels = Shared::D / kWarps;  // that a warp merges

// Merges the four warps' parts, always as (0 + 2) + (1 + 3), each warp a fourth of the channels:
// take(tile, merged). They meet in the stage where the item's last page was: each puts its part
// over those keys and values that no other warp reads. `phase`: of the barrier.
template <class Shared, class Take>
__device__ void merge_warps(Shared& shared, int stage, unsigned& phase,
                            const Accumulator<Shared::D, Shared::Tiles>& mine, float scale,
                            const Take& take) {
  constexpr int kAtOnce = Shared::Tiles < 2 ? 1 : 2;
  const int lane = threadIdx.x % 32, warp = team_warp();
  const auto place = [&](int of_warp, int tile) {
    __nv_bfloat16* const rows = shared.pages[stage][tile % 2] + 16 * of_warp * Shared::D;
    return reinterpret_cast<float4*>(rows);
  };
  const auto meet = [&] {
    arrive(&shared.merging);
    wait(&shared.merging, phase);
    phase ^= 1;
  };
#pragma unroll
  for (int first = 0; first < Shared::Tiles; first += kAtOnce) {
    if (first > 0) {
      meet();
    } else {
      __syncwarp();  // lanes have read together what others of them write over
    }
#pragma unroll
    for (int t = first; t < first + kAtOnce; ++t) {
      mine.tiles[t].put(place(warp, t));
      if (lane < 4) shared.scales[stage][warp][t][lane] = mine.tiles[t].scales();
    }
    meet();
#pragma unroll
    for (int t = first; t < first + kAtOnce; ++t) {
      Tile<kChannels<Shared>> parts[kWarps];
#pragma unroll
      for (int w = 0; w < kWarps; ++w)
        parts[w].get(place(w, t) + warp * kChannels<Shared> / 16 * 32,
                     shared.scales[stage][w][t][lane % 4]);
      parts[0].merge(parts[2], scale);
      parts[1].merge(parts[3], scale);
      parts[0].merge(parts[1], scale);
      take(t, parts[0]);
    }
  }
}

// Merges a sequence's partial results in their order, each warp a fourth of the channels.
template <class Shared>
__device__ void merge_splits(const AttentionCall& call, const Columns& columns, Shared& shared,
                             Ring<Shared::Stages>& ring, float scale) {
  using Place = PartialPlace<Shared::D, Shared::Tiles>;
  using Part = Tile<kChannels<Shared>>;
  const int lane = threadIdx.x % 32, warp = team_warp();
  Part all[Shared::Tiles];
#pragma unroll
  for (Part& each : all) each.clear();
  StageNote note;
  do {
    wait(&shared.full[ring.at], ring.phase);
    note = shared.notes[ring.at];
    const auto* out = reinterpret_cast<const float4*>(shared.pages[ring.at]);
    const auto* scales = reinterpret_cast<const float4*>(shared.q[ring.at]);
    // The next one is read while one is merged.
    const int last = note.parts * Shared::Tiles - 1;
    Part next;
    const auto read = [&](int index) {
      next.get(out + index * (Place::kElements / 4) + warp * kChannels<Shared> / 16 * 32,
               scales[index * (Place::kScales / 4) + lane % 4]);
    };
    read(0);
#pragma unroll 1
    for (int part = 0; part < note.parts; ++part) {
#pragma unroll
      for (int t = 0; t < Shared::Tiles; ++t) {
        const Part now = next;
        read(min(part * Shared::Tiles + t + 1, last));
        all[t].merge(now, scale);
      }
    }
    // This team alone reads them, once: they need not be written back.
    const float* const there = Place(call, columns, note, note.split, 0).out;
    const int lines =
        note.drop ? note.parts * Shared::Tiles * Place::kElements * 4 / kLineBytes : 0;
    for (int line = 32 * warp + lane; line < lines; line += 32 * kWarps)
      discard_line(there + line * (kLineBytes / 4));
    arrive(&shared.empty[ring.at]);
    ring.next();
  } while (!note.last);
#pragma unroll
  for (int t = 0; t < Shared::Tiles; ++t)
    all[t].write(call, note, columns, t, warp * kChannels<Shared>);
}

template <class Shared, bool in_turns>
__device__ void attend_pages(const AttentionCall& call, Shared& shared) {
  constexpr int Tiles = Shared::Tiles;
  const Columns columns = columns_of<Tiles>(call);
  const float scale = call.scale * 1.4426950408889634f;  // exponentials to the base 2
  const int warp = team_warp(), channel = warp * kChannels<Shared>;
  Accumulator<Shared::D, Tiles> mine;
  Ring<Shared::Stages> ring;
  Ring<Shared::kEnded> ending;
  unsigned phase = 0;
  const auto end = [&](const StageNote& note) {
    if (warp == 0 && threadIdx.x % 32 == 0) shared.ended[ending.at] = note;
    arrive(&shared.stored[ending.at]);
    ending.next();
  };
  for (;;) {
    wait(&shared.full[ring.at], ring.phase);
    const StageNote note = shared.notes[ring.at];
    if (note.sequence < 0) break;
    if (note.parts > 0) {
      merge_splits(call, columns, shared, ring, scale);
      if (in_turns) end(note);
      continue;
    }
    if (note.first) mine.start(call, columns, note, shared.q[ring.at]);
    mine.add_page(shared.pages[ring.at][0], note.page, note.length, call.queries, scale);
    if (!note.last) {
      arrive(&shared.empty[ring.at]);
      ring.next();
      continue;
    }

    mine.close();
    const bool whole = splits_of(note.length) == 1;
    merge_warps(shared, ring.at, phase, mine, scale,
                [&](int tile, const Tile<kChannels<Shared>>& merged) {
                  if (whole) {
                    merged.write(call, note, columns, tile, channel);
                  } else {
                    PartialPlace<Shared::D, Tiles>(call, columns, note, note.split, tile)
                        .store(merged, channel);
                  }
                });
    fence_shared_copies();
    arrive(&shared.empty[ring.at]);
    ring.next();
    if (!whole) fence_copies();
    if (!whole || in_turns) end(note);
  }
  end({.sequence = -1});
}

// Counts the splits of sequences that have ended, and tells the loader of the last ones; in turns,
// also the rows that are done. A fence and a counter take as long as all reads that are on their
// way: nobody else should wait for them.
template <class Shared, bool in_turns>
__device__ void count_splits(const AttentionCall& call, Shared& shared) {
  const Columns columns = columns_of<Shared::Tiles>(call);
  Ring<Shared::kCounted> counting;
  for (Ring<Shared::kEnded> ending;; ending.next()) {
    wait(&shared.stored[ending.at], ending.phase);
    const StageNote item = shared.ended[ending.at];
    if (item.sequence < 0) return;
    bool last = false;
    if (in_turns && (item.parts > 0 || splits_of(item.length) == 1)) {
      add_ordered(call.plan.done + item.turn, 1);
      if (item.parts > 0) continue;
    } else {
      std::int32_t* const ended = call.plan.arrived +
                                  item.sequence * call.layout.kv_heads * columns.blocks +
                                  item.head_block;
      last = add_ordered(ended, 1) + 1 == splits_of(item.length);
      if (last) *ended = 0;
    }
    shared.complete[counting.at] = last;
    arrive(&shared.counted[counting.at]);
    counting.next();
  }
}

template <class Shared>
__device__ void init_barriers(Shared& shared) {
  for (int s = 0; s < Shared::Stages; ++s) {
#if __CUDA_ARCH__ >= 900
    init_barrier(&shared.full[s], 1);
#else
    init_barrier(&shared.full[s], 33);
#endif
    init_barrier(&shared.empty[s], 32 * kWarps);
  }
  for (std::uint64_t& stored : shared.stored) init_barrier(&stored, 32 * kWarps);
  for (std::uint64_t& counted : shared.counted) init_barrier(&counted, 1);
  init_barrier(&shared.merging, 32 * kWarps);
  publish_barriers();
}

// A block is one or two teams that share nothing but the multiprocessor: blocks in their place may
// lie on few of them, where items are few.
template <class Shared, int Teams, bool in_turns>
__global__ void __launch_bounds__(Teams * 32 * kTeamWarps, 1)
    attention_kernel(const __grid_constant__ AttentionCall call) {
  extern __shared__ __align__(256) unsigned char memory[];
  const int team = threadIdx.x / (32 * kTeamWarps);
  Shared& shared = reinterpret_cast<Shared*>(memory)[team];
  if (threadIdx.x % (32 * kTeamWarps) == 0) init_barriers(shared);
  __syncthreads();
#if __CUDA_ARCH__ >= 900
  const bool early = !in_turns && call.old_pages && call.layer > 0;
#else
  constexpr bool early = false;
#endif
  if (in_turns && threadIdx.x == 0) add_ordered(call.plan.placed, 1);  // see await_placed()
  // Warps wait for the kernels ahead one after another: those that compute need not, since the
  // loader brings no query before it has waited.
  if (team_warp() == kLoader) {
    if (!early) wait_for_previous();
    Loader<Shared, in_turns>(call, shared, blockIdx.x + team * gridDim.x, Teams * gridDim.x)
        .run(early);
  } else if (team_warp() == kCounter) {
    wait_for_previous();
    if (!in_turns) let_next_start();  // only now: see `old_pages`
    if (threadIdx.x % 32 == 0) count_splits<Shared, in_turns>(call, shared);
  } else {
    attend_pages<Shared, in_turns>(call, shared);
  }
}

template <class Shared, int Teams, bool in_turns>
bool start_if_fits(const AttentionCall& call, cudaStream_t stream) {
  constexpr std::size_t kBytes = Teams * sizeof(Shared);
  static const bool fits = [] {
    int device = 0, bytes = 0;
    check(cudaGetDevice(&device));
    check(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device));
    return kBytes <= static_cast<std::size_t>(bytes);
  }();
  if (!fits) return false;
  allow_shared_memory<attention_kernel<Shared, Teams, in_turns>, kBytes>();
  launch({dim3(call.blocks), dim3(Teams * 32 * kTeamWarps), kBytes, stream, !in_turns},
         attention_kernel<Shared, Teams, in_turns>, call);
  return true;
}

// As much as a multiprocessor has memory for: that of compute capability 9.0, 8.0 or 8.6.
template <int D, int Tiles, bool in_turns = false>
void start(const AttentionCall& call, cudaStream_t stream) {
  constexpr int kTeams = D * Tiles <= 128 ? 2 : 1;  // that it has registers for
  const bool started = start_if_fits<SharedRing<D, Tiles, 3>, kTeams, in_turns>(call, stream) ||
                       start_if_fits<SharedRing<D, Tiles, 2>, kTeams, in_turns>(call, stream) ||
                       start_if_fits<SharedRing<D, Tiles, 2>, 1, in_turns>(call, stream);
  QUORUM_CHECK(started, "shared memory of a multiprocessor");
}

}  // namespace

void attend(const AttentionCall& call, cudaStream_t stream) {
  const int columns = call.sizes.heads / call.sizes.kv_heads * call.queries;
  const bool narrow = call.sizes.head_dim == 64;
  if (columns <= 8) {
    narrow ? start<64, 1>(call, stream) : start<128, 1>(call, stream);
  } else if (columns <= 16) {
    narrow ? start<64, 2>(call, stream) : start<128, 2>(call, stream);
  } else {
    narrow ? start<64, 4>(call, stream) : start<128, 4>(call, stream);
  }
}

void attend_in_turns(const AttentionCall& call, cudaStream_t stream) {
  QUORUM_CHECK(call.queries == 1 && call.sizes.head_dim == 128 &&
                   call.sizes.heads / call.sizes.kv_heads <= 8,
               "attention in turns");
  start<128, 1, true>(call, stream);
}

}  // namespace quorum::cuda
