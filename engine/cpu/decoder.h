// The forward pass of a decoder over a batch of rows, each one token of some sequence. A row's
// result depends only on the tokens before it in its sequence.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/cpu/kv_pool.h"
#include "engine/cpu/packed_matrix.h"
#include "engine/cpu/thread_pool.h"
#include "engine/decoder_spec.h"
#include "engine/weights.h"

namespace quorum::cpu {

// One token to run. The keys and values of positions before it must be in its pages, or be written
// by other rows of the same batch.
struct Row {
  TokenId token = 0;
  int position = 0;
  const std::int32_t* pages =
      nullptr;  // of its sequence, page i for positions from i · kPageTokens
};

class Decoder {
 public:
  // Copies the weights.
  Decoder(const DecoderSpec& spec, const DecoderWeights& weights, const Kernels& kernels,
          ThreadPool& pool);

  // Runs `rows`, writing their keys and values into `kv`, and gives the logits of the first
  // `logit_rows` of them, (logit_rows, vocab), in `logits`.
  void forward(std::span<const Row> rows, int logit_rows, KvPool& kv, float* logits);

 private:
  struct Layer {
    std::vector<float> input_norm, post_norm, q_norm, k_norm;
    std::vector<float> qkv_bias, o_bias, gate_up_bias, down_bias;  // empty: none
    PackedMatrix qkv, o, gate_up, down;
  };
  Layer pack_layer(const LayerWeights& weights) const;

  void reserve(int rows);
  // Tables and scratch for positions [0, positions).
  void grow_positions(int positions);
  void embed(std::span<const Row> rows);
  void norm(const float* x, const std::vector<float>& weight, int rows);
  void multiply(const PackedMatrix& matrix, const std::vector<float>& bias, const float* a,
                int rows, float* out, std::ptrdiff_t ldo, bool add);
  void write_kv(const Layer& layer, int layer_index, std::span<const Row> rows, KvPool& kv);
  void attend(int layer_index, std::span<const Row> rows, KvPool& kv);
  void gate_up(const Layer& layer, int rows);
  float* scratch(int thread) { return scratch_[static_cast<std::size_t>(thread)].floats(); }

  DecoderSpec spec_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  int q_size_, kv_size_, qkv_size_;

  PackedMatrix embedding_;  // when not tied
  PackedMatrix lm_head_;
  bool tied_ = false;
  std::vector<Layer> layers_;
  std::vector<float> final_norm_;
  RopeTable rope_;

  // Activations of the current batch, (rows, …).
  int capacity_ = 0;
  MappedBuffer x_, normed_, qkv_, attended_, hidden_;
  std::vector<MappedBuffer> scratch_;  // one a thread: products
  std::vector<MappedBuffer> scores_;   // one a thread: attention
};

}  // namespace quorum::cpu
