#include "engine/cpu/decoder.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace quorum::cpu {
namespace {

std::size_t float_bytes(std::int64_t count) {
  return static_cast<std::size_t>(count) * sizeof(float);
}

// Pieces small enough that threads end together, large enough that taking one costs nothing.
int grain_for(int count, int threads) { return std::max(1, count / (threads * 8)); }

std::vector<float> joined(std::span<const TensorView> parts) {
  std::vector<float> values;
  for (const TensorView& part : parts) {
    const std::vector<float> more = to_floats(part);
    values.insert(values.end(), more.begin(), more.end());
  }
  return values;
}

// Biases in the order of PackedMatrix::interleave.
std::vector<float> interleaved(const TensorView& first, const TensorView& second,
                               const PackedMatrix& matrix, int panel) {
  if (!first && !second) return {};
  std::vector<float> values(static_cast<std::size_t>(matrix.outputs()), 0.0f);
  const auto place = [&](const TensorView& tensor, int shift) {
    const std::vector<float> from = to_floats(tensor);
    for (int i = 0; i < static_cast<int>(from.size()); ++i)
      values[static_cast<std::size_t>(i / panel * 2 * panel + i % panel + shift)] =
          from[static_cast<std::size_t>(i)];
  };
  place(first, 0);
  place(second, panel);
  return values;
}

}  // namespace

Decoder::Decoder(const DecoderSpec& spec, const DecoderWeights& weights, const Kernels& kernels,
                 ThreadPool& pool)
    : spec_(spec),
      kernels_(kernels),
      pool_(pool),
      q_size_(spec.heads * spec.head_dim),
      kv_size_(spec.kv_heads * spec.head_dim),
      qkv_size_(q_size_ + 2 * kv_size_) {
  tied_ = weights.lm_head.data == weights.embedding.data;
  lm_head_ = PackedMatrix::stack(std::span(&weights.lm_head, 1), kernels.panel, pool);
  if (!tied_)
    embedding_ = PackedMatrix::stack(std::span(&weights.embedding, 1), kernels.panel, pool);
  for (const LayerWeights& layer : weights.layers) layers_.push_back(pack_layer(layer));
  final_norm_ = to_floats(weights.final_norm);
  scratch_.resize(static_cast<std::size_t>(pool.threads()));
  scores_.resize(static_cast<std::size_t>(pool.threads()));
}

Decoder::Layer Decoder::pack_layer(const LayerWeights& weights) const {
  const int panel = kernels_.panel;
  const TensorView qkv[] = {weights.q, weights.k, weights.v};
  const TensorView qkv_bias[] = {weights.q_bias, weights.k_bias, weights.v_bias};
  Layer layer;
  layer.input_norm = to_floats(weights.input_norm);
  layer.post_norm = to_floats(weights.post_norm);
  layer.q_norm = to_floats(weights.q_norm);
  layer.k_norm = to_floats(weights.k_norm);
  layer.qkv = PackedMatrix::stack(qkv, panel, pool_);
  layer.qkv_bias = joined(qkv_bias);
  layer.o = PackedMatrix::stack(std::span(&weights.o, 1), panel, pool_);
  layer.o_bias = to_floats(weights.o_bias);
  layer.gate_up = PackedMatrix::interleave(weights.gate, weights.up, panel, pool_);
  layer.gate_up_bias = interleaved(weights.gate_bias, weights.up_bias, layer.gate_up, panel);
  layer.down = PackedMatrix::stack(std::span(&weights.down, 1), panel, pool_);
  layer.down_bias = to_floats(weights.down_bias);
  QUORUM_CHECK(layer.qkv_bias.empty() || static_cast<int>(layer.qkv_bias.size()) == qkv_size_,
               "q, k, v have biases all or none");
  return layer;
}

void Decoder::reserve(int rows) {
  if (rows <= capacity_) return;
  capacity_ = rows;
  const auto buffer = [&](int columns) {
    return MappedBuffer(float_bytes(std::int64_t{rows} * columns), "activations");
  };
  x_ = buffer(spec_.hidden);
  normed_ = buffer(spec_.hidden);
  qkv_ = buffer(qkv_size_);
  attended_ = buffer(q_size_);
  hidden_ = buffer(spec_.intermediate);
  const std::int64_t tile = std::int64_t{rows} * 2 * kernels_.panel;  // gate and up of one panel
  for (MappedBuffer& scratch : scratch_)
    scratch = MappedBuffer(float_bytes(kGemmScratch + tile), "scratch");
}

void Decoder::grow_positions(int positions) {
  const int half = spec_.head_dim / 2;
  const int have = static_cast<int>(rope_.cos.size()) / half;
  if (positions <= have) return;
  const int count = std::max({positions, 2 * have, 512});
  rope_ = make_rope_table(spec_.rope, spec_.head_dim, count);
  const int padded = (count + kPageTokens - 1) / kPageTokens * kPageTokens;
  for (MappedBuffer& scores : scores_)
    scores = MappedBuffer(float_bytes(std::int64_t{spec_.group()} * padded), "attention scores");
}

void Decoder::embed(std::span<const Row> rows) {
  const PackedMatrix& table = tied_ ? lm_head_ : embedding_;
  const int count = static_cast<int>(rows.size());
  pool_.parallel_for(count, grain_for(count, pool_.threads()), [&](int begin, int end, int) {
    for (int i = begin; i < end; ++i)
      table.copy_row(rows[static_cast<std::size_t>(i)].token,
                     x_.floats() + std::ptrdiff_t{i} * spec_.hidden);
  });
}

void Decoder::norm(const float* x, const std::vector<float>& weight, int rows) {
  const auto eps = static_cast<float>(spec_.rms_eps);
  pool_.parallel_for(rows, grain_for(rows, pool_.threads()), [&](int begin, int end, int) {
    for (int row = begin; row < end; ++row) {
      const std::ptrdiff_t at = std::ptrdiff_t{row} * spec_.hidden;
      kernels_.rms_norm(x + at, weight.data(), spec_.hidden, eps, normed_.floats() + at);
    }
  });
}

void Decoder::multiply(const PackedMatrix& matrix, const std::vector<float>& bias, const float* a,
                       int rows, float* out, std::ptrdiff_t ldo, bool add) {
  GemmCall call;
  call.a = a;
  call.lda = matrix.inputs();
  call.rows = rows;
  call.depth = matrix.inputs();
  call.panels = matrix.data();
  call.bf16 = matrix.bf16();
  call.outputs = matrix.outputs();
  call.bias = bias.empty() ? nullptr : bias.data();
  call.out = out;
  call.ldo = ldo;
  call.add = add;
  // A single row goes through four panels at a time.
  const int grain = std::max(rows <= 3 ? 4 : 1, grain_for(matrix.panels(), pool_.threads()));
  pool_.parallel_for(matrix.panels(), grain, [&](int begin, int end, int thread) {
    GemmCall piece = call;
    piece.panel_begin = begin;
    piece.panel_end = end;
    piece.scratch = scratch(thread);
    kernels_.gemm(piece);
  });
}

void Decoder::write_kv(const Layer& layer, int layer_index, std::span<const Row> rows, KvPool& kv) {
  const int dim = spec_.head_dim, half = dim / 2;
  const auto eps = static_cast<float>(spec_.rms_eps);
  const int count = static_cast<int>(rows.size());
  pool_.parallel_for(count, grain_for(count, pool_.threads()), [&](int begin, int end, int) {
    for (int i = begin; i < end; ++i) {
      const Row& row = rows[static_cast<std::size_t>(i)];
      float* const q = qkv_.floats() + std::ptrdiff_t{i} * qkv_size_;
      float* const k = q + q_size_;
      const float* const v = k + kv_size_;
      if (!layer.q_norm.empty()) {
        for (int head = 0; head < spec_.heads; ++head)
          kernels_.rms_norm(q + head * dim, layer.q_norm.data(), dim, eps, q + head * dim);
        for (int head = 0; head < spec_.kv_heads; ++head)
          kernels_.rms_norm(k + head * dim, layer.k_norm.data(), dim, eps, k + head * dim);
      }
      const std::ptrdiff_t angle = std::ptrdiff_t{row.position} * half;
      kernels_.rope(q, spec_.heads + spec_.kv_heads, half, rope_.cos.data() + angle,
                    rope_.sin.data() + angle);
      for (int head = 0; head < spec_.kv_heads; ++head) {
        kv.write(layer_index, head, row.pages[row.position / kPageTokens], row.position,
                 k + head * dim, v + head * dim);
      }
    }
  });
}

void Decoder::attend(int layer_index, std::span<const Row> rows, KvPool& kv) {
  const int count = static_cast<int>(rows.size()) * spec_.kv_heads;
  const int group = spec_.group();
  const float scale = 1.0f / std::sqrt(static_cast<float>(spec_.head_dim));
  pool_.parallel_for(count, grain_for(count, pool_.threads()), [&](int begin, int end, int thread) {
    for (int i = begin; i < end; ++i) {
      const int row = i / spec_.kv_heads, head = i % spec_.kv_heads;
      const std::ptrdiff_t first = std::ptrdiff_t{head} * group * spec_.head_dim;
      AttentionCall call;
      call.q = qkv_.floats() + std::ptrdiff_t{row} * qkv_size_ + first;
      call.heads = group;
      call.head_dim = spec_.head_dim;
      call.padded_head_dim = kv.padded_head_dim();
      call.positions = rows[static_cast<std::size_t>(row)].position + 1;
      call.pages = rows[static_cast<std::size_t>(row)].pages;
      call.kv = kv.at(layer_index, head);
      call.page_stride = kv.page_stride();
      const int next_row = (i + 1) / spec_.kv_heads;
      if (i + 1 < end) {
        call.next_keys = kv.at(layer_index, (i + 1) % spec_.kv_heads) +
                         rows[static_cast<std::size_t>(next_row)].pages[0] * kv.page_stride();
      }
      call.scale = scale;
      call.out = attended_.floats() + std::ptrdiff_t{row} * q_size_ + first;
      call.scores = scores_[static_cast<std::size_t>(thread)].floats();
      kernels_.attention(call);
    }
  });
}

void Decoder::gate_up(const Layer& layer, int rows) {
  const PackedMatrix& matrix = layer.gate_up;
  const int panel = kernels_.panel;
  const int pairs = matrix.panels() / 2;
  pool_.parallel_for(pairs, grain_for(pairs, pool_.threads()), [&](int begin, int end, int thread) {
    GemmCall call;
    call.a = normed_.floats();
    call.lda = call.depth = matrix.inputs();
    call.rows = rows;
    call.bf16 = matrix.bf16();
    call.outputs = 2 * panel;
    call.panel_end = 2;
    call.scratch = scratch(thread);
    call.ldo = 2 * panel;
    float* const tile = call.out = call.scratch + kGemmScratch;
    for (int pair = begin; pair < end; ++pair) {
      call.panels = matrix.panel(2 * pair);
      call.bias =
          layer.gate_up_bias.empty() ? nullptr : layer.gate_up_bias.data() + 2 * pair * panel;
      kernels_.gemm(call);
      const int columns = std::min(panel, spec_.intermediate - pair * panel);
      kernels_.silu_mul(tile, tile + panel, 2 * panel, rows, columns,
                        hidden_.floats() + pair * panel, spec_.intermediate);
    }
  });
}

void Decoder::forward(std::span<const Row> rows, int logit_rows, KvPool& kv, float* logits) {
  if (rows.empty()) return;
  const int count = static_cast<int>(rows.size());
  reserve(count);
  int positions = 0;
  for (const Row& row : rows) positions = std::max(positions, row.position + 1);
  grow_positions(positions);

  embed(rows);
  for (int index = 0; index < spec_.layers; ++index) {
    const Layer& layer = layers_[static_cast<std::size_t>(index)];
    norm(x_.floats(), layer.input_norm, count);
    multiply(layer.qkv, layer.qkv_bias, normed_.floats(), count, qkv_.floats(), qkv_size_, false);
    write_kv(layer, index, rows, kv);
    // After the last layer's keys and values only the rows that want logits go on.
    const int active = index + 1 == spec_.layers ? logit_rows : count;
    if (active == 0) return;
    attend(index, rows.first(static_cast<std::size_t>(active)), kv);
    multiply(layer.o, layer.o_bias, attended_.floats(), active, x_.floats(), spec_.hidden, true);
    norm(x_.floats(), layer.post_norm, active);
    gate_up(layer, active);
    multiply(layer.down, layer.down_bias, hidden_.floats(), active, x_.floats(), spec_.hidden,
             true);
  }
  norm(x_.floats(), final_norm_, logit_rows);
  multiply(lm_head_, {}, normed_.floats(), logit_rows, logits, spec_.vocab, false);
}

}  // namespace quorum::cpu
