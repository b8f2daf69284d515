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

// Parts of the extremes of a row of logits; 0: the product does not tell them.
int extremes_parts(const DecoderSpec& spec, Fusion fusion) {
  const GemmSchedule head = schedule_gemm(padded_vocab(spec), spec.hidden);
  return fusion == Fusion::kAll && head.wide ? head.tiles : 0;
}

// Widths of the buffers, in elements a row.
struct Widths {
  std::size_t hidden, qkv, q, delta, gate_up, inner, squares, logit_rows, extremes;

  Widths(const DecoderSpec& spec, Fusion fusion)
      : hidden(static_cast<std::size_t>(spec.hidden)),
        qkv(static_cast<std::size_t>((spec.heads + 2 * spec.kv_heads) * spec.head_dim)),
        q(static_cast<std::size_t>(spec.heads * spec.head_dim)),
        delta(hidden),
        gate_up(fusion == Fusion::kNone ? 2 * static_cast<std::size_t>(spec.intermediate) : 0),
        inner(static_cast<std::size_t>(spec.intermediate)),
        squares(0),
        logit_rows(0),
        extremes(static_cast<std::size_t>(extremes_parts(spec, fusion))) {
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
           arena_bytes(2 * readable(logit_rows) * widths.logit_rows) +
           arena_bytes(sizeof(Extremes) * logit_rows * widths.extremes);
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
  if (widths.extremes > 0)
    extremes_ = {arena.take<Extremes>(logit_rows * widths.extremes),
                 static_cast<int>(widths.extremes), spec.vocab};
  const std::size_t workspace = gemm.workspace_bytes();
  workspace_ = arena.take_bytes(workspace);
  check(cudaMemsetAsync(workspace_, 0, workspace, stream));
  // Padding rows are computed too; what they read must be numbers.
  check(cudaMemsetAsync(attended_, 0, 2 * rows * widths.q, stream));
  int device = 0;
  check(cudaGetDevice(&device));
  check(cudaDeviceGetAttribute(&multiprocessors_, cudaDevAttrMultiProcessorCount, device));
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

NormStart Decoder::norm_start(const float* weight, int columns, int first) const {
  return {weight, normed_ + std::size_t(first) * std::size_t(spec_.hidden), squares_ + first,
          capacity_, columns};
}

RopeKvCall Decoder::heads_call(int index, const Rows& rows, int first) const {
  const DeviceLayer& layer = weights_.layers[static_cast<std::size_t>(index)];
  return {qkv_,
          layer.qkv_bias,
          layer.q_norm,
          layer.k_norm,
          static_cast<float>(spec_.rms_eps),
          rope_cos_,
          rope_sin_,
          q_ + std::size_t(first) * std::size_t(spec_.heads * spec_.head_dim),
          kv_ + static_cast<std::size_t>(index) * layout_.layer(),
          layout_,
          rows,
          spec_.heads};
}

AttentionCall Decoder::attention_call(int index, const Rows& rows, int queries,
                                      const AttentionPlan& plan) const {
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
  call.blocks = multiprocessors_;
  return call;
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
  enter(observer, Part::kAttention);
  attend(attention_call(index, rows, queries, plan), stream);
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

void Decoder::fused_heads(int index, const Rows& rows, const RowRange& range,
                          cudaStream_t stream) const {
  const auto first = static_cast<std::size_t>(range.first);
  const auto width = static_cast<std::size_t>(spec_.intermediate);
  Rows some = rows;
  some.position += first;
  some.table += first;
  some.count = range.count;
  const NormStart from = norm_start(nullptr, down_columns_, range.first);
  HopperProduct qkv = own_product(weights_.layers[static_cast<std::size_t>(index)].qkv, from.scaled,
                                  range.count, nullptr);
  qkv.multiprocessors = range.multiprocessors;
  qkv.norm = norm_end(from.squares, down_columns_);
  qkv.heads = heads_call(index, some, range.first);
  if (index > 0) {
    qkv.spent = hidden_ + first * width;
    qkv.spent_bytes = 2 * static_cast<std::size_t>(range.count) * width;
  }
  hopper_multiply(qkv, stream);
}

void Decoder::fused_rest(int index, const RowRange& range, cudaStream_t stream) const {
  const DeviceLayer& layer = weights_.layers[static_cast<std::size_t>(index)];
  const auto first = static_cast<std::size_t>(range.first);
  const auto multiply = [&](HopperProduct product) {
    product.multiprocessors = range.multiprocessors;
    hopper_multiply(product, stream);
  };
  float* const residual = residual_ + first * static_cast<std::size_t>(spec_.hidden);
  const std::size_t heads = static_cast<std::size_t>(spec_.heads * spec_.head_dim);
  __nv_bfloat16* const hidden = hidden_ + first * static_cast<std::size_t>(spec_.intermediate);

  HopperProduct o = own_product(layer.o, attended_ + first * heads, range.count, nullptr);
  const NormStart between = norm_start(layer.post_norm, o_columns_, range.first);
  o.add = {residual, layer.o_bias, between};
  multiply(o);
  HopperProduct gate_up = own_product(layer.gate_up, between.scaled, range.count, hidden);
  gate_up.norm = norm_end(between.squares, o_columns_);
  multiply(gate_up);
  HopperProduct down = own_product(layer.down, hidden, range.count, nullptr);
  const auto next = static_cast<std::size_t>(index + 1);
  const float* const next_norm =
      next < weights_.layers.size() ? weights_.layers[next].input_norm : weights_.final_norm;
  down.add = {residual, layer.down_bias, norm_start(next_norm, down_columns_, range.first)};
  multiply(down);
}

void Decoder::fused_logits(const NormStart& last, int rows, cudaStream_t stream) const {
  HopperProduct head = own_product(weights_.lm_head, last.scaled, rows, logits_);
  head.norm = norm_end(last.squares, down_columns_);
  head.norm.stride = last.stride;
  head.extremes = extremes_;
  hopper_multiply(head, stream);
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
  const RowRange every{0, rows.count};
  for (int index = 0; index < spec_.layers; ++index) {
    // Without logits nothing is wanted beyond the last layer's keys and values.
    const bool last = logit_rows == 0 && index + 1 == spec_.layers;
    if (!fused) {
      layer(index, rows, queries, plan, last, stream, observer);
      continue;
    }
    enter(observer, Part::kProducts);
    fused_heads(index, rows, every, stream);
    if (last) continue;
    enter(observer, Part::kAttention);
    attend(attention_call(index, rows, queries, plan), stream);
    enter(observer, Part::kProducts);
    fused_rest(index, every, stream);
  }
  if (logit_rows == 0) return;
  enter(observer, Part::kOther);
  if (fused) {
    const NormStart all = norm_start(nullptr, down_columns_);
    const NormStart some = gather == nullptr ? all
                                             : NormStart{nullptr, logit_rows_, logit_squares_,
                                                         logit_capacity_, down_columns_};
    if (gather != nullptr) gather_rows(all, gather, logit_rows, spec_.hidden, some, stream);
    enter(observer, Part::kProducts);
    fused_logits(some, logit_rows, stream);
    return;
  }
  AddRmsNormCall norm =
      norm_call(delta_, weights_.layers.back().down_bias, weights_.final_norm, logit_rows);
  norm.gather = gather;
  add_rms_norm(norm, stream);
  enter(observer, Part::kProducts);
  gemm_.multiply(weights_.lm_head, normed_, logit_rows, logits_, workspace_, stream);
}

void Decoder::forward_in_halves(const Rows& rows, const AttentionPlan& plan, const HalvesRun& run,
                                cudaStream_t stream) const {
  QUORUM_CHECK(fusion_ == Fusion::kAll && rows.count % 2 == 0, "rows in halves");
  const int half = rows.count / 2, beside = multiprocessors_ - run.attention_blocks;
  QUORUM_CHECK(run.attention_blocks > 0 && beside >= kLeastBeside, "multiprocessors for products");
  QUORUM_CHECK(half + rows_read(half) <= rows_read(capacity_), "products read rows behind theirs");
  plan_attention(rows, 1, spec_.layers, plan, stream, half);
  check(cudaEventRecord(run.planned, stream));
  check(cudaStreamWaitEvent(run.attention, run.planned));
  AttentionCall call = attention_call(0, rows, 1, plan);
  call.blocks = run.attention_blocks;
  attend_in_turns(call, run.attention);
  check(cudaEventRecord(run.attended, run.attention));
  await_placed(plan, call.blocks, stream);
  embed(weights_.embedding, spec_.hidden, rows, residual_,
        norm_start(weights_.layers.front().input_norm, down_columns_), stream);
  fused_heads(0, rows, {0, rows.count, beside}, stream);
  tell_ready(plan, 0, 2, stream);
  for (int turn = 0; turn < 2 * spec_.layers; ++turn) {
    const int index = turn / 2;
    const bool last = turn + 1 == 2 * spec_.layers;
    const RowRange range{turn % 2 * half, half, last ? kMultiprocessors : beside};
    await_rows(plan, spec_.kv_heads, turn, stream);
    fused_rest(index, range, stream);
    if (index + 1 == spec_.layers) continue;
    fused_heads(index + 1, rows, range, stream);
    tell_ready(plan, turn + 2, 1, stream);
  }
  check(cudaStreamWaitEvent(stream, run.attended));
  fused_logits(norm_start(nullptr, down_columns_), rows.count, stream);
}

}  // namespace quorum::cuda
