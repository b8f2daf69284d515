#include "engine/model_shapes.h"

#include "base/error.h"
#include "base/text.h"

namespace quorum {
namespace {

struct Shape {
  const char* name;
  const char* architecture;
  int hidden, layers, heads, kv_heads, head_dim, intermediate, vocab, max_positions;
  double theta, eps;
};

// From the config.json of each.
constexpr Shape kShapes[] = {
    {"1.5b", "Qwen2ForCausalLM", 1536, 28, 12, 2, 128, 8960, 151936, 131072, 1e4, 1e-6},
    {"7b", "Qwen2ForCausalLM", 3584, 28, 28, 4, 128, 18944, 152064, 131072, 1e4, 1e-6},
    {"14b", "Qwen2ForCausalLM", 5120, 48, 40, 8, 128, 13824, 152064, 131072, 1e6, 1e-5},
    {"32b", "Qwen2ForCausalLM", 5120, 64, 40, 8, 128, 27648, 152064, 131072, 1e6, 1e-5},
    {"llama-8b", "LlamaForCausalLM", 4096, 32, 32, 8, 128, 14336, 128256, 131072, 5e5, 1e-5},
    {"llama-70b", "LlamaForCausalLM", 8192, 80, 64, 8, 128, 28672, 128256, 131072, 5e5, 1e-5},
    {"qwen3-8b", "Qwen3ForCausalLM", 4096, 36, 32, 8, 128, 12288, 151936, 40960, 1e6, 1e-6},
};

}  // namespace

const std::vector<std::string>& model_shape_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Shape& shape : kShapes) list.emplace_back(shape.name);
    return list;
  }();
  return names;
}

DecoderSpec model_shape(const std::string& name) {
  for (const Shape& shape : kShapes) {
    if (shape.name != name) continue;
    DecoderSpec spec;
    spec.architecture = shape.architecture;
    spec.hidden = shape.hidden;
    spec.layers = shape.layers;
    spec.heads = shape.heads;
    spec.kv_heads = shape.kv_heads;
    spec.head_dim = shape.head_dim;
    spec.intermediate = shape.intermediate;
    spec.vocab = shape.vocab;
    spec.max_positions = shape.max_positions;
    spec.rope.theta = shape.theta;
    spec.rms_eps = shape.eps;
    spec.qkv_bias = spec.architecture == "Qwen2ForCausalLM";
    spec.qk_norm = spec.architecture == "Qwen3ForCausalLM";
    if (spec.architecture == "LlamaForCausalLM") {
      spec.rope.type = RopeType::kLlama3;
      spec.rope.factor = 8;
      spec.rope.low_freq_factor = 1;
      spec.rope.high_freq_factor = 4;
      spec.rope.original_max_positions = 8192;
    }
    return spec;
  }
  throw Error(ErrorKind::kUsage, "--model-shape " + name + " is unknown", "",
              join(model_shape_names(), ", "));
}

}  // namespace quorum
