// The start of the CUDA backend: device, weights, buffers, and the check that its products may be
// trusted.
#include <future>
#include <utility>

#include "base/error.h"
#include "engine/cuda/backend.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/loaded_backend.h"

namespace quorum::cuda {
namespace {

// A device with its context made.
Device open_context(int index, StopWatch& watch, double& seconds) {
  watch.lap();
  Device device = open_device(index);
  check(cudaFree(nullptr));
  seconds = watch.lap();
  return device;
}

// Refuses first what this backend does not run.
Fusion supported_fusion(const DecoderSpec& spec, const CudaBackendOptions& options,
                        const Device& device) {
  check_supported(spec, options);
  return fusion_of(spec, device);
}

}  // namespace

CudaBackend::CudaBackend(const DecoderSpec& spec, const CudaBackendOptions& options,
                         const MakeFiller& make_filler)
    : spec_(spec),
      device_(open_context(options.device, watch_, load_times_.context_s)),
      costs_(step_costs(spec, device_)),
      fusion_(supported_fusion(spec, options, device_)),
      gemm_(device_, product_shapes(spec, fusion_), kDecoderRows, options.cache),
      plan_(plan_memory(spec, options, fusion_, gemm_)),
      arena_(plan_.total_bytes),
      layout_{plan_.pages, spec.kv_heads, spec.head_dim},
      swap_(options.swap_bytes, spec.layers, layout_),
      slots_(static_cast<std::size_t>(plan_.slots)),
      use_graphs_(options.graphs),
      attention_beside_(options.attention_beside) {
  load_times_.prepare_s = watch_.lap();  // of products: choosing algorithms at a first start
  kv_ = static_cast<__nv_bfloat16*>(arena_.take_bytes(plan_.kv_bytes));
  // Beside the upload, which needs most of the processor.
  constexpr int kRopeThreads = 3;
  std::future<RopeTable> rope = std::async(std::launch::async, make_rope_table, spec.rope,
                                           spec.head_dim, plan_.max_positions, kRopeThreads);
  {
    // The KV cache is empty still: tensors are put together in it.
    const auto filler =
        make_filler(reinterpret_cast<std::byte*>(kv_) + staging_bytes(spec), stream_.get());
    weights_ = load_weights(spec, fusion_, *filler, gemm_, arena_,
                            reinterpret_cast<std::byte*>(kv_), stream_.get());
  }
  load_times_.weights_s = watch_.lap();
  decoder_.emplace(spec, plan_.decoder, gemm_, weights_, rope.get(), layout_, kv_, arena_,
                   stream_.get());

  const auto slots = static_cast<std::size_t>(plan_.slots);
  slot_states_ = arena_.take<SlotState>(slots);
  page_tables_ = arena_.take<std::int32_t>(plan_.tables * static_cast<std::size_t>(plan_.stride));
  rows_ = {arena_.take<std::int32_t>(slots), arena_.take<std::int32_t>(slots),
           arena_.take<std::int32_t>(slots), arena_.take<SampleRow>(slots)};
  void* const attention = arena_.take_bytes(plan_.attention_bytes);
  check(cudaMemsetAsync(attention, 0, plan_.attention_bytes, stream_.get()));
  attention_ = place_attention_plan(attention, plan_.attention, plan_.slots, 1, plan_.splits);
  picks_ = arena_.take<SamplePick>(slots);
  results_ = arena_.take<RowResult>(slots);
  copies_ = arena_.take<PageCopy>(slots);
  upload_.emplace(plan_.upload, arena_);
  prefill_.emplace(*decoder_, plan_, page_tables_, arena_, stream_.get());
  for (int i = 0; i < kLag + 1; ++i) {
    host_results_.emplace_back(slots * sizeof(RowResult));
    finished_.emplace_back();
  }
  stream_.wait();
  const DeviceLayer& layer = weights_.layers.front();
  const PackedWeight* const weights[] = {&layer.qkv, &layer.o, &layer.gate_up, &layer.down,
                                         &weights_.lm_head};
  for (const PackedWeight* weight : weights)
    gemm_.check_row_invariance(*weight, {reinterpret_cast<std::byte*>(kv_), plan_.kv_bytes},
                               decoder_->workspace(), stream_.get());
  load_times_.prepare_s += watch_.lap();
}

LoadedBackend load_backend(const DecoderSpec& spec, const WeightSource& source,
                           const CudaBackendOptions& options) {
  const DecoderWeights weights = bind_weights(spec, source);
  auto backend =
      std::make_unique<CudaBackend>(spec, options, [&](std::byte* scratch, cudaStream_t stream) {
        return make_uploader(spec, weights, scratch, stream);
      });
  const CudaBackend::LoadTimes times = backend->load_times();
  return {std::move(backend), times.context_s, times.weights_s, times.prepare_s};
}

}  // namespace quorum::cuda

namespace quorum {

std::unique_ptr<Backend> make_cuda_backend(const DecoderSpec& spec, const WeightSource& source,
                                           const CudaBackendOptions& options) {
  return cuda::load_backend(spec, source, options).backend;
}

std::unique_ptr<Backend> make_cuda_backend_random(const DecoderSpec& spec, std::uint64_t seed,
                                                  const CudaBackendOptions& options) {
  return std::make_unique<cuda::CudaBackend>(spec, options, [&](std::byte*, cudaStream_t stream) {
    return cuda::make_random_filler(spec, seed, stream);
  });
}

}  // namespace quorum
