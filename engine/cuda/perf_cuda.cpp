// The measurements of engine/cuda_perf.h.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/error.h"
#include "base/philox.h"
#include "engine/cuda/cublas.h"
#include "engine/cuda/device.h"
#include "engine/cuda/gemm.h"
#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/kernels/read_memory.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/loaded_backend.h"
#include "engine/cuda/memory.h"
#include "engine/cuda/profile.h"
#include "engine/cuda/step_graphs.h"
#include "engine/cuda/weights.h"
#include "engine/cuda_perf.h"
#include "engine/engine.h"

namespace quorum {
namespace {

using cuda::Arena;
using cuda::arena_bytes;
using cuda::check;
using cuda::Event;
using cuda::Stream;

constexpr int kRepetitions = 11;
constexpr std::size_t kFarBeyondCache = std::size_t{8} << 30;
const RandomTensor kNoise{0x5DEECE66Dull, 0.0f, 1.7f};

// Seconds of what `queue` queues, as a graph: the median of several replays.
double time_graph(const Stream& stream, const std::function<void()>& queue) {
  cuda::StepGraphs graph;
  std::vector<double> seconds;
  for (int i = -2; i < kRepetitions; ++i) {  // two to warm up
    const Event begin(true), end(true);
    begin.record(stream.get());
    graph.run(1, stream.get(), queue);
    end.record(stream.get());
    end.wait();
    if (i >= 0) seconds.push_back(end.seconds_since(begin));
  }
  return cuda::median(std::move(seconds));
}

std::size_t free_memory() {
  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total));
  return free;
}

void fill(void* to, std::size_t elements, const Stream& stream) {
  constexpr std::size_t kColumns = 1 << 20;  // whole rows, then what is left
  auto* const values = static_cast<__nv_bfloat16*>(to);
  const std::size_t rows = elements / kColumns;
  cuda::fill_random(kNoise, static_cast<std::int64_t>(rows), kColumns, values, stream.get());
  if (elements % kColumns > 0)
    cuda::fill_random(kNoise, 1, static_cast<std::int64_t>(elements % kColumns),
                      values + rows * kColumns, stream.get());
}

}  // namespace

double measure_read_bandwidth(int device) {
  const cuda::Device opened = cuda::open_device(device);
  const Stream stream;
  const std::size_t bytes = std::min(kFarBeyondCache, free_memory() / 2) / 16 * 16;
  Arena arena(arena_bytes(bytes) + 256);
  void* const memory = arena.take_bytes(bytes);
  auto* const sink = arena.take<std::uint32_t>(1);
  fill(memory, bytes / 2, stream);
  double best = 0;
  for (const int per_multiprocessor : {4, 8, 16}) {
    const double seconds = time_graph(stream, [&] {
      cuda::read_memory(memory, bytes, per_multiprocessor * opened.multiprocessors, sink,
                        stream.get());
    });
    best = std::max(best, static_cast<double>(bytes) / seconds);
  }
  return best;
}

double measure_flop_rate(int device) {
  cuda::open_device(device);
  const Stream stream;
  constexpr int kSize = 8192;
  const std::size_t bytes = 2 * std::size_t{kSize} * kSize;
  Arena arena(3 * arena_bytes(bytes) + arena_bytes(cuda::Cublas::kWorkspaceBytes));
  void* const x = arena.take_bytes(bytes);
  void* const w = arena.take_bytes(bytes);
  void* const y = arena.take_bytes(bytes);
  void* const workspace = arena.take_bytes(cuda::Cublas::kWorkspaceBytes);
  fill(x, bytes / 2, stream);
  fill(w, bytes / 2, stream);
  cuda::Cublas cublas;
  const cuda::Cublas::Shape shape{kSize, kSize, cuda::OutType::kBf16};
  cublas.prepare(shape, kSize, stream.get());
  const double seconds =
      time_graph(stream, [&] { cublas.multiply(shape, w, x, kSize, y, workspace, stream.get()); });
  return 2.0 * kSize * kSize * kSize / seconds;
}

double measure_copy_bandwidth(int device) {
  cuda::open_device(device);
  const Stream stream;
  constexpr std::size_t kBytes = std::size_t{256} << 20;
  const cuda::PinnedMemory host(kBytes);
  Arena arena(kBytes);
  std::vector<double> seconds;
  for (int i = -1; i < kRepetitions; ++i) {
    const Event begin(true), end(true);
    begin.record(stream.get());
    check(
        cudaMemcpyAsync(arena.memory(), host.data(), kBytes, cudaMemcpyHostToDevice, stream.get()));
    end.record(stream.get());
    end.wait();
    if (i >= 0) seconds.push_back(end.seconds_since(begin));
  }
  return static_cast<double>(kBytes) / cuda::median(std::move(seconds));
}

AttentionCost measure_decode_attention(int device, const AttentionShape& shape,
                                       std::span<const int> lengths, std::int64_t cache_bytes) {
  const cuda::Device opened = cuda::open_device(device);
  const Stream stream;
  const auto count = static_cast<int>(lengths.size());
  if (count > cuda::kMaxAttentionSequences)
    throw Error(ErrorKind::kUsage, "--batch " + std::to_string(count) + " is too large",
                "a call of attention takes at most " +
                    std::to_string(cuda::kMaxAttentionSequences) + " sequences",
                "--batch " + std::to_string(cuda::kMaxAttentionSequences));
  int pages = 0, splits = 0, longest = 0;
  for (const int length : lengths) {
    pages += (length + cuda::kPageTokens - 1) / cuda::kPageTokens;
    splits += cuda::splits_of(length);
    longest = std::max(longest, length);
  }
  cuda::KvLayout layout{pages, shape.kv_heads, shape.head_dim};
  const std::size_t layer_bytes = 2 * layout.layer();
  const std::size_t room = free_memory() - std::min(free_memory(), std::size_t{2} << 30);
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(cache_bytes, 1));
  const int layers = static_cast<int>(std::clamp<std::size_t>(
      std::min((wanted + layer_bytes - 1) / layer_bytes, room / layer_bytes), 1, 1024));
  const cuda::AttentionSizes sizes{shape.heads, shape.kv_heads, shape.head_dim, layers};
  const int stride = (longest + cuda::kPageTokens - 1) / cuda::kPageTokens;
  const std::size_t row_elements =
      static_cast<std::size_t>(count) * static_cast<std::size_t>(shape.heads * shape.head_dim);
  const std::size_t plan_bytes = cuda::attention_plan_bytes(sizes, count, 1, splits);
  const auto rows_bytes = static_cast<std::size_t>(count) * sizeof(std::int32_t);
  const std::size_t table_bytes = rows_bytes * static_cast<std::size_t>(stride);

  // Pages in a random order, as a cache has them after a while.
  std::vector<std::int32_t> order(static_cast<std::size_t>(pages));
  std::iota(order.begin(), order.end(), 0);
  PhiloxStream random(1);
  for (std::size_t i = order.size() - 1; i > 0; --i)
    std::swap(order[i], order[random.below(static_cast<std::uint32_t>(i + 1))]);
  std::vector<std::int32_t> position, table, tables(static_cast<std::size_t>(count * stride));
  std::size_t next = 0;
  for (int row = 0; row < count; ++row) {
    const int length = lengths[static_cast<std::size_t>(row)];
    position.push_back(length - 1);
    table.push_back(row);
    for (int page = 0; page * cuda::kPageTokens < length; ++page)
      tables[static_cast<std::size_t>(row * stride + page)] = order[next++];
  }

  Arena arena(arena_bytes(static_cast<std::size_t>(layers) * layer_bytes) +
              2 * arena_bytes(2 * row_elements) + arena_bytes(plan_bytes) +
              2 * arena_bytes(rows_bytes) + arena_bytes(table_bytes));
  auto* const kv =
      static_cast<__nv_bfloat16*>(arena.take_bytes(static_cast<std::size_t>(layers) * layer_bytes));
  auto* const q = arena.take<__nv_bfloat16>(row_elements);
  auto* const out = arena.take<__nv_bfloat16>(row_elements);
  void* const plan_memory = arena.take_bytes(plan_bytes);
  const auto upload = [&](const std::vector<std::int32_t>& values) {
    auto* const to = arena.take<std::int32_t>(values.size());
    check(cudaMemcpy(to, values.data(), values.size() * sizeof(std::int32_t),
                     cudaMemcpyHostToDevice));
    return to;
  };
  const auto* const device_position = upload(position);
  const auto* const device_table = upload(table);
  const auto* const device_tables = upload(tables);
  fill(kv, static_cast<std::size_t>(layers) * layout.layer(), stream);
  fill(q, row_elements, stream);
  check(cudaMemsetAsync(plan_memory, 0, plan_bytes, stream.get()));
  const cuda::Rows rows{count, nullptr, device_position, device_table, device_tables, stride};

  cuda::AttentionCall call;
  call.q = q;
  call.out = out;
  call.layout = layout;
  call.rows = rows;
  call.plan = cuda::place_attention_plan(plan_memory, sizes, count, 1, splits);
  call.sizes = sizes;
  call.scale = 1.0f / std::sqrt(static_cast<float>(shape.head_dim));
  call.old_pages = true;
  call.blocks = 2 * opened.multiprocessors;
  const auto run = [&](int passes) {
    return time_graph(stream, [&] {
      for (int pass = 0; pass < passes; ++pass) {
        cuda::plan_attention(rows, 1, layers, call.plan, stream.get());
        for (int layer = 0; layer < layers; ++layer) {
          call.layer = layer;
          call.kv = kv + static_cast<std::size_t>(layer) * layout.layer();
          cuda::attend(call, stream.get());
        }
      }
    });
  };
  // What a graph costs by itself, and the plan, is not attention's: it comes once a step.
  const double plan_s =
      time_graph(stream, [&] { cuda::plan_attention(rows, 1, layers, call.plan, stream.get()); });
  return {(run(1) - plan_s) / layers,
          static_cast<std::int64_t>(static_cast<std::size_t>(layers) * layer_bytes)};
}

std::vector<std::vector<ProductCost>> measure_products(int device, const DecoderSpec& spec,
                                                       std::span<const int> batches) {
  const int most = *std::max_element(batches.begin(), batches.end());
  const cuda::Device opened = cuda::open_device(device);
  const Stream stream;
  const std::vector<cuda::Gemm::Shape> shapes =
      cuda::product_shapes(spec, cuda::fusion_of(spec, opened));
  const cuda::Gemm gemm(opened, shapes, most);
  const char* const names[] = {"qkv", "o", "gate_up", "down", "lm_head"};
  // Weights of several layers, so that the cache holds none of them when it is used again.
  std::size_t layer_bytes = 0;
  int widest_k = 0, widest_n = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (i < 4) layer_bytes += arena_bytes(gemm.packed_bytes(shapes[i]));
    widest_k = std::max(widest_k, shapes[i].k);
    widest_n = std::max(widest_n, shapes[i].n);
  }
  const std::size_t head_bytes = arena_bytes(gemm.packed_bytes(shapes.back()));
  const std::size_t raw_bytes =
      2 * static_cast<std::size_t>(widest_n) * static_cast<std::size_t>(std::max(widest_k, 1));
  const std::size_t x_bytes =
      2 * static_cast<std::size_t>(most) * static_cast<std::size_t>(widest_k);
  const std::size_t y_bytes =
      4 * static_cast<std::size_t>(most) * static_cast<std::size_t>(widest_n);
  const std::size_t fixed = head_bytes + arena_bytes(x_bytes) + arena_bytes(y_bytes) +
                            arena_bytes(raw_bytes) + arena_bytes(gemm.workspace_bytes());
  const std::size_t room = free_memory() - std::min(free_memory(), fixed + (std::size_t{1} << 30));
  const int layers = static_cast<int>(
      std::clamp<std::size_t>(room / layer_bytes, 1, static_cast<std::size_t>(spec.layers)));
  Arena arena(fixed + static_cast<std::size_t>(layers) * layer_bytes);
  auto* const raw = static_cast<__nv_bfloat16*>(arena.take_bytes(raw_bytes));
  auto* const x = static_cast<__nv_bfloat16*>(arena.take_bytes(x_bytes));
  void* const y = arena.take_bytes(y_bytes);
  void* const workspace = arena.take_bytes(gemm.workspace_bytes());
  check(cudaMemsetAsync(workspace, 0, gemm.workspace_bytes(), stream.get()));
  fill(x, x_bytes / 2, stream);
  fill(raw, raw_bytes / 2, stream);
  std::vector<std::vector<cuda::PackedWeight>> weights(shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i)
    for (int layer = 0; layer < (i < 4 ? layers : 1); ++layer)
      weights[i].push_back(
          gemm.pack(raw, shapes[i], arena.take_bytes(gemm.packed_bytes(shapes[i])), stream.get()));
  stream.wait();

  const auto measure = [&](int batch) {
    // All products of a step in their order, and each kind by itself.
    const auto time_of = [&](std::size_t first, std::size_t last) {
      return time_graph(stream, [&] {
        for (int layer = 0; layer < layers; ++layer)
          for (std::size_t i = first; i <= last && i < 4; ++i)
            gemm.multiply(weights[i][static_cast<std::size_t>(layer)], x, batch, y, workspace,
                          stream.get());
        if (last == 4) gemm.multiply(weights[4][0], x, batch, y, workspace, stream.get());
      });
    };
    const double all = time_of(0, 4);
    std::vector<ProductCost> costs;
    double sum = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const double seconds = time_of(i, i);
      sum += seconds;
      costs.push_back({names[i], shapes[i].n, shapes[i].k, i < 4 ? spec.layers : 1,
                       seconds / (i < 4 ? layers : 1)});
    }
    // The parts are brought to the whole, in which neighbours overlap.
    for (ProductCost& cost : costs) cost.seconds *= all / sum;
    return costs;
  };
  std::vector<std::vector<ProductCost>> costs;
  for (const int batch : batches) costs.push_back(measure(batch));
  return costs;
}

LoadCost measure_load(const DecoderSpec& spec, const WeightSource& source,
                      const CudaBackendOptions& options) {
  cuda::LoadedBackend loaded = cuda::load_backend(spec, source, options);
  LoadCost cost;
  cost.context_s = loaded.context_s;
  cost.weights_s = loaded.weights_s;
  cost.prepare_s = loaded.prepare_s;
  for (const std::string& name : source.names()) {
    const TensorView view = source.find(name);
    cost.weight_bytes += view.elements() * static_cast<std::int64_t>(dtype_bytes(view.dtype));
  }
  const auto begin = std::chrono::steady_clock::now();
  EngineRequest request;
  request.prompt = std::make_shared<const std::vector<TokenId>>(64, 1);
  request.max_tokens = 1;
  Engine engine(*loaded.backend);
  bool asked = false;
  engine.run(
      [&]() -> std::optional<EngineRequest> {
        if (std::exchange(asked, true)) return std::nullopt;
        return request;
      },
      [](EngineCompletion) {}, {});
  cost.first_token_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return cost;
}

}  // namespace quorum
