// The measurements of engine/cuda_perf.h, but for attention (perf_attention.cpp).
#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/error.h"
#include "engine/cuda/cublas.h"
#include "engine/cuda/device.h"
#include "engine/cuda/gemm.h"
#include "engine/cuda/kernels/read_memory.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/loaded_backend.h"
#include "engine/cuda/measure.h"
#include "engine/cuda/memory.h"
#include "engine/cuda/profile.h"
#include "engine/cuda/weights.h"
#include "engine/cuda_perf.h"
#include "engine/engine.h"

namespace quorum {
namespace {

using cuda::Arena;
using cuda::arena_bytes;
using cuda::check;
using cuda::Event;
using cuda::fill_noise;
using cuda::free_memory;
using cuda::Stream;
using cuda::time_graph;

constexpr int kCopies = 11;  // of a block, to time the link
constexpr std::size_t kFarBeyondCache = std::size_t{8} << 30;

}  // namespace

double measure_read_bandwidth(int device) {
  const cuda::Device opened = cuda::open_device(device);
  const Stream stream;
  const std::size_t bytes = std::min(kFarBeyondCache, free_memory() / 2) / 16 * 16;
  Arena arena(arena_bytes(bytes) + 256);
  void* const memory = arena.take_bytes(bytes);
  auto* const sink = arena.take<std::uint32_t>(1);
  fill_noise(memory, bytes / 2, stream);
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
  fill_noise(x, bytes / 2, stream);
  fill_noise(w, bytes / 2, stream);
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
  for (int i = -1; i < kCopies; ++i) {
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
      2 * static_cast<std::size_t>(cuda::rows_read(most)) * static_cast<std::size_t>(widest_k);
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
  fill_noise(x, x_bytes / 2, stream);
  fill_noise(raw, raw_bytes / 2, stream);
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
