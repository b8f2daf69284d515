// A decoder in double, one token after another, with nothing shared with the backend but the
// weights and the RoPE table.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "engine/cpu/packed_matrix.h"
#include "engine/weights.h"

namespace quorum::testing {

class ReferenceDecoder {
 public:
  ReferenceDecoder(const DecoderSpec& spec, const DecoderWeights& weights)
      : spec_(spec), weights_(weights) {}

  // (tokens, vocab)
  std::vector<double> logits(std::span<const TokenId> tokens) const {
    const RopeTable rope =
        make_rope_table(spec_.rope, spec_.head_dim, static_cast<int>(tokens.size()));
    const Values embedding = cpu::to_floats(weights_.embedding);
    std::vector<std::vector<Row>> keys(weights_.layers.size()), values(weights_.layers.size());
    std::vector<double> out;
    for (std::size_t position = 0; position < tokens.size(); ++position) {
      const auto hidden = static_cast<std::size_t>(spec_.hidden);
      const auto at = embedding.begin() + tokens[position] * spec_.hidden;
      Row x(at, at + static_cast<std::ptrdiff_t>(hidden));
      for (std::size_t index = 0; index < weights_.layers.size(); ++index) {
        const LayerWeights& layer = weights_.layers[index];
        const Row normed = norm(x, layer.input_norm);
        Row q = apply(layer.q, layer.q_bias, normed), k = apply(layer.k, layer.k_bias, normed);
        prepare(q, layer.q_norm, rope, position);
        prepare(k, layer.k_norm, rope, position);
        keys[index].push_back(k);
        values[index].push_back(apply(layer.v, layer.v_bias, normed));
        add(x, apply(layer.o, layer.o_bias, attend(q, keys[index], values[index])));
        const Row second = norm(x, layer.post_norm);
        Row gate = apply(layer.gate, layer.gate_bias, second);
        const Row up = apply(layer.up, layer.up_bias, second);
        for (std::size_t i = 0; i < gate.size(); ++i)
          gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
        add(x, apply(layer.down, layer.down_bias, gate));
      }
      const Row row = apply(weights_.lm_head, {}, norm(x, weights_.final_norm));
      out.insert(out.end(), row.begin(), row.end());
    }
    return out;
  }

 private:
  using Row = std::vector<double>;
  using Values = std::vector<float>;

  static void add(Row& x, const Row& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
  }

  static Row apply(const TensorView& matrix, const TensorView& bias, const Row& x) {
    const Values w = cpu::to_floats(matrix), b = cpu::to_floats(bias);
    Row out;
    for (std::size_t row = 0; row < w.size() / x.size(); ++row) {
      double sum = b.empty() ? 0.0 : b[row];
      for (std::size_t i = 0; i < x.size(); ++i) sum += w[row * x.size() + i] * x[i];
      out.push_back(sum);
    }
    return out;
  }

  Row norm(const Row& x, const TensorView& weight) const {
    const Values w = cpu::to_floats(weight);
    double sum = 0;
    for (const double value : x) sum += value * value;
    Row out;
    for (std::size_t i = 0; i < x.size(); ++i)
      out.push_back(x[i] / std::sqrt(sum / static_cast<double>(x.size()) + spec_.rms_eps) * w[i]);
    return out;
  }

  void prepare(Row& heads, const TensorView& weight, const RopeTable& rope,
               std::size_t position) const {
    const auto dim = static_cast<std::size_t>(spec_.head_dim), half = dim / 2;
    for (std::size_t head = 0; head < heads.size(); head += dim) {
      const auto begin = heads.begin() + static_cast<std::ptrdiff_t>(head);
      Row x(begin, begin + spec_.head_dim);
      if (weight) x = norm(x, weight);
      for (std::size_t i = 0; i < half; ++i) {
        const double cos = rope.cos[position * half + i], sin = rope.sin[position * half + i];
        heads[head + i] = x[i] * cos - x[half + i] * sin;
        heads[head + half + i] = x[half + i] * cos + x[i] * sin;
      }
    }
  }

  Row attend(const Row& q, const std::vector<Row>& keys, const std::vector<Row>& values) const {
    const auto dim = static_cast<std::size_t>(spec_.head_dim);
    Row out(q.size(), 0.0);
    for (std::size_t head = 0; head < static_cast<std::size_t>(spec_.heads); ++head) {
      const std::size_t kv = head / static_cast<std::size_t>(spec_.group()) * dim;
      Row weights;
      double total = 0;
      for (const Row& key : keys) {
        double sum = 0;
        for (std::size_t d = 0; d < dim; ++d) sum += q[head * dim + d] * key[kv + d];
        weights.push_back(std::exp(sum / std::sqrt(spec_.head_dim)));
        total += weights.back();
      }
      for (std::size_t t = 0; t < values.size(); ++t) {
        for (std::size_t d = 0; d < dim; ++d)
          out[head * dim + d] += weights[t] / total * values[t][kv + d];
      }
    }
    return out;
  }

  DecoderSpec spec_;
  DecoderWeights weights_;
};

}  // namespace quorum::testing
