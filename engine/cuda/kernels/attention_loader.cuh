// The warp of a team that takes items and reads ahead what they need.
#pragma once

#include <cstring>

#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/attention_ring.cuh"
#include "engine/cuda/kernels/attention_tile.cuh"
#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/flag.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {

template <class Shared, bool in_turns>
class Loader {
 public:
  // `team`: of all that are launched, `teams`.
  __device__ Loader(const AttentionCall& call, Shared& shared, int team, int teams)
      : call_(call),
        shared_(shared),
        columns_(columns_of<Tiles>(call)),
        team_(team),
        teams_(teams) {
#if __CUDA_ARCH__ >= 900
    policy_ = read_once_policy();
#endif
  }

  // What an item needs lies behind reads of memory that depend on one another: its index, the item,
  // the ids of its pages. Each is asked for some pages of the item before it ahead of the next,
  // while the team still has the pages of the ring to compute; no earlier, so that teams that are
  // ahead of others take more. The first item of a team goes by the team's number. `early`: the
  // kernels ahead have not been waited for; the caches of a multiprocessor may hold what was there
  // before them, and are passed by.
  __device__ void run(bool early) {
    const int of_item = call_.layout.kv_heads * columns_.blocks;
    ends_[1] = __ldcg(&call_.plan.item_ends[1]) * of_item;
    ends_[0] = in_turns ? __ldcg(&call_.plan.item_ends[0]) * of_item : ends_[1];
    Errand before{}, now{team_};
    read_item(now);
    if (is_there(now)) read_pages(now);
    int put = early ? put_old_pages(now, is_there(now)) : 0;
    int ready = -1;  // the turn that has been waited for
    while (is_there(now)) {
      if (in_turns && now.turn != ready) {
        ready = now.turn;
        // Other teams may need what this one still has to merge, before this turn can be ready.
        if (!is_ready(ready)) {
          settle(before, true);
          before = {};
          wait_until([&] { return is_ready(ready); });
        }
        fence_copies();
      }
      const int begin = now.item.split * kSplitPages, last = end_page(now.item);
      Errand next{};
      next.turn = now.turn;
      int asked = 0;
      const auto ask = [&] {
        if (asked == 0) next.index = take(now.turn);
        if (asked == 1) read_item(next);
        if (asked == 2 && is_there(next)) read_pages(next);
        ++asked;
      };
      for (int page = begin + put; page < last; ++page) {
        put_page(now, page, begin, last);
        // Rows of a turn's end are waited for.
        if (in_turns && page - begin == kSettled) settle(before, true), before = {};
        if (asked < kAsked && last - page <= kAskAhead - kAskStep * asked) ask();
      }
      while (asked < kAsked) ask();
      settle(before, is_there(next));  // computed a while ago
      before = now;
      now = next;
      put = 0;
    }
    settle(before, false);
    begin_stage({.sequence = -1}, 0);
    end_stage();
  }

 private:
  static constexpr int D = Shared::D, Tiles = Shared::Tiles, Stages = Shared::Stages;
  // So many pages before the end of an item, and then every so many, something is asked for. Behind
  // reads under way an answer takes 5 to 8 µs, as long as the pages that the ring has been given:
  // to ask sooner would only bind the item to a team that may be slower than others.
  static constexpr int kAskAhead = 5, kAskStep = 1, kAsked = 3;
  // By this page of an item, the one before has been computed and counted.
  static constexpr int kSettled = 8;

  struct Errand {
    int index = 0;  // what was taken from the counter; known to lane 0 alone until read_item()
    int turn = 0;
    int head = 0, block = 0;
    AttentionItem item{};
    int page_id = 0;  // of page `lane` of the item
  };

  // The page behind an item's last one.
  __device__ static int end_page(const AttentionItem& item) {
    return min((item.split + 1) * kSplitPages, pages_of(item.length));
  }
  // The items of a turn are begin_of(turn) … end_of(turn) - 1.
  __device__ int begin_of(int turn) const { return in_turns && turn % 2 == 1 ? ends_[0] : 0; }
  __device__ int end_of(int turn) const { return ends_[in_turns ? turn % 2 : 1]; }
  __device__ bool is_there(const Errand& errand) const {
    return in_turns ? errand.turn < 2 * call_.sizes.layers : errand.index < ends_[1];
  }
  __device__ bool is_ready(int turn) const {
    return __shfl_sync(~0u, lane_ == 0 ? load_ordered(call_.plan.ready + turn) : 0, 0) != 0;
  }
  __device__ int take(int turn) const {
    std::int32_t* const taken = call_.plan.taken + (in_turns ? turn : call_.layer);
    return lane_ == 0 ? begin_of(turn) + teams_ + atomicAdd(taken, 1) : 0;
  }
  __device__ void read_item(Errand& errand) const {
    errand.index = __shfl_sync(~0u, errand.index, 0);
    while (in_turns && is_there(errand) && errand.index >= end_of(errand.turn)) {
      ++errand.turn;
      errand.index = begin_of(errand.turn) + team_;
    }
    errand.head = errand.index % call_.layout.kv_heads;
    errand.block = errand.index / call_.layout.kv_heads % columns_.blocks;
    const int at = errand.index / call_.layout.kv_heads / columns_.blocks;
    if (at < call_.plan.capacity) {  // beyond the items of this step there is something too
      const int4 item = __ldcg(reinterpret_cast<const int4*>(call_.plan.items + at));
      std::memcpy(&errand.item, &item, sizeof item);
    }
  }
  __device__ void read_pages(Errand& errand) const {
    const int page = errand.item.split * kSplitPages + lane_;
    if (page < end_page(errand.item))
      errand.page_id = __ldcg(call_.rows.page_tables +
                              std::ptrdiff_t{errand.item.table} * call_.rows.table_stride + page);
  }

  // Fills the ring with pages that no kernel of this step writes; tells how many. Their queries
  // come once the kernels ahead have ended.
  __device__ int put_old_pages(const Errand& now, bool any) {
    const int begin = now.item.split * kSplitPages, end = end_page(now.item);
    const int old = min(end, (now.item.length - 1) / kPageTokens) - begin;
    int put = 0;
    for (; any && put < min(Stages, old); ++put) put_page(now, begin + put, begin, end, true);
    wait_for_previous();
    if (put > 0) put_queries(now, 0);
    return put;
  }

  __device__ void put_page(const Errand& now, int page, int begin, int end, bool early = false) {
    const AttentionItem& item = now.item;
    const bool first = page == begin;
    const int valid = min(kPageTokens, item.length - page * kPageTokens);
    const unsigned bytes = valid * D * 2;
    const int columns = min(columns_.width, columns_.count - now.block * columns_.width);
    begin_stage({.sequence = item.sequence,
                 .head_block = now.head * columns_.blocks + now.block,
                 .length = item.length,
                 .first_split = item.first_split,
                 .split = item.split,
                 .page = page,
                 .parts = 0,
                 .turn = static_cast<std::int16_t>(now.turn),
                 .first = first,
                 .last = page + 1 == end},
                2 * bytes + (first ? columns * D * 2 : 0));
    if (first && !early) put_queries(now, ring_.at);
    const int id = __shfl_sync(~0u, now.page_id, page - begin);
    const __nv_bfloat16* const tile =
        call_.kv + call_.layout.at(in_turns ? now.turn / 2 : 0, id, now.head);
    if (valid == kPageTokens) {  // V follows K
      copy_once(ring_.at, shared_.pages[ring_.at], tile, 2 * bytes);
    } else {
      copy_once(ring_.at, shared_.pages[ring_.at][0], tile, bytes);
      copy_once(ring_.at, shared_.pages[ring_.at][1], tile + kPageTokens * D, bytes);
    }
    end_stage();
  }

  // The queries of an item come with its first page: those of one row lie side by side.
  __device__ void put_queries(const Errand& now, int stage) {
    const int first_column = now.block * columns_.width;
    const int last_column = min(first_column + columns_.width, columns_.count);
    for (int column = first_column; column < last_column;) {
      const int query = column / columns_.group, in_group = column % columns_.group;
      const int some = min(columns_.group - in_group, last_column - column);
      const int row = now.item.sequence * call_.queries + query;
      const int head = now.head * columns_.group + in_group;
      copy(stage, shared_.q[stage] + (column - first_column) * D,
           call_.q + (std::ptrdiff_t{row} * call_.sizes.heads + head) * D, some * D * 2);
      column += some;
    }
  }

  // Waits for the end of an item. The last one of a sequence has its partial results merged, and
  // dropped from the cache if more work follows: at the end that would be waited for.
  __device__ void settle(const Errand& ended, bool drop) {
    const AttentionItem& item = ended.item;
    const int splits = splits_of(item.length);
    if (splits == 0 || (splits == 1 && !in_turns)) return;
    wait(&shared_.counted[counted_.at], counted_.phase);
    const int complete = lane_ == 0 ? shared_.complete[counted_.at] : 0;
    counted_.next();
    if (__shfl_sync(~0u, complete, 0) == 0) return;
    fence_copies();
    StageNote note{.sequence = item.sequence,
                   .head_block = ended.head * columns_.blocks + ended.block,
                   .length = item.length,
                   .first_split = item.first_split,
                   .turn = static_cast<std::int16_t>(ended.turn),
                   .drop = drop};
    const PartialPlace<D, Tiles> from(call_, columns_, note, 0, 0);
    for (int split = 0; split < splits; split += Shared::kParts) {
      note.parts = static_cast<std::int16_t>(min(Shared::kParts, splits - split));
      note.split = split;
      note.last = split + note.parts == splits;
      const int tiles = note.parts * Tiles;
      begin_stage(note, tiles * (from.kElements + from.kScales) * 4);
      copy(ring_.at, shared_.pages[ring_.at], from.out + split * Tiles * from.kElements,
           tiles * from.kElements * 4);
      copy(ring_.at, shared_.q[ring_.at], from.scales + split * Tiles * from.kScales,
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
  __device__ void copy(int stage, void* to, const void* from, unsigned bytes) const {
#if __CUDA_ARCH__ >= 900
    if (lane_ == 0) copy_bulk(to, from, bytes, &shared_.full[stage]);
#else
    for (unsigned at = lane_ * 16; at < bytes; at += 32 * 16)
      copy_16_bytes(static_cast<std::byte*>(to) + at, static_cast<const std::byte*>(from) + at);
#endif
  }
  __device__ void copy_once(int stage, void* to, const void* from, unsigned bytes) const {
#if __CUDA_ARCH__ >= 900
    if (lane_ == 0) copy_bulk(to, from, bytes, &shared_.full[stage], policy_);
#else
    copy(stage, to, from, bytes);
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
  const int team_, teams_, lane_ = threadIdx.x % 32;
  int ends_[2];  // of the first half's items, and of all
  Ring<Stages> ring_;
  Ring<Shared::kCounted> counted_;
  [[maybe_unused]] std::uint64_t policy_ = 0;
};

}  // namespace quorum::cuda
