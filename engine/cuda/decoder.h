// The forward pass of a decoder over the rows of a step: a sequence of kernels on one stream, or on
// two.
#pragma once

#include <cuda_bf16.h>

#include "engine/cuda/gemm.h"
#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/kernels/rms_norm.h"
#include "engine/cuda/kernels/rope_kv.h"
#include "engine/cuda/kernels/row_extremes.h"
#include "engine/cuda/kernels/split_norm.h"
#include "engine/cuda/memory.h"
#include "engine/cuda/step_halves.h"
#include "engine/cuda/weights.h"
#include "engine/decoder_spec.h"

namespace quorum::cuda {

// A part of a step, for measurements.
enum class Part { kProducts, kAttention, kSampling, kOther };

// Sees the parts as they are queued; see profile.cpp. Null outside of measurements.
class PartObserver {
 public:
  virtual ~PartObserver() = default;
  virtual void enter(Part part) = 0;
};

// What a pass in two halves needs beside the stream of its products.
struct HalvesRun {
  cudaStream_t attention;
  cudaEvent_t planned, attended;  // recorded once a pass
  int attention_blocks;           // multiprocessors for attention; kLeastBeside are left
};

class Decoder {
 public:
  // `rows`: at once; `logit_rows`: of them with logits. Takes its buffers from the arena.
  struct Capacity {
    int rows = 0, logit_rows = 0, positions = 0;
    Fusion fusion = Fusion::kNone;
  };
  static std::size_t bytes(const DecoderSpec& spec, const Capacity& capacity, const Gemm& gemm);

  // Borrows all but the spec and `rope`, which has the capacity's positions.
  Decoder(const DecoderSpec& spec, const Capacity& capacity, const Gemm& gemm,
          const DeviceWeights& weights, const RopeTable& rope, const KvLayout& layout,
          __nv_bfloat16* kv, Arena& arena, cudaStream_t stream);

  // Queues the pass: KV of all rows is written, and `logits()` filled for the rows that `gather`
  // (device memory, `logit_rows` of them) names, or for the first `logit_rows` when it is null.
  // The rows form sequences of `queries`; `plan` has room for them.
  void forward(const Rows& rows, int queries, const AttentionPlan& plan, const std::int32_t* gather,
               int logit_rows, cudaStream_t stream, PartObserver* observer = nullptr) const;

  // The same for rows of a query each, all with logits, in two halves: while memory brings the keys
  // and values of one, products compute the other. Only with Fusion::kAll and an even number of
  // rows. The kernels of both streams wait for one another: they must be loaded and started without
  // the host waiting in between, as a graph does.
  void forward_in_halves(const Rows& rows, const AttentionPlan& plan, const HalvesRun& run,
                         cudaStream_t stream) const;

  // (logit_rows, vocab); a row begins every `logits_stride()` elements.
  float* logits() const { return logits_; }
  // Of these logits' rows, where the product that makes them can tell.
  RowExtremes extremes() const { return extremes_; }
  void* workspace() const { return workspace_; }
  std::int64_t logits_stride() const { return padded_vocab(spec_); }

 private:
  // Rows that products take together, and the multiprocessors that these shall have.
  struct RowRange {
    int first, count, multiprocessors = kMultiprocessors;
  };
  // A norm of the residual stream, after adding what the last product gave.
  AddRmsNormCall norm_call(__nv_bfloat16* delta, const float* bias, const float* weight,
                           int rows) const;
  // A layer of kernels that do one thing each. `last`: nothing but its keys and values is wanted.
  void layer(int index, const Rows& rows, int queries, const AttentionPlan& plan, bool last,
             cudaStream_t stream, PartObserver* observer) const;
  // What products that do all between them do in a layer before its attention and behind it, and
  // behind the last layer, for whose last norm `last` stands.
  void fused_heads(int index, const Rows& rows, const RowRange& range, cudaStream_t stream) const;
  void fused_rest(int index, const RowRange& range, cudaStream_t stream) const;
  void fused_logits(const NormStart& last, int rows, cudaStream_t stream) const;
  RopeKvCall heads_call(int index, const Rows& rows, int first = 0) const;
  AttentionCall attention_call(int index, const Rows& rows, int queries,
                               const AttentionPlan& plan) const;
  NormStart norm_start(const float* weight, int columns, int first = 0) const;
  NormEnd norm_end(const float* squares, int columns) const;

  DecoderSpec spec_;
  Fusion fusion_;
  int capacity_, logit_capacity_;  // rows
  const Gemm& gemm_;
  const DeviceWeights& weights_;
  KvLayout layout_;
  __nv_bfloat16* kv_;
  int multiprocessors_;
  float *rope_cos_, *rope_sin_;
  float* residual_;
  float *squares_, *logit_squares_;
  int o_columns_, down_columns_;  // of the residual's parts that these products end
  __nv_bfloat16 *normed_, *logit_rows_, *qkv_, *q_, *attended_, *delta_, *gate_up_, *hidden_;
  float* logits_;
  RowExtremes extremes_;
  void* workspace_;
};

}  // namespace quorum::cuda
