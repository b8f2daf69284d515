// The kernels at both ends of a step.
#include <algorithm>

#include "engine/cuda/kernels/step.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

SlotState state_of(int slot) {
  SlotState state{};
  state.temperature = 0.5 + slot;
  state.top_p = 0.9;
  state.sample_key = 100 + static_cast<std::uint64_t>(slot);
  state.input = 1000 + slot;
  state.position = 50 + slot;
  state.generated = slot;
  state.max_tokens = 1000;
  return state;
}

}  // namespace

TEST_CASE("starts and page table entries land in their slots and tables, and nowhere else") {
  if (!has_gpu()) return;
  constexpr int kSlots = 3000, kStride = 5;
  std::vector<SlotStartRecord> starts;
  std::vector<TableEntry> entries;
  for (int slot = 0; slot < kSlots; slot += 2) {
    starts.push_back({slot, state_of(slot)});
    entries.push_back({slot, slot % kStride, 7 * slot});
  }
  const DeviceBuffer<SlotStartRecord> device_starts(starts);
  const DeviceBuffer<TableEntry> device_entries(entries);
  const int count = static_cast<int>(starts.size());
  const DeviceBuffer<std::int32_t> counts(std::vector<std::int32_t>{count, count});
  const DeviceBuffer<SlotState> slots(kSlots);
  const DeviceBuffer<std::int32_t> tables(kSlots * kStride);
  apply_step_input({counts.get(), device_starts.get(), device_entries.get()}, slots.get(),
                   tables.get(), kStride, nullptr);
  const std::vector<SlotState> states = slots.download();
  const std::vector<std::int32_t> pages = tables.download();
  int wrong = 0;
  for (int slot = 0; slot < kSlots; ++slot) {
    const SlotState& seen = states[static_cast<std::size_t>(slot)];
    const bool started = slot % 2 == 0;
    wrong += started ? seen.sample_key != 100u + static_cast<unsigned>(slot) ||
                           seen.position != 50 + slot
                     : !is_poison(&seen, 1);
    for (int i = 0; i < kStride; ++i)
      wrong += pages[static_cast<std::size_t>(slot * kStride + i)] !=
               (started && i == slot % kStride ? 7 * slot : -1);
  }
  CHECK(wrong == 0);
}

TEST_CASE("decode rows come from the slots that run, and the others are padding") {
  if (!has_gpu()) return;
  std::vector<SlotState> states;
  for (int slot = 0; slot < 4; ++slot) states.push_back(state_of(slot));
  states[2].end = kEndStop;
  const std::vector<std::int32_t> row_slots{3, -1, 0, 2};
  const DeviceBuffer<SlotState> slots(states);
  const DeviceBuffer<std::int32_t> device_rows(row_slots), token(5), position(5), table(5);
  const DeviceBuffer<SampleRow> sampling(5);
  make_decode_rows(device_rows.get(), 4, slots.get(),
                   {token.get(), position.get(), table.get(), sampling.get()}, nullptr);
  CHECK(token.download() == std::vector<std::int32_t>{1003, 0, 1000, 0, -1});
  CHECK(position.download() == std::vector<std::int32_t>{53, 0, 50, 0, -1});
  CHECK(table.download() == std::vector<std::int32_t>{3, -1, 0, -1, -1});
  const std::vector<SampleRow> params = sampling.download();
  CHECK(params[0].temperature == 3.5);
  CHECK(params[0].sample_key == 103);
  CHECK(params[0].index == 3);
  for (const std::size_t row : {0, 1, 2, 3}) CHECK(params[row].active == (row % 2 == 0 ? 1 : 0));
  CHECK(is_poison(&params[4], 1));
}

TEST_CASE("a sampled token moves its slot on, and ends it by a stop id, the limit, or no number") {
  if (!has_gpu()) return;
  std::vector<SlotState> states;
  for (int slot = 0; slot < 5; ++slot) states.push_back(state_of(slot));
  states[1].stop_count = 2;
  states[1].stop_ids[1] = 7;
  states[2].max_tokens = 3;  // two were made
  states[4].end = kEndLength;
  const std::vector<std::int32_t> row_slots{0, 1, 2, 3, 4, -1};
  const std::vector<SamplePick> picks(6, {7, -1, -0.5});
  std::vector<SamplePick> some = picks;
  some[3] = {-1, 12, 0};
  const DeviceBuffer<SlotState> slots(states);
  const DeviceBuffer<std::int32_t> device_rows(row_slots);
  const DeviceBuffer<SamplePick> device_picks(some);
  const DeviceBuffer<RowResult> device_results(7);
  take_samples(device_rows.get(), 6, device_picks.get(), slots.get(), device_results.get(),
               nullptr);
  const std::vector<RowResult> results = device_results.download();
  const int tokens[] = {7, 7, 7, -1, -1, -1}, bads[] = {-1, -1, -1, 12, -1, -1};
  const int ends[] = {kRuns, kEndStop, kEndLength, kEndLength, kRuns, kRuns};
  for (std::size_t row = 0; row < 6; ++row) {
    CAPTURE(row);
    CHECK(results[row].token == tokens[row]);
    CHECK(results[row].bad == bads[row]);
    CHECK(results[row].end == ends[row]);
  }
  CHECK(results[0].position == 50);
  CHECK(is_poison(&results[6], 1));
  const std::vector<SlotState> after = slots.download();
  CHECK(after[0].input == 7);
  CHECK(after[0].position == 51);
  CHECK(after[0].generated == 1);
  CHECK(same_bytes(&after[4], &states[4], 1));
}
