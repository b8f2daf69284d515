// The running sequences as the device keeps them, and the kernels at both ends of a step: one makes
// the rows, one takes what was sampled. Between them no word of the host is needed, so that steps
// can be queued before their tokens are known.
#pragma once

#include <driver_types.h>

#include <cstdint>

#include "engine/cuda/kernels/rows.h"
#include "engine/cuda/kernels/sample.h"

namespace quorum::cuda {

inline constexpr int kMaxStopIds = 16;

// A slot: one running sequence.
struct SlotState {
  double temperature, top_p;
  std::uint64_t sample_key;
  std::int32_t input;      // the token that the next decode row consumes
  std::int32_t position;   // of that token
  std::int32_t generated;  // tokens so far
  std::int32_t max_tokens;
  std::int32_t end;  // 0: runs; else a StepEnd: its rows are padding
  std::int32_t stop_count;
  std::int32_t stop_ids[kMaxStopIds];
};

enum StepEnd : std::int32_t { kRuns = 0, kEndStop = 1, kEndLength = 2 };

struct SlotStartRecord {
  std::int32_t slot;
  SlotState state;
};
// Page `page` becomes entry `index` of row `table` of the page tables.
struct TableEntry {
  std::int32_t table, index, page;
};

// What the host says of a step; device memory.
struct StepInput {
  std::int32_t* counts = nullptr;  // starts, table entries
  SlotStartRecord* starts = nullptr;
  TableEntry* entries = nullptr;
};

// What became of a decode row; token -1 with kRuns: the slot had ended before.
struct RowResult {
  double logprob;
  std::int32_t token;
  std::int32_t end;
  std::int32_t bad;  // not -1: the first token id with a logit that is not finite
  std::int32_t position;
};

// Applies starts and table entries, which may be any number.
void apply_step_input(const StepInput& input, SlotState* slots, std::int32_t* page_tables,
                      int table_stride, cudaStream_t stream);

// Makes the step's decode rows and their sampling parameters from the slots.
struct DecodeRows {
  std::int32_t* token = nullptr;
  std::int32_t* position = nullptr;
  std::int32_t* table = nullptr;
  SampleRow* sampling = nullptr;
};
void make_decode_rows(const std::int32_t* row_slots, int rows, const SlotState* slots,
                      const DecodeRows& out, cudaStream_t stream);

// Takes the sampled tokens into the slots and tells which sequences ended.
void take_samples(const std::int32_t* row_slots, int rows, const SamplePick* picks,
                  SlotState* slots, RowResult* results, cudaStream_t stream);

}  // namespace quorum::cuda
