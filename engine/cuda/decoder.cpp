#include "engine/cuda/decoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "engine/cuda/kernels/embed.h"
#include "engine/cuda/kernels/gather_rows.h"
#include "engine/cuda/kernels/silu_mul.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

AttentionSizes attention_sizes(const DecoderSpec& spec) {
  return {spec.heads, spec.kv_heads, spec.head_dim, spec.layers};
}

// Columns of the residual stream that o and down square together.
int o_columns(const DecoderSpec& spec) {
  return schedule_gemm(spec.hidden, spec.heads * spec.head_dim).tile_rows;
}
int down_columns(const DecoderSpec& spec) {
  return schedule_gemm(spec.hidden, spec.intermediate).tile_rows;
}

// Widths of the buffers, in elements a row.
struct Widths {
  std::size_t hidden, qkv, q, delta, gate_up, inner, squares, logit_rows;

  Widths(const DecoderSpec& spec, Fusion fusion)
      : hidden(static_cast<std::size_t>(spec.hidden)),
        qkv(static_cast<std::size_t>((spec.heads + 2 * spec.kv_heads) * spec.head_dim)),
        q(static_cast<std::size_t>(spec.heads * spec.head_dim)),
        delta(hidden),
        gate_up(fusion == Fusion::kNone ? 2 * static_cast<std::size_t>(spec.intermediate) : 0),
        inner(static_cast<std::size_t>(spec.intermediate)),
        squares(0),
        logit_rows(0) {
    if (fusion != Fusion::kAll) return;
    qkv = delta = 0;
    squares = static_cast<std::size_t>(
        norm_parts(spec.hidden, std::min(o_columns(spec), down_columns(spec))));
    logit_rows = hidden;
  }
};

void enter(PartObserver* observer, Part part) {
  if (observer != nullptr) observer->enter(part);
}

// Products read rows behind those of their X: buffers that are one have so many.
std::size_t readable(std::size_t rows) {
  return static_cast<std::size_t>(rows_read(static_cast<int>(rows)));
}

}  // namespace

std::size_t Decoder::bytes(const DecoderSpec& spec, const Capacity& capacity, const Gemm& gemm) {
  const Widths widths(spec, capacity.fusion);
  const auto rows = static_cast<std::size_t>(capacity.rows);
  const auto logit_rows = static_cast<std::size_t>(capacity.logit_rows);
  const auto table = arena_bytes(static_cast<std::size_t>(capacity.positions) *
                                 static_cast<std::size_t>(spec.head_dim / 2) * sizeof(float));
  std::size_t bytes = 2 * table + arena_bytes(4 * rows * widths.hidden);
  for (const std::size_t width :
       {widths.hidden, widths.qkv, widths.q, widths.q, widths.delta, widths.gate_up, widths.inner})
    bytes += arena_bytes(2 * readable(rows) * width);
  bytes += arena_bytes(4 * rows * widths.squares) + arena_bytes(4 * logit_rows * widths.squares) +
           arena_bytes(2 * readable(logit_rows) * widths.logit_rows);
  bytes += arena_bytes(sizeof(float) * logit_rows * static_cast<std::size_t>(padded_vocab(spec)));
  return bytes + arena_bytes(gemm.workspace_bytes());
}

Decoder::Decoder(const DecoderSpec& spec, const Capacity& capacity, const Gemm& gemm,
                 const DeviceWeights& weights, const RopeTable& rope, const KvLayout& layout,
                 __nv_bfloat16* kv, Arena& arena, cudaStream_t stream)
    : spec_(spec),
      fusion_(capacity.fusion),
      capacity_(capacity.rows),
      logit_capacity_(capacity.logit_rows),
      gemm_(gemm),
      weights_(weights),
      layout_(layout),
      kv_(kv),
      o_columns_(o_columns(spec)),
      down_columns_(down_columns(spec)) {
  const Widths widths(spec, capacity.fusion);
  const auto rows = static_cast<std::size_t>(capacity.rows);
  const auto logit_rows = static_cast<std::size_t>(capacity.logit_rows);
  const auto upload = [&](const std::vector<float>& values) {
    float* const to = arena.take<float>(values.size());
    check(cudaMemcpyAsync(to, values.data(), values.size() * sizeof(float), cudaMemcpyHostToDevice,
                          stream));
    return to;
  };
  rope_cos_ = upload(rope.cos);
  rope_sin_ = upload(rope.sin);
  residual_ = arena.take<float>(rows * widths.hidden);
  const auto take = [&](std::size_t width) {
    return arena.take<__nv_bfloat16>(readable(rows) * width);
  };
  normed_ = take(widths.hidden);
  qkv_ = take(widths.qkv);
  q_ = take(widths.q);
  attended_ = take(widths.q);
  delta_ = take(widths.delta);
  gate_up_ = take(widths.gate_up);
  hidden_ = take(widths.inner);
  squares_ = arena.take<float>(rows * widths.squares);
  logit_squares_ = arena.take<float>(logit_rows * widths.squares);
  logit_rows_ = arena.take<__nv_bfloat16>(readable(logit_rows) * widths.logit_rows);
  logits_ = arena.take<float>(logit_rows * static_cast<std::size_t>(padded_vocab(spec)));
  const std::size_t workspace = gemm.workspace_bytes();
  workspace_ = arena.take_bytes(workspace);
  check(cudaMemsetAsync(workspace_, 0, workspace, stream));
  // Padding rows are computed too; what they read must be numbers.
  check(cudaMemsetAsync(attended_, 0, 2 * rows * widths.q, stream));
  int device = 0;
  check(cudaGetDevice(&device));
  check(cudaDeviceGetAttribute(&attention_blocks_, cudaDevAttrMultiProcessorCount, device));
  check(cudaStreamSynchronize(stream));
}

AddRmsNormCall Decoder::norm_call(__nv_bfloat16* delta, const float* bias, const float* weight,
                                  int rows) const {
  AddRmsNormCall call;
  call.residual = residual_;
  call.delta = delta;
  call.bias = bias;
  call.weight = weight;
  call.out = normed_;
  call.rows = rows;
  call.hidden = spec_.hidden;
  call.eps = static_cast<float>(spec_.rms_eps);
  return call;
}

NormEnd Decoder::norm_end(const float* squares, int columns) const {
  return {squares, capacity_, spec_.hidden, static_cast<float>(spec_.rms_eps), columns};
}

RopeKvCall Decoder::heads_call(int index, const Rows& rows) const {
  const DeviceLayer& layer = weights_.layers[static_cast<std::size_t>(index)];
  return {qkv_,
          layer.qkv_bias,
          layer.q_norm,
          layer.k_norm,
          static_cast<float>(spec_.rms_eps),
          rope_cos_,
          rope_sin_,
          q_,
          kv_ + static_cast<std::size_t>(index) * layout_.layer(),
          layout_,
          rows,
          spec_.heads};
}

void Decoder::attention(int index, const Rows& rows, int queries, const AttentionPlan& plan,
                        cudaStream_t stream, PartObserver* observer) const {
  enter(observer, Part::kAttention);
  AttentionCall call;
  call.q = q_;
  call.kv = kv_ + static_cast<std::size_t>(index) * layout_.layer();
  call.out = attended_;
  call.layout = layout_;
  call.rows = rows;
  call.plan = plan;
  call.sizes = attention_sizes(spec_);
  call.queries = queries;
  call.old_pages = queries == 1;  // a prefill's groups attend to what others of its pass write
  call.layer = index;
  call.scale = 1.0f / std::sqrt(static_cast<float>(spec_.head_dim));
  call.blocks = attention_blocks_;
  attend(call, stream);
}

void Decoder::layer(int index, const Rows& rows, int queries, const AttentionPlan& plan, bool last,
                    cudaStream_t stream, PartObserver* observer) const {
  const DeviceLayer& layer = weights_.layers[static_cast<std::size_t>(index)];
  const auto norm = [&](const AddRmsNormCall& call) {
    enter(observer, Part::kOther);
    add_rms_norm(call, stream);
  };
  const auto multiply = [&](const PackedWeight& weight, const __nv_bfloat16* x, __nv_bfloat16* y) {
    enter(observer, Part::kProducts);
    gemm_.multiply(weight, x, rows.count, y, workspace_, stream);
  };

  const float* const earlier_bias =
      index > 0 ? weights_.layers[static_cast<std::size_t>(index - 1)].down_bias : nullptr;
  AddRmsNormCall input_norm =
      norm_call(index > 0 ? delta_ : nullptr, earlier_bias, layer.input_norm, rows.count);
  // Behind a product of cuBLASLt, which does not overlap with it, the norm takes longer by as much
  // as is won.
  if (index > 0 && layer.gate_up.form == WeightForm::kGateUp) {
    input_norm.spent = hidden_;
    input_norm.spent_width = spec_.intermediate;
  }
  norm(input_norm);
  multiply(layer.qkv, normed_, qkv_);
  enter(observer, Part::kOther);
  rope_kv(heads_call(index, rows), stream);
  if (last) return;
  attention(index, rows, queries, plan, stream, observer);
  multiply(layer.o, attended_, delta_);
  norm(norm_call(delta_, layer.o_bias, layer.post_norm, rows.count));
  if (layer.gate_up.form == WeightForm::kPlain) {
    multiply(layer.gate_up, normed_, gate_up_);
    enter(observer, Part::kOther);
    silu_mul(gate_up_, layer.gate_up_bias, rows.count, spec_.intermediate, hidden_, stream);
  } else {
    multiply(layer.gate_up, normed_, hidden_);
  }
  multiply(layer.down, hidden_, delta_);
}

void Decoder::fused_layer(int index, const Rows& rows, int queries, const AttentionPlan& plan,
                          bool last, cudaStream_t stream, PartObserver* observer) const {
  const DeviceLayer& layer = weights_.layers[static_cast<std::size_t>(index)];
  const auto multiply = [&](const HopperProduct& product) {
    enter(observer, Part::kProducts);
    hopper_multiply(product, stream);
  };
  HopperProduct qkv = own_product(layer.qkv, normed_, rows.count, nullptr);
  qkv.norm = norm_end(squares_, down_columns_);
  qkv.heads = heads_call(index, rows);
  const std::size_t spent =
      2 * static_cast<std::size_t>(rows.count) * static_cast<std::size_t>(spec_.intermediate);
  if (index > 0) qkv.spent = hidden_, qkv.spent_bytes = spent;
  multiply(qkv);
  if (last) return;
  attention(index, rows, queries, plan, stream, observer);
  HopperProduct o = own_product(layer.o, attended_, rows.count, nullptr);
  o.add = {residual_, layer.o_bias, norm_start(layer.post_norm, o_columns_)};
  multiply(o);
  HopperProduct gate_up = own_product(layer.gate_up, normed_, rows.count, hidden_);
  gate_up.norm = norm_end(squares_, o_columns_);
  multiply(gate_up);
  HopperProduct down = own_product(layer.down, hidden_, rows.count, nullptr);
  const auto next = static_cast<std::size_t>(index + 1);
  const float* const next_norm =
      next < weights_.layers.size() ? weights_.layers[next].input_norm : weights_.final_norm;
  down.add = {residual_, layer.down_bias, norm_start(next_norm, down_columns_)};
  multiply(down);
}

void Decoder::forward(const Rows& rows, int queries, const AttentionPlan& plan,
                      const std::int32_t* gather, int logit_rows, cudaStream_t stream,
                      PartObserver* observer) const {
  const bool fused = fusion_ == Fusion::kAll;
  enter(observer, Part::kOther);
  plan_attention(rows, queries, spec_.layers, plan, stream);
  embed(weights_.embedding, spec_.hidden, rows, residual_,
        fused ? norm_start(weights_.layers.front().input_norm, down_columns_) : NormStart{},
        stream);
  for (int index = 0; index < spec_.layers; ++index) {
    // Without logits nothing is wanted beyond the last layer's keys and values.
    const bool last = logit_rows == 0 && index + 1 == spec_.layers;
    fused ? fused_layer(index, rows, queries, plan, last, stream, observer)
          : layer(index, rows, queries, plan, last, stream, observer);
  }
  if (logit_rows == 0) return;
  enter(observer, Part::kOther);
  if (fused) {
    const NormStart all = norm_start(nullptr, down_columns_);
    const NormStart some = gather == nullptr ? all
                                             : NormStart{nullptr, logit_rows_, logit_squares_,
                                                         logit_capacity_, down_columns_};
    if (gather != nullptr) gather_rows(all, gather, logit_rows, spec_.hidden, some, stream);
    HopperProduct head = own_product(weights_.lm_head, some.scaled, logit_rows, logits_);
    head.norm = norm_end(some.squares, down_columns_);
    head.norm.stride = some.stride;
    enter(observer, Part::kProducts);
    hopper_multiply(head, stream);
    return;
  }
  AddRmsNormCall norm =
      norm_call(delta_, weights_.layers.back().down_bias, weights_.final_norm, logit_rows);
  norm.gather = gather;
  add_rms_norm(norm, stream);
  enter(observer, Part::kProducts);
  gemm_.multiply(weights_.lm_head, normed_, logit_rows, logits_, workspace_, stream);
}

}  // namespace quorum::cuda
