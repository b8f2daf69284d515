#include "engine/cuda/kernels/step.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 256;

__global__ void apply_kernel(StepInput input, SlotState* slots, std::int32_t* page_tables,
                             int table_stride) {
  let_next_start();
  wait_for_previous();
  const int first = blockIdx.x * kThreads + threadIdx.x, stride = gridDim.x * kThreads;
  for (int i = first; i < input.counts[0]; i += stride)
    slots[input.starts[i].slot] = input.starts[i].state;
  for (int i = first; i < input.counts[1]; i += stride) {
    const TableEntry entry = input.entries[i];
    page_tables[std::ptrdiff_t{entry.table} * table_stride + entry.index] = entry.page;
  }
}

__global__ void rows_kernel(const std::int32_t* row_slots, int rows, const SlotState* slots,
                            DecodeRows out) {
  let_next_start();
  wait_for_previous();
  const int row = blockIdx.x * kThreads + threadIdx.x;
  if (row >= rows) return;
  const int slot = row_slots[row];
  const bool runs = slot >= 0 && slots[slot].end == kRuns;
  out.token[row] = runs ? slots[slot].input : 0;
  out.position[row] = runs ? slots[slot].position : 0;
  out.table[row] = runs ? slot : -1;
  SampleRow sampling{};
  if (runs) {
    const SlotState& state = slots[slot];
    sampling.temperature = state.temperature;
    sampling.top_p = state.top_p;
    sampling.sample_key = state.sample_key;
    sampling.index = static_cast<std::uint32_t>(state.generated);
    sampling.active = 1;
  }
  out.sampling[row] = sampling;
}

__global__ void take_kernel(const std::int32_t* row_slots, int rows, const SamplePick* picks,
                            SlotState* slots, RowResult* results) {
  let_next_start();
  wait_for_previous();
  const int row = blockIdx.x * kThreads + threadIdx.x;
  if (row >= rows) return;
  RowResult result{0, -1, kRuns, -1, 0};
  const int slot = row_slots[row];
  if (slot >= 0 && slots[slot].end == kRuns) {
    SlotState& state = slots[slot];
    const SamplePick pick = picks[row];
    result.token = pick.token;
    result.logprob = pick.logprob;
    result.bad = pick.token < 0 ? pick.bad : -1;
    result.position = state.position;
    ++state.generated;
    ++state.position;
    state.input = pick.token < 0 ? 0 : pick.token;
    bool stops = false;
    for (int i = 0; i < state.stop_count; ++i) stops |= state.stop_ids[i] == pick.token;
    if (stops) {
      state.end = kEndStop;
    } else if (state.generated >= state.max_tokens || pick.token < 0) {
      state.end = kEndLength;
    }
    result.end = state.end;
  }
  results[row] = result;
}

unsigned blocks_for(int count) { return static_cast<unsigned>((count + kThreads - 1) / kThreads); }

}  // namespace

void apply_step_input(const StepInput& input, SlotState* slots, std::int32_t* page_tables,
                      int table_stride, cudaStream_t stream) {
  launch({dim3(8), dim3(kThreads), 0, stream, true}, apply_kernel, input, slots, page_tables,
         table_stride);
}

void make_decode_rows(const std::int32_t* row_slots, int rows, const SlotState* slots,
                      const DecodeRows& out, cudaStream_t stream) {
  launch({dim3(blocks_for(rows)), dim3(kThreads), 0, stream, true}, rows_kernel, row_slots, rows,
         slots, out);
}

void take_samples(const std::int32_t* row_slots, int rows, const SamplePick* picks,
                  SlotState* slots, RowResult* results, cudaStream_t stream) {
  launch({dim3(blocks_for(rows)), dim3(kThreads), 0, stream, true}, take_kernel, row_slots, rows,
         picks, slots, results);
}

}  // namespace quorum::cuda
