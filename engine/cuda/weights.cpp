#include "engine/cuda/weights.h"

#include <algorithm>

#include "base/error.h"
#include "engine/cuda/kernels/gemm_schedule.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

using Place = TensorView LayerWeights::*;

// Tensors that become one matrix or vector, one below the other.
struct Part {
  Place place, bias;
  int rows;
};
struct Fused {
  std::vector<Part> parts;
  int columns;
  WeightForm form;
  PackedWeight DeviceLayer::*weight;
  const float* DeviceLayer::*bias;
  bool has_bias;

  int rows() const {
    int sum = 0;
    for (const Part& part : parts) sum += part.rows;
    return sum;
  }
  Gemm::Shape shape() const { return {rows(), columns, form, OutType::kBf16}; }
};

std::vector<Fused> products_of(const DecoderSpec& spec, Fusion fusion) {
  using L = LayerWeights;
  const int q = spec.heads * spec.head_dim, kv = spec.kv_heads * spec.head_dim;
  const WeightForm qkv = fusion == Fusion::kAll ? WeightForm::kHeads : WeightForm::kPlain;
  const WeightForm gate_up = fusion == Fusion::kNone ? WeightForm::kPlain : WeightForm::kGateUp;
  return {
      {{{&L::q, &L::q_bias, q}, {&L::k, &L::k_bias, kv}, {&L::v, &L::v_bias, kv}},
       spec.hidden,
       qkv,
       &DeviceLayer::qkv,
       &DeviceLayer::qkv_bias,
       spec.qkv_bias},
      {{{&L::o, &L::o_bias, spec.hidden}},
       q,
       WeightForm::kPlain,
       &DeviceLayer::o,
       &DeviceLayer::o_bias,
       spec.o_bias},
      {{{&L::gate, &L::gate_bias, spec.intermediate}, {&L::up, &L::up_bias, spec.intermediate}},
       spec.hidden,
       gate_up,
       &DeviceLayer::gate_up,
       &DeviceLayer::gate_up_bias,
       spec.mlp_bias},
      {{{&L::down, &L::down_bias, spec.hidden}},
       spec.intermediate,
       WeightForm::kPlain,
       &DeviceLayer::down,
       &DeviceLayer::down_bias,
       spec.mlp_bias},
  };
}

std::size_t floats(std::int64_t count) { return static_cast<std::size_t>(count) * sizeof(float); }
std::size_t halves(std::int64_t count) { return static_cast<std::size_t>(count) * 2; }

Gemm::Shape head_shape(const DecoderSpec& spec) {
  return {padded_vocab(spec), spec.hidden, WeightForm::kPlain, OutType::kFp32};
}

// Staging memory has two halves: lm_head and every other layer go through the first one.
std::size_t layer_bytes(const DecoderSpec& spec) {
  std::int64_t elements = 0;
  for (const Fused& product : products_of(spec, Fusion::kNone))
    elements += std::int64_t{product.rows()} * product.columns;
  return arena_bytes(halves(elements));
}
std::size_t first_half_bytes(const DecoderSpec& spec) {
  return std::max(layer_bytes(spec),
                  arena_bytes(halves(std::int64_t{padded_vocab(spec)} * spec.hidden)));
}

class Loader {
 public:
  Loader(const DecoderSpec& spec, Fusion fusion, TensorFiller& filler, const Gemm& gemm,
         Arena& arena, std::byte* staging, cudaStream_t stream)
      : spec_(spec),
        products_(products_of(spec, fusion)),
        filler_(filler),
        gemm_(gemm),
        arena_(arena),
        staging_(staging),
        stream_(stream) {}

  DeviceWeights load() {
    DeviceWeights weights;
    weights.layers.resize(static_cast<std::size_t>(spec_.layers));
    auto* const embedding = arena_.take<__nv_bfloat16>(static_cast<std::size_t>(spec_.vocab) *
                                                       static_cast<std::size_t>(spec_.hidden));
    filler_.fill(-1, nullptr, &DecoderWeights::embedding, embedding);
    weights.embedding = embedding;
    weights.final_norm = vector(-1, nullptr, &DecoderWeights::final_norm, spec_.hidden);
    fill_head();
    // While what came last is packed, the next layer comes into the other half.
    int sent = filler_.end_batch();
    for (int i = 0; i < spec_.layers; ++i) {
      filler_.start_after();
      fill_layer(i, weights.layers[static_cast<std::size_t>(i)]);
      const int batch = filler_.end_batch();
      filler_.wait(sent);
      if (i == 0) {
        weights.lm_head = pack_head(embedding);
      } else {
        pack_layer(i - 1, weights.layers[static_cast<std::size_t>(i - 1)]);
      }
      sent = batch;
    }
    filler_.wait(sent);
    pack_layer(spec_.layers - 1, weights.layers.back());
    check(cudaStreamSynchronize(stream_));
    return weights;
  }

 private:
  __nv_bfloat16* half_of(int layer) const {
    return reinterpret_cast<__nv_bfloat16*>(staging_ +
                                            (layer % 2 == 0 ? first_half_bytes(spec_) : 0));
  }

  void fill_layer(int index, DeviceLayer& layer) {
    layer.input_norm = vector(index, &LayerWeights::input_norm, nullptr, spec_.hidden);
    layer.post_norm = vector(index, &LayerWeights::post_norm, nullptr, spec_.hidden);
    if (spec_.qk_norm) {
      layer.q_norm = vector(index, &LayerWeights::q_norm, nullptr, spec_.head_dim);
      layer.k_norm = vector(index, &LayerWeights::k_norm, nullptr, spec_.head_dim);
    }
    __nv_bfloat16* to = half_of(index);
    for (const Fused& product : products_) {
      for (const Part& part : product.parts) {
        filler_.fill(index, part.place, nullptr, to);
        to += std::int64_t{part.rows} * product.columns;
      }
      if (product.has_bias) layer.*product.bias = bias(index, product);
    }
  }

  void pack_layer(int index, DeviceLayer& layer) {
    const __nv_bfloat16* from = half_of(index);
    for (const Fused& product : products_) {
      layer.*product.weight = pack(from, product.shape());
      from += std::int64_t{product.rows()} * product.columns;
    }
  }

  void fill_head() {
    if (!spec_.tied_embeddings)
      filler_.fill(-1, nullptr, &DecoderWeights::lm_head,
                   reinterpret_cast<__nv_bfloat16*>(staging_));
  }

  PackedWeight pack_head(const __nv_bfloat16* embedding) {
    auto* const to = reinterpret_cast<__nv_bfloat16*>(staging_);
    const std::size_t bytes = halves(std::int64_t{spec_.vocab} * spec_.hidden);
    const std::size_t padded = halves(std::int64_t{padded_vocab(spec_)} * spec_.hidden);
    if (spec_.tied_embeddings)
      check(cudaMemcpyAsync(to, embedding, bytes, cudaMemcpyDeviceToDevice, stream_));
    check(cudaMemsetAsync(staging_ + bytes, 0, padded - bytes, stream_));
    return pack(to, head_shape(spec_));
  }

  const float* vector(int layer, Place place, TensorView DecoderWeights::*model, int count) {
    float* const to = arena_.take<float>(static_cast<std::size_t>(count));
    filler_.fill(layer, place, model, to);
    return to;
  }

  const float* bias(int layer, const Fused& product) {
    float* const values = arena_.take<float>(static_cast<std::size_t>(product.rows()));
    float* to = values;
    for (const Part& part : product.parts) {
      filler_.fill(layer, part.bias, nullptr, to);
      to += part.rows;
    }
    return values;
  }

  PackedWeight pack(const __nv_bfloat16* from, const Gemm::Shape& shape) {
    return gemm_.pack(from, shape, arena_.take_bytes(gemm_.packed_bytes(shape)), stream_);
  }

  const DecoderSpec& spec_;
  std::vector<Fused> products_;
  TensorFiller& filler_;
  const Gemm& gemm_;
  Arena& arena_;
  std::byte* staging_;
  cudaStream_t stream_;
};

}  // namespace

Fusion fusion_of(const DecoderSpec& spec, const Device& device) {
  const auto own = [&](const Gemm::Shape& shape) {
    return Gemm::is_own(device, shape.n, shape.k, shape.form);
  };
  const std::vector<Gemm::Shape> all = product_shapes(spec, Fusion::kAll);
  if (spec.mlp_bias || !own(all[2])) return Fusion::kNone;
  const bool tiles_are_heads = spec.head_dim == 128 && spec.hidden < kWideRows;
  return tiles_are_heads && std::all_of(all.begin(), all.end(), own) ? Fusion::kAll
                                                                     : Fusion::kGateUp;
}

std::vector<Gemm::Shape> product_shapes(const DecoderSpec& spec, Fusion fusion) {
  std::vector<Gemm::Shape> shapes;
  for (const Fused& product : products_of(spec, fusion)) shapes.push_back(product.shape());
  shapes.push_back(head_shape(spec));
  return shapes;
}

std::size_t weight_bytes(const DecoderSpec& spec, Fusion fusion, const Gemm& gemm) {
  std::size_t layer = 2 * arena_bytes(floats(spec.hidden));
  if (spec.qk_norm) layer += 2 * arena_bytes(floats(spec.head_dim));
  for (const Fused& product : products_of(spec, fusion)) {
    layer += arena_bytes(gemm.packed_bytes(product.shape()));
    if (product.has_bias) layer += arena_bytes(floats(product.rows()));
  }
  return arena_bytes(halves(std::int64_t{spec.vocab} * spec.hidden)) +
         static_cast<std::size_t>(spec.layers) * layer + arena_bytes(floats(spec.hidden)) +
         arena_bytes(gemm.packed_bytes(head_shape(spec)));
}

std::size_t staging_bytes(const DecoderSpec& spec) {
  return first_half_bytes(spec) + layer_bytes(spec);
}

DeviceWeights load_weights(const DecoderSpec& spec, Fusion fusion, TensorFiller& filler,
                           const Gemm& gemm, Arena& arena, std::byte* staging,
                           cudaStream_t stream) {
  return Loader(spec, fusion, filler, gemm, arena, staging, stream).load();
}

}  // namespace quorum::cuda
