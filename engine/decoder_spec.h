// A decoder-only transformer, described without reference to who published it. Every file in
// engine/models turns one architecture's config.json into this; backends read nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quorum {

using TokenId = std::int32_t;

// How rotary position embeddings scale their frequencies.
enum class RopeType {
  kDefault,  // inv_freq_i = theta^(-2i/head_dim)                                      (Su et al.
             // 2021)
  kLlama3,   // long wavelengths divided by `factor`, a smooth blend between           (Llama 3.1)
  kYarn,     // NTK-by-parts interpolation and an attention temperature on cos and sin (Peng et al.
             // 2023)
};

struct RopeSpec {
  RopeType type = RopeType::kDefault;
  double theta = 10000.0;
  double factor = 1.0;                  // llama3, yarn
  double low_freq_factor = 1.0;         // llama3
  double high_freq_factor = 4.0;        // llama3
  double original_max_positions = 0.0;  // llama3, yarn
  double beta_fast = 32.0;              // yarn
  double beta_slow = 1.0;               // yarn
  double attention_factor =
      1.0;  // yarn: already resolved (mscale or 0.1 ln(factor) + 1); multiplies cos and sin
  bool yarn_truncate = true;  // yarn: round the correction range outwards to whole dimensions
};

struct DecoderSpec {
  std::string architecture;  // as in config.json, for messages
  int hidden = 0;
  int layers = 0;
  int heads = 0;     // query heads
  int kv_heads = 0;  // divides heads
  int head_dim = 0;  // even
  int intermediate = 0;
  int vocab = 0;
  int max_positions = 0;  // context length in tokens, prompt included
  double rms_eps = 1e-6;
  RopeSpec rope;
  bool qkv_bias = false;
  bool o_bias = false;
  bool mlp_bias = false;
  bool qk_norm = false;  // RMSNorm over head_dim of q and k before RoPE (Qwen3)
  bool tied_embeddings = false;

  std::vector<TokenId> eos_ids;  // generation_config.json, else config.json; may be empty
  TokenId bos_id = -1;           // likewise; -1: none. Only a fallback: tokenizer files come first

  int group() const { return heads / kv_heads; }
  // K and V of one token in all layers, in elements.
  std::int64_t kv_elements_per_token() const {
    return std::int64_t{2} * layers * kv_heads * head_dim;
  }
  // Multiply-adds of one token in all matrix products, the embedding excluded and lm_head included.
  std::int64_t matmul_macs_per_token() const;
};

// cos and sin for positions [0, count): row p holds head_dim/2 values. Angles are computed as
// transformers does (float32 inv_freq, float32 product with the position), then cos and sin in
// double rounded to float, times attention_factor. `threads`: at most; 0: all of the machine.
struct RopeTable {
  int half_dim = 0;
  std::vector<float> cos, sin;  // (count, half_dim)
};
std::vector<float> rope_inverse_frequencies(const RopeSpec& rope, int head_dim);
RopeTable make_rope_table(const RopeSpec& rope, int head_dim, int count, int threads = 0);

}  // namespace quorum
