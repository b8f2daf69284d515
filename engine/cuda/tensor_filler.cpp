#include <algorithm>
#include <deque>
#include <thread>

#include "base/error.h"
#include "engine/cuda/kernels/convert.h"
#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/upload.h"
#include "engine/cuda/weights.h"
#include "engine/tensor_names.h"

namespace quorum::cuda {
namespace {

// Scratch memory for what is saved in another format than it is used in.
struct Scratch {
  std::size_t matrix = 0;   // the largest one
  std::size_t vectors = 0;  // all

  explicit Scratch(const DecoderSpec& spec) {
    for (const TensorPlan& plan : plan_tensors(spec)) {
      std::size_t bytes = sizeof(float);
      for (const std::int64_t count : plan.shape) bytes *= static_cast<std::size_t>(count);
      if (plan.shape.size() == 1) {
        vectors += arena_bytes(bytes);
      } else {
        matrix = std::max(matrix, arena_bytes(bytes));
      }
    }
  }
};

// The tensors of a checkpoint, over the link. Vectors are converted when their batch is there, so
// that the link does not stand still for them; matrices, rarely saved in another format, at once.
class Uploader final : public TensorFiller {
 public:
  Uploader(const DecoderSpec& spec, const DecoderWeights& weights, std::byte* scratch,
           cudaStream_t stream)
      : weights_(weights),
        matrix_(scratch),
        next_vector_(scratch + Scratch(spec).matrix),
        stream_(stream),
        upload_(static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2u, 16u))) {}

  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            __nv_bfloat16* to) override {
    const TensorView& view = find(layer, place, model);
    if (view.dtype == DType::kBF16) return upload_.copy(to, view);
    upload_.copy(matrix_, view);
    upload_.wait(upload_.end_batch(), stream_);
    convert(matrix_, view.dtype, view.elements(), to, stream_);
    upload_.start_after(stream_);
  }
  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            float* to) override {
    const TensorView& view = find(layer, place, model);
    if (view.dtype == DType::kF32) return upload_.copy(to, view);
    upload_.copy(next_vector_, view);
    unconverted_.push_back({next_vector_, &view, to});
    next_vector_ += arena_bytes(view.bytes());
  }
  int end_batch() override {
    const int batch = upload_.end_batch();
    for (; !unconverted_.empty(); unconverted_.pop_front())
      arriving_.emplace_back(batch, unconverted_.front());
    return batch;
  }
  void wait(int batch) override {
    upload_.wait(batch, stream_);
    for (; !arriving_.empty() && arriving_.front().first <= batch; arriving_.pop_front()) {
      const Vector& vector = arriving_.front().second;
      convert(vector.from, vector.view->dtype, vector.view->elements(), vector.to, stream_);
    }
  }
  void start_after() override { upload_.start_after(stream_); }

 private:
  struct Vector {
    const std::byte* from;
    const TensorView* view;
    float* to;
  };

  const TensorView& find(int layer, TensorView LayerWeights::*place,
                         TensorView DecoderWeights::*model) const {
    return layer < 0 ? weights_.*model : weights_.layers[static_cast<std::size_t>(layer)].*place;
  }

  const DecoderWeights& weights_;
  std::byte *matrix_, *next_vector_;
  std::deque<Vector> unconverted_;
  std::deque<std::pair<int, Vector>> arriving_;  // with their batches
  cudaStream_t stream_;
  Upload upload_;
};

class RandomFiller final : public TensorFiller {
 public:
  RandomFiller(const DecoderSpec& spec, std::uint64_t seed, cudaStream_t stream)
      : spec_(spec), seed_(seed), stream_(stream), plans_(plan_tensors(spec)) {}

  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            __nv_bfloat16* to) override {
    make(layer, place, model, to);
  }
  void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
            float* to) override {
    make(layer, place, model, to);
  }
  int end_batch() override { return 0; }  // all is done in the order of the stream
  void wait(int) override {}
  void start_after() override {}

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

std::unique_ptr<TensorFiller> make_uploader(const DecoderSpec& spec, const DecoderWeights& weights,
                                            std::byte* scratch, cudaStream_t stream) {
  return std::make_unique<Uploader>(spec, weights, scratch, stream);
}

std::size_t scratch_bytes(const DecoderSpec& spec) {
  const Scratch scratch(spec);
  return scratch.matrix + scratch.vectors;
}

std::unique_ptr<TensorFiller> make_random_filler(const DecoderSpec& spec, std::uint64_t seed,
                                                 cudaStream_t stream) {
  return std::make_unique<RandomFiller>(spec, seed, stream);
}

}  // namespace quorum::cuda
