#include "engine/tensor_names.h"

namespace quorum {
namespace {

void plan_layer(const DecoderSpec& spec, int layer, std::vector<TensorPlan>& plan) {
  const std::string prefix = "model.layers." + std::to_string(layer) + ".";
  const auto add = [&](const std::string& name, std::vector<std::int64_t> shape, TensorRole role,
                       TensorView LayerWeights::*place) {
    plan.push_back({prefix + name, std::move(shape), role, place, nullptr, layer});
  };
  // Biases and norms have one dimension, matrices two.
  const auto linear = [&](const std::string& name, std::int64_t rows, std::int64_t columns,
                          TensorRole role, TensorView LayerWeights::*weight, bool has_bias,
                          TensorView LayerWeights::*bias) {
    add(name + ".weight", {rows, columns}, role, weight);
    if (has_bias) add(name + ".bias", {rows}, TensorRole::kBias, bias);
  };
  using L = LayerWeights;
  const std::int64_t hidden = spec.hidden, inner = spec.intermediate;
  const std::int64_t q = std::int64_t{spec.heads} * spec.head_dim;
  const std::int64_t kv = std::int64_t{spec.kv_heads} * spec.head_dim;
  add("input_layernorm.weight", {hidden}, TensorRole::kNorm, &L::input_norm);
  linear("self_attn.q_proj", q, hidden, TensorRole::kQueryKey, &L::q, spec.qkv_bias, &L::q_bias);
  linear("self_attn.k_proj", kv, hidden, TensorRole::kQueryKey, &L::k, spec.qkv_bias, &L::k_bias);
  linear("self_attn.v_proj", kv, hidden, TensorRole::kMatrix, &L::v, spec.qkv_bias, &L::v_bias);
  if (spec.qk_norm) {
    add("self_attn.q_norm.weight", {spec.head_dim}, TensorRole::kQueryKeyNorm, &L::q_norm);
    add("self_attn.k_norm.weight", {spec.head_dim}, TensorRole::kQueryKeyNorm, &L::k_norm);
  }
  linear("self_attn.o_proj", hidden, q, TensorRole::kMatrix, &L::o, spec.o_bias, &L::o_bias);
  add("post_attention_layernorm.weight", {hidden}, TensorRole::kNorm, &L::post_norm);
  linear("mlp.gate_proj", inner, hidden, TensorRole::kMatrix, &L::gate, spec.mlp_bias,
         &L::gate_bias);
  linear("mlp.up_proj", inner, hidden, TensorRole::kMatrix, &L::up, spec.mlp_bias, &L::up_bias);
  linear("mlp.down_proj", hidden, inner, TensorRole::kMatrix, &L::down, spec.mlp_bias,
         &L::down_bias);
}

}  // namespace

std::vector<TensorPlan> plan_tensors(const DecoderSpec& spec) {
  std::vector<TensorPlan> plan;
  const auto add = [&](const std::string& name, std::vector<std::int64_t> shape, TensorRole role,
                       TensorView DecoderWeights::*place) {
    plan.push_back({name, std::move(shape), role, nullptr, place, -1});
  };
  add("model.embed_tokens.weight", {spec.vocab, spec.hidden}, TensorRole::kEmbedding,
      &DecoderWeights::embedding);
  for (int layer = 0; layer < spec.layers; ++layer) plan_layer(spec, layer, plan);
  add("model.norm.weight", {spec.hidden}, TensorRole::kNorm, &DecoderWeights::final_norm);
  if (!spec.tied_embeddings)
    add("lm_head.weight", {spec.vocab, spec.hidden}, TensorRole::kHead, &DecoderWeights::lm_head);
  return plan;
}

}  // namespace quorum
