#include "engine/cuda/step_upload.h"

#include <algorithm>
#include <cstring>

#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

// Counts, starts and entries in one block of memory.
struct Layout {
  std::size_t starts, entries, bytes;

  Layout(int start_count, int entry_count)
      : starts(16),
        entries(starts + sizeof(SlotStartRecord) * static_cast<std::size_t>(start_count)),
        bytes(entries + sizeof(TableEntry) * static_cast<std::size_t>(entry_count)) {}
};

}  // namespace

std::size_t StepUpload::device_bytes(const Capacity& capacity) {
  return arena_bytes(Layout(capacity.slots, capacity.entries).bytes) +
         arena_bytes(sizeof(std::int32_t) * static_cast<std::size_t>(capacity.slots));
}

StepUpload::StepUpload(const Capacity& capacity, Arena& arena) : capacity_(capacity) {
  const Layout layout(capacity.slots, capacity.entries);
  device_input_ = arena.take<std::byte>(layout.bytes);
  row_slots_ = arena.take<std::int32_t>(static_cast<std::size_t>(capacity.slots));
  device_.counts = reinterpret_cast<std::int32_t*>(device_input_);
  for (int i = 0; i < capacity.depth; ++i) {
    inputs_.emplace_back(layout.bytes);
    rows_.emplace_back(sizeof(std::int32_t) * static_cast<std::size_t>(capacity.slots));
    inputs_sent_.emplace_back();
    rows_sent_.emplace_back();
  }
}

std::byte* StepUpload::next_buffer(std::vector<PinnedMemory>& ring, std::vector<Event>& events,
                                   std::size_t& next) {
  next = (next + 1) % ring.size();
  events[next].wait();
  return ring[next].data();
}

void StepUpload::apply(std::span<const SlotStartRecord> starts, std::span<const TableEntry> entries,
                       SlotState* slots, std::int32_t* page_tables, int table_stride,
                       cudaStream_t stream) {
  while (!starts.empty() || !entries.empty()) {
    const auto some_starts =
        starts.first(std::min(starts.size(), static_cast<std::size_t>(capacity_.slots)));
    const auto some_entries =
        entries.first(std::min(entries.size(), static_cast<std::size_t>(capacity_.entries)));
    starts = starts.subspan(some_starts.size());
    entries = entries.subspan(some_entries.size());

    const Layout layout(static_cast<int>(some_starts.size()),
                        static_cast<int>(some_entries.size()));
    std::byte* const buffer = next_buffer(inputs_, inputs_sent_, next_input_);
    const std::int32_t counts[2] = {static_cast<std::int32_t>(some_starts.size()),
                                    static_cast<std::int32_t>(some_entries.size())};
    std::memcpy(buffer, counts, sizeof counts);
    if (!some_starts.empty())
      std::memcpy(buffer + layout.starts, some_starts.data(), some_starts.size_bytes());
    if (!some_entries.empty())
      std::memcpy(buffer + layout.entries, some_entries.data(), some_entries.size_bytes());
    check(cudaMemcpyAsync(device_input_, buffer, layout.bytes, cudaMemcpyHostToDevice, stream));
    inputs_sent_[next_input_].record(stream);
    device_.starts = reinterpret_cast<SlotStartRecord*>(device_input_ + layout.starts);
    device_.entries = reinterpret_cast<TableEntry*>(device_input_ + layout.entries);
    apply_step_input(device_, slots, page_tables, table_stride, stream);
  }
}

void StepUpload::set_rows(std::span<const std::int32_t> slots, int padded, cudaStream_t stream) {
  auto* const buffer = reinterpret_cast<std::int32_t*>(next_buffer(rows_, rows_sent_, next_rows_));
  std::copy(slots.begin(), slots.end(), buffer);
  std::fill(buffer + slots.size(), buffer + padded, -1);
  check(cudaMemcpyAsync(row_slots_, buffer, sizeof(std::int32_t) * static_cast<std::size_t>(padded),
                        cudaMemcpyHostToDevice, stream));
  rows_sent_[next_rows_].record(stream);
}

}  // namespace quorum::cuda
