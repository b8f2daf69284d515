// Attention of a step over the paged KV cache, for decode rows and prefill rows alike.
//
// The rows of a call form sequences of `queries` rows at consecutive positions (1 for decode, more
// for prefill and speculation; the last ones may be padding). The positions of a sequence are cut
// into splits of a fixed number of pages, counted from position 0; each split gives a partial
// softmax (flash decoding, Dao et al. 2023), and the partial results are merged in the order of the
// splits. What a row gets therefore depends on its own length alone: not on the batch, on
// `queries`, or on which multiprocessor did what.
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include <cstddef>
#include <cstdint>

#include "engine/cuda/kernels/kv_layout.h"
#include "engine/cuda/kernels/rows.h"

namespace quorum::cuda {

inline constexpr int kSplitPages = 16;  // committed: another number changes bits
QUORUM_HOST_DEVICE constexpr int pages_of(int length) {
  return (length + kPageTokens - 1) / kPageTokens;
}
QUORUM_HOST_DEVICE constexpr int splits_of(int length) {
  return (pages_of(length) + kSplitPages - 1) / kSplitPages;
}

inline constexpr int kMaxQueries = 8;  // rows of a sequence in one call
inline constexpr int kMaxAttentionSequences = 1024;

// A split of a sequence.
struct alignas(16) AttentionItem {
  std::int16_t sequence, split;
  std::int32_t length;       // of the whole sequence
  std::int32_t table;        // its row of the page tables
  std::int32_t first_split;  // splits of the sequences before
};

// The work of a step's attention, the same for all layers; device memory.
struct AttentionPlan {
  AttentionItem* items = nullptr;     // (splits), by sequence
  std::int32_t* item_ends = nullptr;  // (2): of the first half's items, and of all
  std::int32_t* running = nullptr;    // (2): sequences with items, of each half
  std::int32_t* placed = nullptr;     // (1): blocks of attend_in_turns() that run
  std::int32_t* taken = nullptr;      // (turns, or layers): items handed out
  std::int32_t* ready = nullptr;      // (turns): 1 once queries, keys and values are there
  std::int32_t* done = nullptr;       // (turns): sequences that are done, by KV head
  std::int32_t* arrived = nullptr;    // splits that are done, by (sequence, KV head, block); zeros
                                      // between kernels
  float* partial = nullptr;           // partial results of sequences with several splits
  float* partial_scale = nullptr;     // their maxima and sums
  int capacity = 0;                   // splits that there is room for
};

struct AttentionSizes {
  int heads = 0, kv_heads = 0, head_dim = 0;  // head_dim 64 or 128; heads / kv_heads at most 8
  int layers = 0;
};

// Bytes of device memory that a plan takes for calls of at most `sequences` sequences with together
// at most `splits` splits; and the plan in such memory. The memory must be zero at first.
std::size_t attention_plan_bytes(const AttentionSizes& sizes, int sequences, int queries,
                                 int splits);
AttentionPlan place_attention_plan(void* memory, const AttentionSizes& sizes, int sequences,
                                   int queries, int splits);

// Fills the plan for `rows`, rows.count a multiple of `queries`; the first half of them, for
// attend_in_turns(), are `first_half` sequences. To be run once a step, before the layers.
void plan_attention(const Rows& rows, int queries, int layers, const AttentionPlan& plan,
                    cudaStream_t stream, int first_half = 0);

struct AttentionCall {
  const __nv_bfloat16* q = nullptr;   // (rows, heads, head_dim)
  const __nv_bfloat16* kv = nullptr;  // the layer's part of the cache
  __nv_bfloat16* out = nullptr;       // (rows, heads, head_dim); rows of padding are left alone
  KvLayout layout;
  Rows rows;
  AttentionPlan plan;
  AttentionSizes sizes;
  int queries = 1;
  int layer = 0;
  float scale = 0;  // of the scores
  // Whether the pages before each row's own, the plan and the page tables were there before layer 0
  // of this step: the other layers then ask for pages while the kernels ahead of them still run.
  // Layer 0 waits for what is ahead before it lets anything behind it start.
  bool old_pages = false;
  int blocks = 0;  // to launch: the multiprocessors that it shall have
};

// Each row attends to the positions up to its own.
void attend(const AttentionCall& call, cudaStream_t stream);

// Attention beside other work: one kernel for all layers of a step (`call.kv` is the first layer's
// part, `call.layer` is not used), which attends to the halves of the sequences in turn: turn 0 is
// the first half in layer 0, turn 1 the second half, turn 2 the first half in layer 1. To be
// started behind plan_attention(), the rest in another stream behind it too, which must run at the
// same time: first await_placed(), and for each turn tell_ready() once its queries, keys and values
// are there, and await_rows(), behind which its rows are. A turn is not ready before the rows of
// the turn before the last, which is the same half's, are there. All `call.blocks` must have room
// at once. For queries of one row and head_dim 128 only. Whoever waits for 20 s traps, for the host
// to see an error.
void attend_in_turns(const AttentionCall& call, cudaStream_t stream);
// What follows in the stream starts when all `blocks` of that kernel run: what starts before may
// leave them no room.
void await_placed(const AttentionPlan& plan, int blocks, cudaStream_t stream);
// Says that what the stream has done so far makes the turns from `first_turn` on ready.
void tell_ready(const AttentionPlan& plan, int first_turn, int turns, cudaStream_t stream);
// What follows in the stream finds the rows of the turn written, of all `kv_heads` KV heads.
void await_rows(const AttentionPlan& plan, int kv_heads, int turn, cudaStream_t stream);

}  // namespace quorum::cuda
