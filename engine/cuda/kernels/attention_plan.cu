#include "base/error.h"
#include "engine/cuda/kernels/attention.h"
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
    plan_kernel(Rows rows, int sequences, int queries, int layers, AttentionPlan plan) {
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
  const int full = count - (split_page(count) * kPageTokens > length ? 1 : 0);
  const Scan splits = scan(count, warp_sums);
  const Scan fulls = scan(full, warp_sums);
  // The short splits come last, so that the blocks end together.
  for (int i = 0; i < count; ++i) {
    const int at = i < full ? fulls.before + i : fulls.total + splits.before - fulls.before;
    plan.items[at] = {static_cast<std::int16_t>(sequence), static_cast<std::int16_t>(i), length,
                      table, splits.before};
  }
  if (threadIdx.x == 0) *plan.item_count = splits.total;
  for (int layer = threadIdx.x; layer < layers; layer += kThreads) plan.taken[layer] = 0;
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
  plan.item_count = pieces.take<std::int32_t>(1);
  plan.taken = pieces.take<std::int32_t>(static_cast<std::size_t>(sizes.layers));
  plan.arrived =
      pieces.take<std::int32_t>(count * static_cast<std::size_t>(sizes.kv_heads) * (columns / 8));
  plan.partial = pieces.take<float>(parts * static_cast<std::size_t>(sizes.head_dim));
  plan.partial_scale = pieces.take<float>(2 * parts);
  plan.capacity = splits;
  return plan;
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
                    cudaStream_t stream) {
  QUORUM_CHECK(rows.count / queries <= kMaxAttentionSequences, "too many sequences");
  launch({dim3(1), dim3(kThreads), 0, stream, true}, plan_kernel, rows, rows.count / queries,
         queries, layers, plan);
}

}  // namespace quorum::cuda
