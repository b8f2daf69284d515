#include "base/error.h"
#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/barrier.cuh"
#include "engine/cuda/kernels/flag.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = kMaxAttentionSequences;
static_assert(kThreads == 1024, "a block scans the sequences in two levels of 32");

// Sums of the values of the threads before this one, and of all.
struct Scan {
  int before, total;
};
__device__ Scan scan(int value, int* warp_sums) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  int upto = value;
  for (int step = 1; step < 32; step *= 2) {
    const int other = __shfl_up_sync(~0u, upto, step);
    if (lane >= step) upto += other;
  }
  __syncthreads();
  if (lane == 31) warp_sums[warp] = upto;
  __syncthreads();
  int sums = warp_sums[lane];
  for (int step = 1; step < 32; step *= 2) {
    const int other = __shfl_up_sync(~0u, sums, step);
    if (lane >= step) sums += other;
  }
  const int total = __shfl_sync(~0u, sums, 31);
  const int before_warp = __shfl_sync(~0u, sums, warp) - warp_sums[warp];
  return {before_warp + upto - value, total};
}

__global__ void __launch_bounds__(kThreads)
    plan_kernel(Rows rows, int sequences, int queries, int layers, int first_half,
                AttentionPlan plan) {
  __shared__ int warp_sums[32];
  let_next_start();
  wait_for_previous();
  const int sequence = threadIdx.x;
  int length = 0, table = 0;
  if (sequence < sequences) {
    table = rows.table[sequence * queries];
    for (int q = 0; q < queries; ++q) {
      const int row = sequence * queries + q;
      if (rows.table[row] >= 0) length = rows.position[row] + 1;
    }
  }
  const int count = splits_of(length);
  const Scan splits = scan(count, warp_sums);
  // Splits of a sequence are taken one after the other, so that it is merged soon.
  for (int i = 0; i < count; ++i) {
    plan.items[splits.before + i] = {static_cast<std::int16_t>(sequence),
                                     static_cast<std::int16_t>(i), length, table, splits.before};
  }
  if (sequence == first_half) plan.item_ends[0] = splits.before;
  const int first = __syncthreads_count(count > 0 && sequence < first_half);
  const int second = __syncthreads_count(count > 0 && sequence >= first_half);
  if (threadIdx.x == 0) {
    plan.item_ends[1] = splits.total;
    *plan.placed = 0;
    plan.running[0] = first;
    plan.running[1] = second;
  }
  for (int turn = threadIdx.x; turn < 2 * layers; turn += kThreads)
    plan.taken[turn] = plan.ready[turn] = plan.done[turn] = 0;
}

// Columns of a sequence and KV head, rounded up to what the kernel holds.
int padded_columns(const AttentionSizes& sizes, int queries) {
  const int columns = sizes.heads / sizes.kv_heads * queries;
  return columns <= 8 ? 8 : columns <= 16 ? 16 : (columns + 31) / 32 * 32;
}

// Hands out pieces of one allocation, or only counts.
struct Pieces {
  std::byte* memory;
  std::size_t used = 0;

  template <class T>
  T* take(std::size_t count) {
    std::byte* const at = memory == nullptr ? nullptr : memory + used;
    used += (count * sizeof(T) + 255) / 256 * 256;
    return reinterpret_cast<T*>(at);
  }
};

AttentionPlan place(Pieces& pieces, const AttentionSizes& sizes, int sequences, int queries,
                    int splits) {
  const auto columns = static_cast<std::size_t>(padded_columns(sizes, queries));
  const std::size_t parts =
      static_cast<std::size_t>(splits) * static_cast<std::size_t>(sizes.kv_heads) * columns;
  const auto count = static_cast<std::size_t>(sequences);
  AttentionPlan plan;
  plan.items = pieces.take<AttentionItem>(static_cast<std::size_t>(splits));
  plan.item_ends = pieces.take<std::int32_t>(2);
  plan.running = pieces.take<std::int32_t>(2);
  plan.placed = pieces.take<std::int32_t>(1);
  const std::size_t turns = 2 * static_cast<std::size_t>(sizes.layers);
  plan.taken = pieces.take<std::int32_t>(turns);
  plan.ready = pieces.take<std::int32_t>(turns);
  plan.done = pieces.take<std::int32_t>(turns);
  plan.arrived =
      pieces.take<std::int32_t>(count * static_cast<std::size_t>(sizes.kv_heads) * (columns / 8));
  plan.partial = pieces.take<float>(parts * static_cast<std::size_t>(sizes.head_dim));
  plan.partial_scale = pieces.take<float>(2 * parts);
  plan.capacity = splits;
  return plan;
}

__global__ void tell_kernel(std::int32_t* ready, int turns) {
  let_next_start();
  wait_for_previous();
  for (int turn = threadIdx.x; turn < turns; turn += blockDim.x) store_ordered(ready + turn, 1);
}

__global__ void await_rows_kernel(const std::int32_t* done, const std::int32_t* running,
                                  int kv_heads) {
  let_next_start();
  wait_for_previous();
  const int wanted = *running * kv_heads;
  wait_until([&] { return load_ordered(done) >= wanted; });
  fence_copies();  // the kernel that wrote the rows goes on, and bulk copies read them
}

// Nothing behind it may start before, and take the room.
__global__ void await_blocks_kernel(const std::int32_t* placed, int blocks) {
  wait_until([&] { return load_ordered(placed) >= blocks; });
}

}  // namespace

std::size_t attention_plan_bytes(const AttentionSizes& sizes, int sequences, int queries,
                                 int splits) {
  Pieces pieces{nullptr};
  place(pieces, sizes, sequences, queries, splits);
  return pieces.used;
}

AttentionPlan place_attention_plan(void* memory, const AttentionSizes& sizes, int sequences,
                                   int queries, int splits) {
  Pieces pieces{static_cast<std::byte*>(memory)};
  return place(pieces, sizes, sequences, queries, splits);
}

void plan_attention(const Rows& rows, int queries, int layers, const AttentionPlan& plan,
                    cudaStream_t stream, int first_half) {
  QUORUM_CHECK(rows.count / queries <= kMaxAttentionSequences, "too many sequences");
  QUORUM_CHECK(first_half < kThreads, "sequences of the first half");
  launch({dim3(1), dim3(kThreads), 0, stream, true}, plan_kernel, rows, rows.count / queries,
         queries, layers, first_half, plan);
}

void tell_ready(const AttentionPlan& plan, int first_turn, int turns, cudaStream_t stream) {
  launch({dim3(1), dim3(32), 0, stream, true}, tell_kernel, plan.ready + first_turn, turns);
}

void await_rows(const AttentionPlan& plan, int kv_heads, int turn, cudaStream_t stream) {
  launch({dim3(1), dim3(1), 0, stream, true}, await_rows_kernel, plan.done + turn,
         plan.running + turn % 2, kv_heads);
}

void await_placed(const AttentionPlan& plan, int blocks, cudaStream_t stream) {
  launch({dim3(1), dim3(1), 0, stream}, await_blocks_kernel, plan.placed, blocks);
}

}  // namespace quorum::cuda
