// The warp of an attention block that takes items and reads ahead what they need.
#pragma once

#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/attention_ring.cuh"
#include "engine/cuda/kernels/attention_tile.cuh"
#include "engine/cuda/kernels/barrier.cuh"

namespace quorum::cuda {

template <int D, int Tiles, int Stages>
class Loader {
 public:
  using Shared = SharedRing<D, Tiles, Stages>;

  __device__ Loader(const AttentionCall& call, Shared& shared)
      : call_(call), shared_(shared), columns_(columns_of<Tiles>(call)) {
#if __CUDA_ARCH__ >= 900
    policy_ = read_once_policy();
#endif
  }

  // What an item needs lies behind reads of memory that depend on one another: each is asked for
  // an item earlier than the next, so that none is waited for. The first item of a block goes by
  // the block's number.
  __device__ void run() {
    Errand before{}, now{static_cast<int>(blockIdx.x)}, second{};
    read_item(now);
    take(second);
    const int total = *call_.plan.item_count * call_.layout.kv_heads * columns_.blocks;
    if (now.index < total) read_pages(now);
    read_item(second);
    while (now.index < total) {
      Errand third{};
      take(third);
      const int begin = split_page(now.item.split);
      const int end = min(split_page(now.item.split + 1), pages_of(now.item.length));
      put_page(now, begin, begin, end);
      if (second.index < total) read_pages(second);
      for (int page = begin + 1; page < end; ++page) put_page(now, page, begin, end);
      read_item(third);
      settle(before);  // computed a while ago
      before = now;
      now = second;
      second = third;
    }
    settle(before);
    begin_stage({.sequence = -1}, 0);
    end_stage();
  }

 private:
  struct Errand {
    int index = 0;  // what was taken from the counter; known to lane 0 alone until read_item()
    int head = 0, block = 0;
    AttentionItem item{};
    int page_id = 0;  // of page `lane` of the item
  };

  __device__ void take(Errand& errand) const {
    if (lane_ == 0) errand.index = atomicAdd(call_.plan.taken + call_.layer, 1) + gridDim.x;
  }
  __device__ void read_item(Errand& errand) const {
    errand.index = __shfl_sync(~0u, errand.index, 0);
    errand.head = errand.index % call_.layout.kv_heads;
    errand.block = errand.index / call_.layout.kv_heads % columns_.blocks;
    const int at = errand.index / call_.layout.kv_heads / columns_.blocks;
    if (at < call_.plan.capacity)  // beyond the items of this step there is something too
      errand.item = call_.plan.items[at];
  }
  __device__ void read_pages(Errand& errand) const {
    const int page = split_page(errand.item.split) + lane_;
    if (page < pages_of(errand.item.length))
      errand.page_id =
          call_.rows
              .page_tables[std::ptrdiff_t{errand.item.table} * call_.rows.table_stride + page];
  }

  __device__ void put_page(const Errand& now, int page, int begin, int end) {
    const AttentionItem& item = now.item;
    const bool first = page == begin;
    const int valid = min(kPageTokens, item.length - page * kPageTokens);
    const unsigned bytes = valid * D * 2;
    const int first_column = now.block * 8 * Tiles;
    const int last_column = min(first_column + 8 * Tiles, columns_.count);
    begin_stage({.sequence = item.sequence,
                 .head_block = now.head * columns_.blocks + now.block,
                 .length = item.length,
                 .first_split = item.first_split,
                 .split = item.split,
                 .page = page,
                 .parts = 0,
                 .first = first,
                 .last = page + 1 == end},
                2 * bytes + (first ? (last_column - first_column) * D * 2 : 0));
    // The queries of the item come with its first page: those of one row lie side by side.
    for (int column = first_column; first && column < last_column;) {
      const int query = column / columns_.group, in_group = column % columns_.group;
      const int some = min(columns_.group - in_group, last_column - column);
      const int row = item.sequence * call_.queries + query;
      const int head = now.head * columns_.group + in_group;
      copy(shared_.q[ring_.at] + (column - first_column) * D,
           call_.q + (std::ptrdiff_t{row} * call_.sizes.heads + head) * D, some * D * 2);
      column += some;
    }
    const int id = __shfl_sync(~0u, now.page_id, page - begin);
    const __nv_bfloat16* const tile = call_.kv + call_.layout.at(0, id, now.head);
    if (valid == kPageTokens) {  // V follows K
      copy(shared_.pages[ring_.at], tile, 2 * bytes);
    } else {
      copy(shared_.pages[ring_.at][0], tile, bytes);
      copy(shared_.pages[ring_.at][1], tile + kPageTokens * D, bytes);
    }
    end_stage();
  }

  // Counts an item that has ended. The last one of a sequence has its partial results merged.
  __device__ void settle(const Errand& ended) {
    const AttentionItem& item = ended.item;
    const int splits = splits_of(item.length);
    if (splits <= 1) return;
    wait(&shared_.stored[stored_.at], stored_.phase);
    stored_.next();
    const int head_block = ended.head * columns_.blocks + ended.block;
    int complete = 0;
    if (lane_ == 0) {
      std::int32_t* const arrived =
          call_.plan.arrived + item.sequence * call_.layout.kv_heads * columns_.blocks + head_block;
      __threadfence();
      complete = atomicAdd(arrived, 1) + 1 == splits;
      if (complete) *arrived = 0;
      __threadfence();
    }
    if (__shfl_sync(~0u, complete, 0) == 0) return;
    fence_copies();
    StageNote note{.sequence = item.sequence,
                   .head_block = head_block,
                   .length = item.length,
                   .first_split = item.first_split};
    const PartialPlace<D, Tiles> from(call_, columns_, note, 0, 0);
    for (int split = 0; split < splits; split += Shared::kParts) {
      note.parts = min(Shared::kParts, splits - split);
      note.last = split + note.parts == splits;
      const int tiles = note.parts * Tiles;
      begin_stage(note, tiles * (from.kElements + from.kScales) * 4);
      copy(shared_.pages[ring_.at], from.out + split * Tiles * from.kElements,
           tiles * from.kElements * 4);
      copy(shared_.q[ring_.at], from.scales + split * Tiles * from.kScales,
           tiles * from.kScales * 4);
      end_stage();
    }
  }

  // Between the two, copies into the stage; `bytes` is what they bring.
  __device__ void begin_stage(const StageNote& note, [[maybe_unused]] unsigned bytes) {
    wait(&shared_.empty[ring_.at], ring_.phase ^ 1);
    if (lane_ == 0) shared_.notes[ring_.at] = note;
#if __CUDA_ARCH__ >= 900
    if (lane_ == 0) arrive_expecting(&shared_.full[ring_.at], bytes);
#endif
  }
  __device__ void copy(void* to, const void* from, unsigned bytes) const {
#if __CUDA_ARCH__ >= 900
    if (lane_ == 0) copy_bulk(to, from, bytes, &shared_.full[ring_.at], policy_);
#else
    for (unsigned at = lane_ * 16; at < bytes; at += 32 * 16)
      copy_16_bytes(static_cast<std::byte*>(to) + at, static_cast<const std::byte*>(from) + at);
#endif
  }
  __device__ void end_stage() {
#if __CUDA_ARCH__ < 900
    __syncwarp();
    arrive_after_copies(&shared_.full[ring_.at]);
    if (lane_ == 0) arrive(&shared_.full[ring_.at]);  // releases the note
#endif
    ring_.next();
  }

  const AttentionCall& call_;
  Shared& shared_;
  const Columns columns_;
  const int lane_ = threadIdx.x % 32;
  Ring<Stages> ring_;
  Ring<2> stored_;
  [[maybe_unused]] std::uint64_t policy_ = 0;
};

}  // namespace quorum::cuda
