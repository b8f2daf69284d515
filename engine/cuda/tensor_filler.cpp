#include <algorithm>
#include <thread>

#include "base/error.h"
#include "engine/cuda/kernels/convert.h"
#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/upload.h"
#include "engine/cuda/weights.h"
#include "engine/tensor_names.h"

namespace quorum::cuda {
namespace {

// The tensors of a checkpoint, over the link.
class Uploader final : public TensorFiller {
 public:
  Uploader(const DecoderWeights& weights, std::byte* scratch, cudaStream_t stream)
      : weights_(weights),
        scratch_(scratch),
        stream_(stream),
        upload_(static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2u, 16u))) {}

  bool has(int layer, TensorView LayerWeights::*place) const override {
    return static_cast<bool>(weights_.layers[static_cast<std::size_t>(layer)].*place);
  }
  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            __nv_bfloat16* to) override {
    const TensorView& view = find(layer, place, model);
    if (view.dtype == DType::kBF16) {
      upload_.copy(to, view.data, bytes_of(view));
    } else {
      through_scratch(view, to);
    }
  }
  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            float* to) override {
    const TensorView& view = find(layer, place, model);
    if (view.dtype == DType::kF32) {
      upload_.copy(to, view.data, bytes_of(view));
    } else {
      through_scratch(view, to);
    }
  }
  void flush() override {
    upload_.join(stream_);
    upload_.start_after(stream_);
  }

 private:
  static std::size_t bytes_of(const TensorView& view) {
    return static_cast<std::size_t>(view.elements()) * dtype_bytes(view.dtype);
  }
  const TensorView& find(int layer, TensorView LayerWeights::*place,
                         TensorView DecoderWeights::*model) const {
    return layer < 0 ? weights_.*model : weights_.layers[static_cast<std::size_t>(layer)].*place;
  }
  template <class To>
  void through_scratch(const TensorView& view, To* to) {
    upload_.copy(scratch_, view.data, bytes_of(view));
    upload_.join(stream_);
    convert(scratch_, view.dtype, view.elements(), to, stream_);
    upload_.start_after(stream_);
  }

  const DecoderWeights& weights_;
  std::byte* scratch_;
  cudaStream_t stream_;
  Upload upload_;
};

class RandomFiller final : public TensorFiller {
 public:
  RandomFiller(const DecoderSpec& spec, std::uint64_t seed, cudaStream_t stream)
      : spec_(spec), seed_(seed), stream_(stream), plans_(plan_tensors(spec)) {}

  bool has(int layer, TensorView LayerWeights::*place) const override {
    return find(layer, place, nullptr) != nullptr;
  }
  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            __nv_bfloat16* to) override {
    make(layer, place, model, to);
  }
  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            float* to) override {
    make(layer, place, model, to);
  }
  void flush() override {}

 private:
  const TensorPlan* find(int layer, TensorView LayerWeights::*place,
                         TensorView DecoderWeights::*model) const {
    for (const TensorPlan& plan : plans_)
      if (plan.layer == layer && plan.layer_place == place && plan.model_place == model)
        return &plan;
    return nullptr;
  }
  template <class To>
  void make(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model, To* to) {
    const TensorPlan* const plan = find(layer, place, model);
    QUORUM_CHECK(plan != nullptr);
    const std::int64_t columns = plan->shape.back();
    const std::int64_t rows = plan->shape.size() == 2 ? plan->shape.front() : 1;
    fill_random(random_tensor(*plan, spec_, seed_), rows, columns, to, stream_);
  }

  DecoderSpec spec_;
  std::uint64_t seed_;
  cudaStream_t stream_;
  std::vector<TensorPlan> plans_;
};

}  // namespace

std::unique_ptr<TensorFiller> make_uploader(const DecoderWeights& weights, std::byte* scratch,
                                            cudaStream_t stream) {
  return std::make_unique<Uploader>(weights, scratch, stream);
}

std::unique_ptr<TensorFiller> make_random_filler(const DecoderSpec& spec, std::uint64_t seed,
                                                 cudaStream_t stream) {
  return std::make_unique<RandomFiller>(spec, seed, stream);
}

}  // namespace quorum::cuda
