// What the host tells the device about a step: sequences that start, new entries of the page
// tables, and which slots decode; from rings of pinned buffers.
#pragma once

#include <span>
#include <vector>

#include "engine/cuda/kernels/step.h"
#include "engine/cuda/memory.h"

namespace quorum::cuda {

// Packs a step's input. Starts and entries beyond the capacity go in several rounds.
class StepUpload {
 public:
  struct Capacity {
    int slots = 0, entries = 0;
    int depth = 0;  // transfers that may be pending
  };
  static std::size_t device_bytes(const Capacity& capacity);

  StepUpload(const Capacity& capacity, Arena& arena);

  // Queues starts and entries into `slots` and `page_tables`. This and the next wait where all
  // buffers are still on their way.
  void apply(std::span<const SlotStartRecord> starts, std::span<const TableEntry> entries,
             SlotState* slots, std::int32_t* page_tables, int table_stride, cudaStream_t stream);
  // Queues the slots of the decode rows, padded with -1 up to `padded`.
  void set_rows(std::span<const std::int32_t> slots, int padded, cudaStream_t stream);
  const std::int32_t* row_slots() const { return row_slots_; }

 private:
  // A pinned buffer that no transfer uses.
  std::byte* next_buffer(std::vector<PinnedMemory>& ring, std::vector<Event>& events,
                         std::size_t& next);

  Capacity capacity_;
  StepInput device_;
  std::byte* device_input_;
  std::int32_t* row_slots_;
  std::vector<PinnedMemory> inputs_, rows_;
  std::vector<Event> inputs_sent_, rows_sent_;
  std::size_t next_input_ = 0, next_rows_ = 0;
};

}  // namespace quorum::cuda
