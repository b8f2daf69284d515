// Prefill: KV of given tokens, in passes of rows that run outside of graphs. Prompts of this
// workload are short, and siblings share theirs.
#pragma once

#include <span>
#include <vector>

#include "engine/backend.h"
#include "engine/cuda/decoder.h"
#include "engine/cuda/memory_plan.h"
#include "engine/cuda/step_upload.h"

namespace quorum::cuda {

class Prefill {
 public:
  static std::size_t bytes(const AttentionSizes& sizes, int max_positions);

  // Borrows all. The page tables of chunks are the rows behind those of the slots.
  Prefill(const Decoder& decoder, const MemoryPlan& plan, std::int32_t* page_tables, Arena& arena,
          cudaStream_t stream);

  // Queues the chunks, in order.
  void run(std::span<const PrefillChunk> chunks, StepUpload& upload, SlotState* slots);

  // Runs `tokens` as one sequence over the first pages of the cache, and shows the logits at the
  // positions, which ascend.
  void logits(std::span<const TokenId> tokens, std::span<const int> positions, StepUpload& upload,
              SlotState* slots, int vocab, const LogitsVisitor& visit);

 private:
  // Rows of a pass as they lie in pinned memory.
  struct RowBlock {
    std::int32_t token[kPrefillRows], position[kPrefillRows], table[kPrefillRows];
    std::int32_t gather[kPrefillRows];
  };
  void add_chunk(std::span<const TokenId> tokens, int begin, int table);
  void flush(int logit_rows, std::span<const std::int32_t> gather, StepUpload& upload,
             SlotState* slots);

  const Decoder& decoder_;
  const MemoryPlan& plan_;
  std::int32_t* page_tables_;
  cudaStream_t stream_;
  RowBlock* device_;
  AttentionPlan attention_;
  std::vector<PinnedMemory> blocks_;
  std::vector<Event> sent_;
  std::size_t next_ = 0;

  // The pass in the making.
  RowBlock rows_;
  int count_ = 0, chunks_ = 0;
  std::vector<TableEntry> entries_;
};

}  // namespace quorum::cuda
