// Llama 1 to 3, DeepSeek-R1-Distill-Llama among them.
#include "engine/models/architecture.h"

namespace quorum {
namespace {

DecoderSpec parse(const ConfigReader& config) {
  DecoderSpec spec = read_decoder(config, {.max_positions = 2048});
  spec.qkv_bias = spec.o_bias = config.flag_or("attention_bias", false);
  spec.mlp_bias = config.flag_or("mlp_bias", false);
  return spec;
}

}  // namespace

extern const Architecture kArchitecture_llama;
const Architecture kArchitecture_llama{"LlamaForCausalLM", "llama", parse};

}  // namespace quorum
