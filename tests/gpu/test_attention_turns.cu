// Attention in turns against attention layer by layer.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/cuda/memory.h"
#include "gpu/attention_batch.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing::attention;
using quorum::testing::DeviceBuffer;
using quorum::testing::has_gpu;

namespace {

// The outputs of attend_in_turns(), layer by layer, with `first_half` sequences in the first
// half; odd layers have keys and values of the other sign. Of two streams, queries and newest
// pages of a turn are written when the turn before the last is done, and are poison until then. A
// single stream has one layer, and everything is ready at first: for tools that let no two
// kernels run at the same time.
std::vector<std::vector<std::uint16_t>> run_in_turns(const Batch& batch, int layers, int first_half,
                                                     int blocks, bool two_streams) {
  const auto count = static_cast<int>(batch.lengths.size());
  const std::vector<std::uint16_t> other = batch.negated().kv;
  std::vector<std::uint16_t> all_kv;
  for (int layer = 0; layer < layers; ++layer) {
    const std::vector<std::uint16_t>& of_layer = layer % 2 == 0 ? batch.kv : other;
    all_kv.insert(all_kv.end(), of_layer.begin(), of_layer.end());
  }
  std::vector<std::uint16_t> early_kv = all_kv;
  std::vector<int> newest;
  for (std::size_t i = 0; i < batch.lengths.size(); ++i) newest.push_back(batch.newest_page(i));
  for (int layer = 0; layer < layers; ++layer)
    for (const int page : newest)
      std::fill_n(early_kv.begin() + static_cast<std::ptrdiff_t>(batch.layout().at(layer, page, 0)),
                  batch.layout().page(), std::uint16_t{0x7FC0});
  const DeviceBuffer<std::int32_t> d_position(batch.position), d_table(batch.table),
      d_tables(batch.page_tables), d_newest(newest);
  const DeviceBuffer<std::uint16_t> d_kv(all_kv), d_q(batch.q), late_kv(early_kv);
  DeviceBuffer<std::uint16_t> late_q(batch.q.size()), out(batch.q.size());

  const AttentionSizes sizes{batch.shape.heads, batch.shape.kv_heads, batch.shape.head_dim, layers};
  int splits = 0;
  for (const int length : batch.lengths) splits += splits_of(length);
  const DeviceBuffer<std::uint8_t> memory(attention_plan_bytes(sizes, count, 1, splits));
  check(cudaMemset(memory.get(), 0, memory.size()));
  AttentionCall call;
  call.q = reinterpret_cast<const __nv_bfloat16*>((two_streams ? late_q : d_q).get());
  call.kv = reinterpret_cast<const __nv_bfloat16*>((two_streams ? late_kv : d_kv).get());
  call.out = reinterpret_cast<__nv_bfloat16*>(out.get());
  call.layout = batch.layout();
  call.rows = {batch.rows(),  nullptr,        d_position.get(),
               d_table.get(), d_tables.get(), batch.stride};
  call.plan = place_attention_plan(memory.get(), sizes, count, 1, splits);
  call.sizes = sizes;
  call.scale = 1.0f / std::sqrt(static_cast<float>(batch.shape.head_dim));
  call.blocks = blocks;
  const Stream stream, beside;
  std::vector<DeviceBuffer<std::uint16_t>> outputs;
  for (int layer = 0; layer < layers; ++layer) outputs.emplace_back(batch.q.size());
  check(cudaDeviceSynchronize());  // poison is in place: these streams do not wait for others
  plan_attention(call.rows, 1, layers, call.plan, stream.get(), first_half);
  if (!two_streams) {
    REQUIRE(layers == 1);
    tell_ready(call.plan, 0, 2 * layers, stream.get());
    attend_in_turns(call, stream.get());
    await_placed(call.plan, blocks, stream.get());
    for (int turn = 0; turn < 2 * layers; ++turn)
      await_rows(call.plan, batch.shape.kv_heads, turn, stream.get());
    stream.wait();
    return {out.download()};
  }

  const Event planned;
  planned.record(stream.get());
  check(cudaStreamWaitEvent(beside.get(), planned.get()));
  attend_in_turns(call, beside.get());
  await_placed(call.plan, blocks, stream.get());
  const std::size_t row = batch.q.size() / batch.lengths.size();
  const auto first_of = [&](int turn) { return turn % 2 == 0 ? 0 : first_half; };
  const auto count_of = [&](int turn) { return turn % 2 == 0 ? first_half : count - first_half; };
  const auto bytes_of = [&](int turn) {
    return 2 * row * static_cast<std::size_t>(count_of(turn));
  };
  const auto make_ready = [&](int turn) {
    const std::size_t layer = static_cast<std::size_t>(turn / 2) * batch.layout().layer();
    const std::size_t at = row * static_cast<std::size_t>(first_of(turn));
    check(cudaMemsetAsync(late_q.get() + at, 0xFF, bytes_of(turn), stream.get()));
    if (count_of(turn) > 0)
      write_late({d_kv.get() + layer, late_kv.get() + layer, d_q.get() + at, late_q.get() + at,
                  d_newest.get() + first_of(turn), batch.layout().page(), row},
                 count_of(turn), stream.get(), false);
    tell_ready(call.plan, turn, 1, stream.get());
  };
  make_ready(0);
  make_ready(1);
  for (int turn = 0; turn < 2 * layers; ++turn) {
    await_rows(call.plan, batch.shape.kv_heads, turn, stream.get());
    std::uint16_t* const from = out.get() + row * static_cast<std::size_t>(first_of(turn));
    std::uint16_t* const to =
        outputs[static_cast<std::size_t>(turn / 2)].get() + (from - out.get());
    check(cudaMemcpyAsync(to, from, bytes_of(turn), cudaMemcpyDeviceToDevice, stream.get()));
    check(cudaMemsetAsync(from, 0xFF, bytes_of(turn), stream.get()));
    if (turn + 2 < 2 * layers) make_ready(turn + 2);
  }
  stream.wait();
  beside.wait();
  std::vector<std::vector<std::uint16_t>> results;
  for (const auto& output : outputs) results.push_back(output.download());
  return results;
}
}  // namespace

TEST_CASE("Attention in turns gives the bits of attention", "[gpu][brief]") {
  if (!has_gpu()) return;
  const Batch batch({7, 1, 128}, 1, {1, 64, 65, 3, 2100, 7, 130}, 61);
  const std::vector<std::uint16_t> expected = batch.run();
  for (const int first_half : {0, 3, 7}) {
    INFO(first_half << " sequences in the first half");
    CHECK(run_in_turns(batch, 1, first_half, 20, false).front() == expected);
  }
}

TEST_CASE("Attention in turns waits for what is written beside it, and says what is done",
          "[gpu]") {
  if (!has_gpu()) return;
  int multiprocessors = 0;
  check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0));
  const int some = multiprocessors / 2;
  // Kernels are loaded at their first start, which may wait for all that run; that which writes
  // late is loaded by Batch::run().
  run_in_turns(Batch({7, 1, 128}, 1, {1, 64}, 62), 1, 1, 2, false);
  // Short sequences have one split and are done at once; of the others several blocks have a part.
  std::vector<int> many(150);
  PhiloxStream random(8);
  for (int& length : many) length = random.between(1, 40) * random.between(1, 40);
  for (const Shape& shape : {Shape{12, 2, 128}, Shape{8, 1, 128}}) {
    for (const std::vector<int>& lengths :
         {kLengths, many, std::vector<int>{5000, 4000, 3000, 6000, 1}}) {
      Batch batch(shape, 1, lengths, 71);
      const auto count = static_cast<int>(lengths.size());
      // Rows of padding, one of them the whole second half.
      batch.table.back() = -1;
      batch.position.back() = 0;
      const std::vector<std::vector<std::uint16_t>> expected{batch.run(), batch.negated().run()};
      for (const int blocks : {1, some}) {
        for (const int first_half : {count / 2, count - 1}) {
          INFO(shape.heads << "/" << shape.kv_heads << " heads, " << count << " sequences, "
                           << first_half << " in the first half, " << blocks << " blocks");
          const auto seen = run_in_turns(batch, 4, first_half, blocks, true);
          for (std::size_t layer = 0; layer < seen.size(); ++layer)
            CHECK(seen[layer] == expected[layer % 2]);
        }
      }
    }
  }
}
