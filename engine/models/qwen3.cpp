// Qwen3 (dense): RMSNorm over each head of q and k, explicit head_dim.
#include "engine/models/architecture.h"

namespace quorum {
namespace {

DecoderSpec parse(const ConfigReader& config) {
  DecoderSpec spec =
      read_decoder(config, {.max_positions = 32768, .kv_heads = 32, .head_dim = 128});
  refuse_sliding_window(config, spec);
  spec.qkv_bias = spec.o_bias = config.flag_or("attention_bias", false);
  spec.qk_norm = true;
  return spec;
}

}  // namespace

extern const Architecture kArchitecture_qwen3;
const Architecture kArchitecture_qwen3{"Qwen3ForCausalLM", "qwen3", parse};

}  // namespace quorum
