// Qwen2 and Qwen2.5, DeepSeek-R1-Distill-Qwen among them: biases on q, k and v whatever the config
// says.
#include "engine/models/architecture.h"

namespace quorum {
namespace {

DecoderSpec parse(const ConfigReader& config) {
  DecoderSpec spec = read_decoder(config, {.max_positions = 32768, .kv_heads = 32});
  refuse_sliding_window(config, spec);
  spec.qkv_bias = true;
  return spec;
}

}  // namespace

extern const Architecture kArchitecture_qwen2;
const Architecture kArchitecture_qwen2{"Qwen2ForCausalLM", "qwen2", parse};

}  // namespace quorum
