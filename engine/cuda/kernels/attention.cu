#include <cuda_bf16.h>

#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/attention_tile.cuh"
#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kWarps = 4;   // each takes 16 of a page's 64 positions
constexpr int kLoader = 4;  // the warp that reads pages ahead
constexpr int kMerger = 5;  // the warp that merges splits behind
constexpr int kThreads = 32 * 6;
constexpr int kMails = 4;  // ended splits that the merger has not seen

// A split whose partial result is written.
struct Mail {
  std::int32_t sequence;  // -1: no more
  std::int32_t head_block;
  std::int32_t splits;
};

// Stages: pages on their way. With three, two blocks of head_dim 128 hold 192 KB of a Hopper
// multiprocessor; GPUs with less shared memory take two. No bit depends on it.
template <int D, int Tiles, int Stages>
struct Shared {
  alignas(128) __nv_bfloat16 pages[Stages][2][kPageTokens * D];
  alignas(128) __nv_bfloat16 q[Stages][8 * Tiles * D];  // where an item begins
  float merge[2][D / 16][4][32];  // two warps' parts of a tile, as in registers
  float merge_top[2][2][32], merge_sum[2][2][32];
  PageNote notes[Stages];
  Mail mails[kMails];
  std::uint64_t full[Stages], empty[Stages];
  std::uint64_t mail_full[kMails], mail_empty[kMails];
};

// The stages of a ring in turn.
template <int Size>
struct Ring {
  int at = 0;
  unsigned phase = 0;
  __device__ void next() {
    if (++at == Size) at = 0, phase ^= 1;
  }
};

// An item on its way to the loader. What it needs lies behind reads of memory that depend on one
// another; each is asked for an item earlier than the next, so that none is waited for.
struct Errand {
  int index;  // what was taken from the counter
  AttentionItem item;
};

// Reads the pages of one item after the other into the ring.
template <int D, int Tiles, int Stages>
__device__ void load_pages(const AttentionCall& call, Shared<D, Tiles, Stages>& shared) {
  const int lane = threadIdx.x % 32;
  const Columns columns = columns_of<Tiles>(call);
  const int heads = call.layout.kv_heads;
#if __CUDA_ARCH__ >= 900
  if (lane != 0) return;
  const std::uint64_t policy = read_once_policy();
#endif
  // The first item of a block goes by its number.
  const auto take = [&] {
    int index = 0;
    if (lane == 0) index = atomicAdd(call.plan.taken + call.layer, 1) + gridDim.x;
#if __CUDA_ARCH__ < 900
    index = __shfl_sync(~0u, index, 0);
#endif
    return index;
  };
  const auto read_item = [&](Errand& errand) {
    const int at = errand.index / heads / columns.blocks;
    if (at < call.plan.capacity) {  // beyond the items of this step there is something too
      const int4 item = *reinterpret_cast<const int4*>(call.plan.items + at);
      errand.item = {item.x, item.y, item.z, item.w};
    }
  };
  const auto read_table = [&](const Errand& errand, int(&ids)[kSplitPages]) {
    const int begin = errand.item.split * kSplitPages;
    const int count = (errand.item.length + kPageTokens - 1) / kPageTokens - begin;
    const std::int32_t* const table =
        call.rows.page_tables + std::ptrdiff_t{errand.item.table} * call.rows.table_stride + begin;
#pragma unroll
    for (int i = 0; i < kSplitPages; ++i) ids[i] = i < count ? table[i] : 0;
  };

  Errand now{static_cast<int>(blockIdx.x), {}}, second{};
  read_item(now);
  const int total = *call.plan.item_count * heads * columns.blocks;
  second.index = take();
  int ids[kSplitPages] = {}, next_ids[kSplitPages] = {};
  if (now.index < total) read_table(now, ids);
  read_item(second);

  Ring<Stages> ring;
  while (now.index < total) {
    Errand third{take(), {}};
    const int head = now.index % heads, block = now.index / heads % columns.blocks;
    const int sequence = now.item.sequence, begin = now.item.split * kSplitPages;
    const int length = now.item.length;
    const int count = min(kSplitPages, (length + kPageTokens - 1) / kPageTokens - begin);
    if (second.index < total) read_table(second, next_ids);
#pragma unroll
    for (int i = 0; i < kSplitPages; ++i) {
      if (i >= count) break;
      wait(&shared.empty[ring.at], ring.phase ^ 1);
      std::uint64_t* const full = &shared.full[ring.at];
      const int valid = min(kPageTokens, length - (begin + i) * kPageTokens);
      if (lane == 0) {
        shared.notes[ring.at] = {sequence, begin + i, head * columns.blocks + block,
                                 length,   i == 0,    i + 1 == count};
      }
      const __nv_bfloat16* const tile = call.kv + call.layout.at(0, ids[i], head);
      [[maybe_unused]] const unsigned bytes = valid * D * 2;
      // The queries of the item come with its first page: those of one row lie side by side.
      const int first_column = block * 8 * Tiles;
      const int last_column = min(first_column + 8 * Tiles, columns.count);
      [[maybe_unused]] const unsigned q_bytes = i == 0 ? (last_column - first_column) * D * 2 : 0;
#if __CUDA_ARCH__ >= 900
      arrive_expecting(full, 2 * bytes + q_bytes);
#endif
      for (int column = first_column; i == 0 && column < last_column;) {
        const int query = column / columns.group, in_group = column % columns.group;
        const int some = min(columns.group - in_group, last_column - column);
        const __nv_bfloat16* const from =
            call.q + (std::ptrdiff_t{sequence * call.queries + query} * call.sizes.heads +
                      head * columns.group + in_group) *
                         D;
        __nv_bfloat16* const to = shared.q[ring.at] + (column - first_column) * D;
#if __CUDA_ARCH__ >= 900
        copy_bulk(to, from, some * D * 2, full, policy);
#else
        for (int at = lane * 8; at < some * D; at += 32 * 8) copy_16_bytes(to + at, from + at);
#endif
        column += some;
      }
#if __CUDA_ARCH__ >= 900
      if (valid == kPageTokens) {  // V follows K
        copy_bulk(shared.pages[ring.at][0], tile, 2 * bytes, full, policy);
      } else {
        copy_bulk(shared.pages[ring.at][0], tile, bytes, full, policy);
        copy_bulk(shared.pages[ring.at][1], tile + kPageTokens * D, bytes, full, policy);
      }
#else
      for (int part = 0; part < 2; ++part) {
        for (int at = lane * 8; at < valid * D; at += 32 * 8)
          copy_16_bytes(shared.pages[ring.at][part] + at, tile + part * kPageTokens * D + at);
      }
      __syncwarp();
      arrive_after_copies(full);
      if (lane == 0) arrive(full);  // releases the note
#endif
      ring.next();
    }
    read_item(third);
    now = second;
    second = third;
#pragma unroll
    for (int i = 0; i < kSplitPages; ++i) ids[i] = next_ids[i];
  }
  wait(&shared.empty[ring.at], ring.phase ^ 1);
  if (lane == 0) shared.notes[ring.at].sequence = -1;
#if __CUDA_ARCH__ < 900
  __syncwarp();
  if (lane == 0) arrive(&shared.full[ring.at]);
#endif
  arrive(&shared.full[ring.at]);
}

// Merges the four warps' parts into the first one's, always as (0 + 2) + (1 + 3).
template <int D, int Tiles, int Stages>
__device__ void merge_warps(Shared<D, Tiles, Stages>& shared, Tile<D>& tile, float scale) {
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
  const auto meet = [](int barrier, int warps) {
    asm volatile("bar.sync %0, %1;" ::"r"(barrier), "r"(32 * warps) : "memory");
  };
  if (warp >= 2) put(warp - 2);
  meet(1, 4);
  if (warp < 2) add(warp);
  meet(2, 4);  // the buffers are free again
  if (warp == 1) put(1);
  if (warp < 2) meet(3, 2);
  if (warp == 0) add(1);
  meet(1, 4);
}

template <int D, int Tiles, int Stages>
__device__ void attend_pages(const AttentionCall& call, Shared<D, Tiles, Stages>& shared) {
  const Columns columns = columns_of<Tiles>(call);
  const float scale = call.scale * 1.4426950408889634f;  // exponentials to the base 2
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  Accumulator<D, Tiles> mine;
  Ring<Stages> ring;
  Ring<kMails> mail;
  const auto post = [&](const Mail& text) {
    wait(&shared.mail_empty[mail.at], mail.phase ^ 1);
    if (lane == 0) {
      shared.mails[mail.at] = text;
      arrive(&shared.mail_full[mail.at]);
    }
    mail.next();
  };
  for (;;) {
    wait(&shared.full[ring.at], ring.phase);
    const PageNote note = shared.notes[ring.at];
    if (note.sequence < 0) break;
    const int kv_head = note.head_block / columns.blocks;
    const int first_column = note.head_block % columns.blocks * 8 * Tiles;
    if (note.first) {
      mine.start(call, columns, note, first_column, shared.q[ring.at]);
    }
    mine.add_page(shared.pages[ring.at][0], shared.pages[ring.at][1], note.page,
                  note.length - note.page * kPageTokens, scale);
    __syncwarp();
    if (lane == 0) arrive(&shared.empty[ring.at]);
    ring.next();
    if (!note.last) continue;

    const int splits = (note.length + kSplitTokens - 1) / kSplitTokens;
    mine.close();
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
      merge_warps(shared, mine.tiles[t], scale);
      if (warp != 0) continue;
      if (splits == 1) {
        mine.tiles[t].write(call, columns, note.sequence, kv_head, first_column + 8 * t);
      } else {
        PartialPlace<D, Tiles>(call, columns, note.sequence, note.page / kSplitPages,
                               note.head_block, t)
            .store(mine.tiles[t]);
      }
    }
    if (warp == 0 && splits > 1) {
      __syncwarp();
      post({note.sequence, note.head_block, splits});
    }
  }
  if (warp == 0) post({-1, 0, 0});
}

// Takes note of ended splits; the last one of a sequence to end has all of them merged, in their
// order.
template <int D, int Tiles, int Stages>
__device__ void merge_splits(const AttentionCall& call, Shared<D, Tiles, Stages>& shared) {
  const Columns columns = columns_of<Tiles>(call);
  const float scale = call.scale * 1.4426950408889634f;
  const int lane = threadIdx.x % 32;
  for (Ring<kMails> mail;; mail.next()) {
    wait(&shared.mail_full[mail.at], mail.phase);
    const Mail text = shared.mails[mail.at];
    __syncwarp();
    if (lane == 0) arrive(&shared.mail_empty[mail.at]);
    if (text.sequence < 0) return;
    int last = 0;
    if (lane == 0) {
      std::int32_t* const arrived = call.plan.arrived +
                                    text.sequence * call.layout.kv_heads * columns.blocks +
                                    text.head_block;
      __threadfence();
      last = atomicAdd(arrived, 1) + 1 == text.splits;
      if (last != 0) *arrived = 0;
      __threadfence();
    }
    last = __shfl_sync(~0u, last, 0);
    if (last == 0) continue;
    __syncwarp();
    const int kv_head = text.head_block / columns.blocks;
    const int first_column = text.head_block % columns.blocks * 8 * Tiles;
    for (int t = 0; t < Tiles; ++t) {
      const auto load = [&](Tile<D>& part, int split) {
        if (split < text.splits)
          PartialPlace<D, Tiles>(call, columns, text.sequence, split, text.head_block, t)
              .load(part);
      };
      const auto add = [&](Tile<D>& all, const Tile<D>& part, int split) {
        if (split < text.splits)
          all.merge(part.top, part.sum, scale, [&](int k, int i) { return part.out[k][i]; });
      };
      Tile<D> all, odd, even;  // the next part is read while one is merged
      load(all, 0);
      load(odd, 1);
      for (int split = 1; split < text.splits; split += 2) {
        load(even, split + 1);
        add(all, odd, split);
        load(odd, split + 2);
        add(all, even, split + 1);
      }
      all.write(call, columns, text.sequence, kv_head, first_column + 8 * t);
    }
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
      init_barrier(&shared.empty[s], kWarps);
    }
    for (int m = 0; m < kMails; ++m) {
      init_barrier(&shared.mail_full[m], 1);
      init_barrier(&shared.mail_empty[m], 1);
    }
    publish_barriers();
  }
  __syncthreads();
  let_next_start();
  wait_for_previous();
  const int warp = threadIdx.x / 32;
  if (warp == kLoader) {
    load_pages<D, Tiles, Stages>(call, shared);
  } else if (warp == kMerger) {
    merge_splits<D, Tiles, Stages>(call, shared);
  } else {
    attend_pages<D, Tiles, Stages>(call, shared);
  }
}

template <int D, int Tiles, int Stages>
void start(const AttentionCall& call, cudaStream_t stream) {
  constexpr std::size_t kBytes = sizeof(Shared<D, Tiles, Stages>);
  static const bool prepared = [] {
    check(cudaFuncSetAttribute(attention_kernel<D, Tiles, Stages>,
                               cudaFuncAttributeMaxDynamicSharedMemorySize, kBytes));
    return true;
  }();
  (void)prepared;
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
