// Decode attention for `quorum perf attention` (engine/cuda_perf.h).
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/philox.h"
#include "engine/cuda/device.h"
#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/measure.h"
#include "engine/cuda/memory.h"
#include "engine/cuda_perf.h"

namespace quorum {
namespace {

using cuda::Arena;
using cuda::arena_bytes;
using cuda::check;
using cuda::Stream;

// A case's sizes.
struct Sizes {
  int count = 0, pages = 0, splits = 0, stride = 0, layers = 0;
  cuda::KvLayout layout;
  cuda::AttentionSizes attention;
  std::size_t row_elements = 0, plan_bytes = 0;

  Sizes(const AttentionShape& shape, std::span<const int> lengths, std::size_t cache_bytes,
        std::size_t room)
      : count(static_cast<int>(lengths.size())) {
    if (count > cuda::kMaxAttentionSequences)
      throw Error(ErrorKind::kUsage, "--batch " + std::to_string(count) + " is too large",
                  "a call of attention takes at most " +
                      std::to_string(cuda::kMaxAttentionSequences) + " sequences",
                  "--batch " + std::to_string(cuda::kMaxAttentionSequences));
    int longest = 0;
    for (const int length : lengths) {
      pages += (length + cuda::kPageTokens - 1) / cuda::kPageTokens;
      splits += cuda::splits_of(length);
      longest = std::max(longest, length);
    }
    stride = (longest + cuda::kPageTokens - 1) / cuda::kPageTokens;
    layout = {pages, shape.kv_heads, shape.head_dim};
    const std::size_t layer_bytes = 2 * layout.layer();
    layers = static_cast<int>(std::clamp<std::size_t>(
        std::min((cache_bytes + layer_bytes - 1) / layer_bytes, room / layer_bytes), 1, 1024));
    attention = {shape.heads, shape.kv_heads, shape.head_dim, layers};
    row_elements =
        static_cast<std::size_t>(count) * static_cast<std::size_t>(shape.heads * shape.head_dim);
    plan_bytes = cuda::attention_plan_bytes(attention, count, 1, splits);
  }
  std::size_t cache_bytes() const { return static_cast<std::size_t>(layers) * 2 * layout.layer(); }
  std::size_t bytes() const {
    const auto rows = static_cast<std::size_t>(count) * sizeof(std::int32_t);
    return arena_bytes(cache_bytes()) + 2 * arena_bytes(2 * row_elements) +
           arena_bytes(plan_bytes) + 2 * arena_bytes(rows) +
           arena_bytes(rows * static_cast<std::size_t>(stride));
  }
};

// Seconds of a layer.
double measure(const Sizes& sizes, std::span<const int> lengths, int blocks, Arena& arena,
               const Stream& stream) {
  // Pages in a random order, as a cache has them after a while.
  std::vector<std::int32_t> order(static_cast<std::size_t>(sizes.pages));
  std::iota(order.begin(), order.end(), 0);
  PhiloxStream random(1);
  for (std::size_t i = order.size() - 1; i > 0; --i)
    std::swap(order[i], order[random.below(static_cast<std::uint32_t>(i + 1))]);
  std::vector<std::int32_t> position, table,
      tables(static_cast<std::size_t>(sizes.count * sizes.stride));
  std::size_t next = 0;
  for (int row = 0; row < sizes.count; ++row) {
    const int length = lengths[static_cast<std::size_t>(row)];
    position.push_back(length - 1);
    table.push_back(row);
    for (int page = 0; page * cuda::kPageTokens < length; ++page)
      tables[static_cast<std::size_t>(row * sizes.stride + page)] = order[next++];
  }

  auto* const kv = static_cast<__nv_bfloat16*>(arena.take_bytes(sizes.cache_bytes()));
  auto* const q = arena.take<__nv_bfloat16>(sizes.row_elements);
  auto* const out = arena.take<__nv_bfloat16>(sizes.row_elements);
  void* const plan_memory = arena.take_bytes(sizes.plan_bytes);
  const auto upload = [&](const std::vector<std::int32_t>& values) {
    auto* const to = arena.take<std::int32_t>(values.size());
    check(cudaMemcpyAsync(to, values.data(), values.size() * sizeof(std::int32_t),
                          cudaMemcpyHostToDevice, stream.get()));
    return to;
  };
  const auto* const device_position = upload(position);
  const auto* const device_table = upload(table);
  const auto* const device_tables = upload(tables);
  cuda::fill_noise(kv, sizes.cache_bytes() / 2, stream);
  cuda::fill_noise(q, sizes.row_elements, stream);
  check(cudaMemsetAsync(plan_memory, 0, sizes.plan_bytes, stream.get()));
  const cuda::Rows rows{sizes.count,  nullptr,       device_position,
                        device_table, device_tables, sizes.stride};

  cuda::AttentionCall call;
  call.q = q;
  call.out = out;
  call.layout = sizes.layout;
  call.rows = rows;
  call.plan =
      cuda::place_attention_plan(plan_memory, sizes.attention, sizes.count, 1, sizes.splits);
  call.sizes = sizes.attention;
  call.scale = 1.0f / std::sqrt(static_cast<float>(sizes.layout.head_dim));
  call.old_pages = true;
  call.blocks = blocks;
  const auto plan = [&] { cuda::plan_attention(rows, 1, sizes.layers, call.plan, stream.get()); };
  const double all_s = cuda::time_graph(stream, [&] {
    plan();
    for (int layer = 0; layer < sizes.layers; ++layer) {
      call.layer = layer;
      call.kv = kv + static_cast<std::size_t>(layer) * sizes.layout.layer();
      cuda::attend(call, stream.get());
    }
  });
  // What a graph costs by itself, and the plan, is not attention's: it comes once a step.
  return (all_s - cuda::time_graph(stream, plan)) / sizes.layers;
}

}  // namespace

std::vector<AttentionCost> measure_decode_attention(int device, const AttentionShape& shape,
                                                    std::span<const std::vector<int>> cases,
                                                    std::int64_t cache_bytes) {
  const cuda::Device opened = cuda::open_device(device);
  const Stream stream;
  const std::size_t free = cuda::free_memory();
  const std::size_t room = free - std::min(free, std::size_t{2} << 30);
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(cache_bytes, 1));
  std::vector<Sizes> sizes;
  std::size_t most = 0;
  for (const std::vector<int>& lengths : cases) {
    sizes.emplace_back(shape, lengths, wanted, room);
    most = std::max(most, sizes.back().bytes());
  }
  if (sizes.empty()) return {};
  Arena arena(most);
  std::vector<AttentionCost> costs;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    arena.reset();
    const double seconds = measure(sizes[i], cases[i], opened.multiprocessors, arena, stream);
    costs.push_back({seconds, static_cast<std::int64_t>(sizes[i].cache_bytes())});
  }
  return costs;
}

}  // namespace quorum
