#include <cuda_bf16.h>

#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kWarps = 4;   // each takes 16 of a page's 64 positions
constexpr int kLoader = 4;  // the warp that reads pages ahead
constexpr int kMerger = 5;  // the warp that merges splits behind
constexpr int kThreads = 32 * 6;
constexpr int kStages = 3;         // pages on their way: two blocks a multiprocessor hold 192 KB
constexpr int kMails = 4;          // ended splits that the merger has not seen
constexpr float kLowest = -1e30f;  // below every score, and finite: differences stay numbers

// What the loader tells the others about a page.
struct PageNote {
  std::int32_t sequence;     // -1: no more work
  std::int32_t page;         // in the sequence
  std::int32_t head_block;   // KV head · blocks + block of columns
  std::int32_t length;       // of the sequence
  std::int32_t first, last;  // of the item
};

// A split whose partial result is written.
struct Mail {
  std::int32_t sequence;  // -1: no more
  std::int32_t head_block;
  std::int32_t splits;
};

template <int D, int Tiles>
struct Shared {
  alignas(128) __nv_bfloat16 pages[kStages][2][kPageTokens * D];
  alignas(128) __nv_bfloat16 q[kStages][8 * Tiles * D];  // where an item begins
  float merge[2][D / 16][4][32];  // two warps' parts of a tile, as in registers
  float merge_top[2][2][32], merge_sum[2][2][32];
  PageNote notes[kStages];
  Mail mails[kMails];
  std::uint64_t full[kStages], empty[kStages];
  std::uint64_t mail_full[kMails], mail_empty[kMails];
};

// Columns are the query heads of a KV head for all queries: column c is head c % group of query
// c / group. An item takes 8·Tiles of them.
struct Columns {
  int group, count, blocks;
};
template <int Tiles>
__device__ Columns columns_of(const AttentionCall& call) {
  const int group = call.sizes.heads / call.sizes.kv_heads;
  const int count = group * call.queries;
  return {group, count, (count + 8 * Tiles - 1) / (8 * Tiles)};
}

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
template <int D, int Tiles>
__device__ void load_pages(const AttentionCall& call, Shared<D, Tiles>& shared) {
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

  Ring<kStages> ring;
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
#endif
  arrive(&shared.full[ring.at]);
}

// Where a column's result goes; row -1: there is no such column, or the row is padding.
struct Column {
  int row, head;
};
__device__ __forceinline__ Column column_at(const AttentionCall& call, const Columns& columns,
                                            int sequence, int kv_head, int index) {
  if (index >= columns.count) return {-1, 0};
  const int row = sequence * call.queries + index / columns.group;
  if (call.queries > 1 && call.rows.table[row] < 0) return {-1, 0};
  return {row, kv_head * columns.group + index % columns.group};
}

// Results of one tile of 8 columns as the instructions leave them: out[k] has channels
// 16k + lane / 4 (0, 1) and 8 more (2, 3) of columns lane % 4 · 2 (0, 2) and the next (1, 3).
template <int D>
struct Tile {
  float out[D / 16][4];
  float top[2], sum[2];

  __device__ void clear() {
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
#pragma unroll
      for (int i = 0; i < 4; ++i) out[k][i] = 0;
    }
    top[0] = top[1] = kLowest;
    sum[0] = sum[1] = 0;
  }

  // Adds another part of the softmax; `other(k, i)` gives its results.
  template <class Other>
  __device__ void merge(const float (&other_top)[2], const float (&other_sum)[2], float scale,
                        const Other& other) {
    float mine[2], theirs[2];
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      const float larger = fmaxf(top[i], other_top[i]);
      mine[i] = exp2f((top[i] - larger) * scale);
      theirs[i] = exp2f((other_top[i] - larger) * scale);
      top[i] = larger;
      sum[i] = sum[i] * mine[i] + other_sum[i] * theirs[i];
    }
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
#pragma unroll
      for (int i = 0; i < 4; ++i) out[k][i] = out[k][i] * mine[i % 2] + other(k, i) * theirs[i % 2];
    }
  }

  // Writes the finished columns as rows of heads.
  __device__ void write(const AttentionCall& call, const Columns& columns, int sequence,
                        int kv_head, int first_column) const {
    const int lane = threadIdx.x % 32;
    const float scale[2] = {1.0f / sum[0], 1.0f / sum[1]};
    const Column to = column_at(call, columns, sequence, kv_head, first_column + lane / 4);
    auto* const at = reinterpret_cast<std::uint32_t*>(
        call.out + (std::ptrdiff_t{to.row} * call.sizes.heads + to.head) * D);
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        const std::uint32_t pair =
            transpose(pack_bf16(out[k][2 * half] * scale[0], out[k][2 * half + 1] * scale[1]));
        if (to.row >= 0) at[8 * k + 4 * half + lane % 4] = pair;
      }
    }
  }
};

// The place of a tile's partial result; lanes keep their registers' order there.
template <int D, int Tiles>
struct PartialPlace {
  float* out;
  float* scales;  // top and sum

  __device__ PartialPlace(const AttentionCall& call, const Columns& columns, int sequence,
                          int split, int head_block, int tile) {
    const std::ptrdiff_t slot = ((std::ptrdiff_t{call.plan.split_base[sequence]} + split) *
                                     call.layout.kv_heads * columns.blocks +
                                 head_block) *
                                    Tiles +
                                tile;
    out = call.plan.partial + slot * (8 * D) + threadIdx.x % 32 * 4;
    scales = reinterpret_cast<float*>(call.plan.partial_scale) + slot * 16;
  }
  __device__ void store(const Tile<D>& tile) const {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
      __stcg(reinterpret_cast<float4*>(out + k * 128),
             make_float4(tile.out[k][0], tile.out[k][1], tile.out[k][2], tile.out[k][3]));
    }
    if (lane < 4)
      __stcg(reinterpret_cast<float4*>(scales + lane * 4),
             make_float4(tile.top[0], tile.top[1], tile.sum[0], tile.sum[1]));
  }
  __device__ void load(Tile<D>& tile) const {
    const int lane = threadIdx.x % 32;
    const float4 scale = __ldcg(reinterpret_cast<const float4*>(scales + lane % 4 * 4));
    tile.top[0] = scale.x, tile.top[1] = scale.y;
    tile.sum[0] = scale.z, tile.sum[1] = scale.w;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
      const float4 part = __ldcg(reinterpret_cast<const float4*>(out + k * 128));
      tile.out[k][0] = part.x, tile.out[k][1] = part.y;
      tile.out[k][2] = part.z, tile.out[k][3] = part.w;
    }
  }
};

// A warp's part of a split: the running softmax over its 16 positions of each page. The matrices
// are transposed, positions and channels along the 16 rows and columns along the 8 of an
// instruction.
template <int D, int Tiles>
struct Accumulator {
  std::uint32_t q[Tiles][D / 16][2];
  Tile<D> tiles[Tiles];
  int limit[Tiles][2];  // positions that a column attends to

  __device__ void start(const AttentionCall& call, const Columns& columns, const PageNote& note,
                        int first_column, const __nv_bfloat16* queries) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
      const auto* const from =
          reinterpret_cast<const std::uint32_t*>(queries + (8 * t + lane / 4) * D);
#pragma unroll
      for (int k = 0; k < D / 16; ++k) {
#pragma unroll
        for (int half = 0; half < 2; ++half) q[t][k][half] = from[k * 8 + half * 4 + lane % 4];
      }
      tiles[t].clear();
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        limit[t][i] = note.length;
        if (call.queries == 1) continue;
        const int column = first_column + 8 * t + lane % 4 * 2 + i;
        const int row =
            note.sequence * call.queries + min(column / columns.group, call.queries - 1);
        limit[t][i] = call.rows.table[row] < 0 ? 0 : call.rows.position[row] + 1;
      }
    }
  }

  __device__ void add_page(const __nv_bfloat16* keys, const __nv_bfloat16* values, int page,
                           int valid, float scale) {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int matrix = lane / 8, line = lane % 8;

    float scores[Tiles][4] = {}, odd[Tiles][4] = {};  // two chains of additions
    const std::uint32_t key_row =
        shared_address(keys) + (16 * warp + matrix % 2 * 8 + line) * D * 2;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
      std::uint32_t a[4];
      load_matrix(a, key_row + (((2 * k + matrix / 2) ^ line) * 16));
#pragma unroll
      for (int t = 0; t < Tiles; ++t)
        multiply_add(k % 2 == 0 ? scores[t] : odd[t], a, q[t][k][0], q[t][k][1]);
    }

    const int position = page * kPageTokens + 16 * warp + lane / 4;  // of scores 0, 1; 2, 3: + 8
    std::uint32_t p[Tiles][2];
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
      Tile<D>& tile = tiles[t];
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        scores[t][i] += odd[t][i];
        if (position + i / 2 * 8 >= limit[t][i % 2]) scores[t][i] = -INFINITY;
      }
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        float largest = fmaxf(scores[t][i], scores[t][i + 2]);
#pragma unroll
        for (int step = 4; step < 32; step *= 2)
          largest = fmaxf(largest, __shfl_xor_sync(~0u, largest, step));
        const float new_top = fmaxf(tile.top[i], largest);
        const float keep = exp2f((tile.top[i] - new_top) * scale);
        tile.top[i] = new_top;
        scores[t][i] = exp2f((scores[t][i] - new_top) * scale);
        scores[t][i + 2] = exp2f((scores[t][i + 2] - new_top) * scale);
        tile.sum[i] = tile.sum[i] * keep + (scores[t][i] + scores[t][i + 2]);
#pragma unroll
        for (int k = 0; k < D / 16; ++k) {
          tile.out[k][i] *= keep;
          tile.out[k][i + 2] *= keep;
        }
      }
      p[t][0] = transpose(pack_bf16(scores[t][0], scores[t][1]));
      p[t][1] = transpose(pack_bf16(scores[t][2], scores[t][3]));
    }

    // Beyond the valid positions shared memory holds anything, NaN too, which a weight of 0 would
    // not silence.
    const auto mask_of = [&](int token) {
      return (token < valid ? 0xFFFFu : 0u) | (token + 1 < valid ? 0xFFFF0000u : 0u);
    };
    const std::uint32_t mask_low = mask_of(16 * warp + lane % 4 * 2);
    const std::uint32_t mask_high = mask_of(16 * warp + lane % 4 * 2 + 8);
    const std::uint32_t value_row =
        shared_address(values) + (16 * warp + matrix / 2 * 8 + line) * D * 2;
#pragma unroll
    for (int k = 0; k < D / 16; ++k) {
      std::uint32_t a[4];
      load_matrix_transposed(a, value_row + (((2 * k + matrix % 2) ^ line) * 16));
      a[0] &= mask_low;
      a[1] &= mask_low;
      a[2] &= mask_high;
      a[3] &= mask_high;
#pragma unroll
      for (int t = 0; t < Tiles; ++t) multiply_add(tiles[t].out[k], a, p[t][0], p[t][1]);
    }
  }

  // The sums of all lanes of a column.
  __device__ void close() {
#pragma unroll
    for (int t = 0; t < Tiles; ++t) {
#pragma unroll
      for (int i = 0; i < 2; ++i) {
#pragma unroll
        for (int step = 4; step < 32; step *= 2)
          tiles[t].sum[i] += __shfl_xor_sync(~0u, tiles[t].sum[i], step);
      }
    }
  }
};

// Merges the four warps' parts into the first one's, always as (0 + 2) + (1 + 3).
template <int D, int Tiles>
__device__ void merge_warps(Shared<D, Tiles>& shared, Tile<D>& tile, float scale) {
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

template <int D, int Tiles>
__device__ void attend_pages(const AttentionCall& call, Shared<D, Tiles>& shared) {
  const Columns columns = columns_of<Tiles>(call);
  const float scale = call.scale * 1.4426950408889634f;  // exponentials to the base 2
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  Accumulator<D, Tiles> mine;
  Ring<kStages> ring;
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
template <int D, int Tiles>
__device__ void merge_splits(const AttentionCall& call, Shared<D, Tiles>& shared) {
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

template <int D, int Tiles>
__global__ void __launch_bounds__(kThreads, Tiles == 1 ? 2 : 1)
    attention_kernel(const __grid_constant__ AttentionCall call) {
  extern __shared__ __align__(128) unsigned char memory[];
  Shared<D, Tiles>& shared = *reinterpret_cast<Shared<D, Tiles>*>(memory);
  if (threadIdx.x == 0) {
    for (int s = 0; s < kStages; ++s) {
#if __CUDA_ARCH__ >= 900
      init_barrier(&shared.full[s], 1);
#else
      init_barrier(&shared.full[s], 32);
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
    load_pages<D, Tiles>(call, shared);
  } else if (warp == kMerger) {
    merge_splits<D, Tiles>(call, shared);
  } else {
    attend_pages<D, Tiles>(call, shared);
  }
}

template <int D, int Tiles>
void start(const AttentionCall& call, cudaStream_t stream) {
  constexpr std::size_t kBytes = sizeof(Shared<D, Tiles>);
  static const bool prepared = [] {
    check(cudaFuncSetAttribute(attention_kernel<D, Tiles>,
                               cudaFuncAttributeMaxDynamicSharedMemorySize, kBytes));
    return true;
  }();
  (void)prepared;
  launch({dim3(call.blocks), dim3(kThreads), kBytes, stream, true}, attention_kernel<D, Tiles>,
         call);
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

}  // namespace quorum::cuda
