// Tensors by role: what a checkpoint must hold, shape by shape; and generated weights.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "base/error.h"
#include "engine/tensor_names.h"
#include "support/catch.h"

using namespace quorum;

namespace {

class MemorySource : public WeightSource {
 public:
  struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
  };
  std::map<std::string, Tensor> tensors;

  void put(const std::string& name, std::vector<std::int64_t> shape, float value = 0.5f) {
    std::int64_t count = 1;
    for (const std::int64_t dimension : shape) count *= dimension;
    tensors[name] = {std::move(shape),
                     std::vector<float>(static_cast<std::size_t>(count) + 1, value)};
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : tensors) names.push_back(name);
    return names;
  }
  std::string file_of(const std::string& name) const override {
    return tensors.count(name) != 0 ? "w.safetensors" : "";
  }
  TensorView find(const std::string& name) const override {
    const auto found = tensors.find(name);
    if (found == tensors.end()) return {};
    return {DType::kF32, found->second.shape,
            reinterpret_cast<const std::byte*>(found->second.values.data())};
  }
};

DecoderSpec small_spec() {
  DecoderSpec spec;
  spec.architecture = "Qwen2ForCausalLM";
  spec.hidden = 8, spec.layers = 2, spec.heads = 4, spec.kv_heads = 2, spec.head_dim = 6;
  spec.intermediate = 10, spec.vocab = 12, spec.qkv_bias = true;
  return spec;
}

MemorySource small_source(const DecoderSpec& spec) {
  MemorySource source;
  for (const TensorPlan& plan : plan_tensors(spec)) source.put(plan.name, plan.shape);
  return source;
}

std::string error_of(const DecoderSpec& spec, const WeightSource& source) {
  try {
    bind_weights(spec, source);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kData);
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

float bf16_at(const TensorView& view, std::int64_t index) {
  std::uint16_t half;
  std::memcpy(&half, view.data + 2 * index, 2);
  const std::uint32_t bits = std::uint32_t{half} << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

}  // namespace

TEST_CASE("every tensor is bound to its role with its shape") {
  const DecoderSpec spec = small_spec();
  const MemorySource source = small_source(spec);
  const DecoderWeights weights = bind_weights(spec, source);
  using Shape = std::vector<std::int64_t>;
  CHECK(weights.embedding.shape == Shape{12, 8});
  CHECK(weights.lm_head.data == source.find("lm_head.weight").data);
  CHECK(weights.final_norm.data == source.find("model.norm.weight").data);
  REQUIRE(weights.layers.size() == 2);
  const LayerWeights& layer = weights.layers[1];
  const auto is = [&](const TensorView& view, const std::string& name, const Shape& shape) {
    INFO(name);
    CHECK(view.data == source.find("model.layers.1." + name).data);
    CHECK(view.shape == shape);
  };
  is(layer.input_norm, "input_layernorm.weight", {8});
  is(layer.q, "self_attn.q_proj.weight", {24, 8});
  is(layer.k, "self_attn.k_proj.weight", {12, 8});
  is(layer.v, "self_attn.v_proj.weight", {12, 8});
  is(layer.q_bias, "self_attn.q_proj.bias", {24});
  is(layer.k_bias, "self_attn.k_proj.bias", {12});
  is(layer.v_bias, "self_attn.v_proj.bias", {12});
  is(layer.o, "self_attn.o_proj.weight", {8, 24});
  is(layer.post_norm, "post_attention_layernorm.weight", {8});
  is(layer.gate, "mlp.gate_proj.weight", {10, 8});
  is(layer.up, "mlp.up_proj.weight", {10, 8});
  is(layer.down, "mlp.down_proj.weight", {8, 10});
  CHECK_FALSE(layer.o_bias);
  CHECK_FALSE(layer.q_norm);
  CHECK_FALSE(layer.gate_bias);
}

TEST_CASE("optional tensors are required exactly when the model has them") {
  DecoderSpec spec = small_spec();
  spec.o_bias = spec.mlp_bias = spec.qk_norm = true;
  MemorySource source = small_source(spec);
  const DecoderWeights weights = bind_weights(spec, source);
  CHECK(weights.layers[0].o_bias.shape == std::vector<std::int64_t>{8});
  CHECK(weights.layers[0].k_norm.shape == std::vector<std::int64_t>{6});
  CHECK(weights.layers[0].down_bias.shape == std::vector<std::int64_t>{8});
  CHECK(weights.layers[0].up_bias.shape == std::vector<std::int64_t>{10});
  CHECK(contains(error_of(small_spec(), source), "is not part of the model"));
}

TEST_CASE("missing and extra and ill-shaped tensors are named with what was expected") {
  const DecoderSpec spec = small_spec();
  const MemorySource good = small_source(spec);
  for (const auto& [name, tensor] : good.tensors) {
    MemorySource lacking = good;
    lacking.tensors.erase(name);
    CHECK(contains(error_of(spec, lacking), "`" + name + "`"));
    MemorySource longer = good;
    longer.tensors[name].shape.push_back(1);
    const std::string message = error_of(spec, longer);
    CHECK(contains(message, "w.safetensors: tensor `" + name + "` has shape"));
    CHECK(contains(message, "expected ["));
  }
  MemorySource transposed = good;
  transposed.tensors["model.layers.0.mlp.up_proj.weight"].shape = {8, 10};
  CHECK(contains(error_of(spec, transposed), "has shape [8, 10]: expected [10, 8]"));
  MemorySource extra = good;
  extra.put("model.layers.2.input_layernorm.weight", {8});
  CHECK(contains(error_of(spec, extra), "`model.layers.2.input_layernorm.weight`"));
  MemorySource old = good;
  old.put("model.layers.0.self_attn.rotary_emb.inv_freq", {3});
  CHECK(error_of(spec, old) == "");
  MemorySource base;
  for (const auto& [name, tensor] : good.tensors)
    base.tensors[name.starts_with("model.") ? name.substr(6) : name] = tensor;
  CHECK(contains(error_of(spec, base), "prefix `model.`"));
}

TEST_CASE("tied embeddings share one tensor") {
  DecoderSpec spec = small_spec();
  spec.tied_embeddings = true;
  MemorySource source = small_source(spec);
  CHECK(source.tensors.count("lm_head.weight") == 0);
  const DecoderWeights weights = bind_weights(spec, source);
  CHECK(weights.lm_head.data == weights.embedding.data);
  CHECK(weights.lm_head.shape == weights.embedding.shape);
  source.tensors["lm_head.weight"] = source.tensors["model.embed_tokens.weight"];
  CHECK(error_of(spec, source) == "");
  source.tensors["lm_head.weight"].values[5] = 9.0f;
  CHECK(contains(error_of(spec, source), "differs from the embedding"));
  spec.tied_embeddings = false;
  source.tensors.erase("lm_head.weight");
  CHECK(contains(error_of(spec, source), "tie_word_embeddings"));
}

TEST_CASE("generated weights depend on name and index and seed alone") {
  DecoderSpec spec = small_spec();
  spec.hidden = 64, spec.intermediate = 96, spec.vocab = 40, spec.qk_norm = true;
  const auto one = make_random_weights(spec, 1), again = make_random_weights(spec, 1),
             other = make_random_weights(spec, 2);
  DecoderSpec wider = spec;
  wider.intermediate = 192;
  const auto wide = make_random_weights(wider, 1);
  CHECK_NOTHROW(bind_weights(spec, *one));
  const std::string name = "model.layers.1.mlp.up_proj.weight";
  const TensorView a = one->find(name), b = again->find(name), c = other->find(name),
                   d = wide->find(name);
  CHECK(a.dtype == DType::kBF16);
  CHECK(std::memcmp(a.data, b.data, 2 * 96 * 64) == 0);
  CHECK(std::memcmp(a.data, c.data, 2 * 96 * 64) != 0);
  CHECK(std::memcmp(a.data, d.data, 2 * 96 * 64) == 0);
  CHECK(a.data == one->find(name).data);
  CHECK_FALSE(one->find("model.layers.2.mlp.up_proj.weight"));

  const auto moments = [&](const std::string& tensor) {
    const TensorView view = one->find(tensor);
    double sum = 0, squares = 0;
    for (std::int64_t i = 0; i < view.elements(); ++i) {
      sum += bf16_at(view, i);
      squares += static_cast<double>(bf16_at(view, i)) * bf16_at(view, i);
    }
    const double mean = sum / static_cast<double>(view.elements());
    return std::pair(mean, std::sqrt(squares / static_cast<double>(view.elements()) - mean * mean));
  };
  CHECK(std::abs(moments(name).first) < 0.01);
  CHECK(moments(name).second == Approx(1.0 / 8).epsilon(0.05));
  CHECK(moments("model.layers.0.self_attn.q_proj.weight").second == Approx(2.0 / 8).epsilon(0.1));
  CHECK(moments("model.norm.weight").first == Approx(1.0).epsilon(0.1));
  CHECK(moments("model.norm.weight").second > 0.05);
  CHECK(moments("model.layers.0.self_attn.q_proj.bias").second > 0.05);
  CHECK(moments("model.layers.0.self_attn.q_norm.weight").first > 1.4);
}

TEST_CASE("generated weights that memory cannot hold are refused before they are made") {
  DecoderSpec spec = small_spec();
  spec.hidden = 1 << 17, spec.layers = 1024, spec.intermediate = 1 << 21, spec.vocab = 1 << 24;
  CHECK_THROWS_AS(make_random_weights(spec, 1), Error);
}
