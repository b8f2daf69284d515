#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/models/architecture.h"

namespace quorum {
namespace {

// Generous beside every published model, small enough that all products of them fit 64 bits.
constexpr int kMaxHidden = 1 << 17, kMaxLayers = 1024, kMaxHeads = 4096, kMaxHeadDim = 1024,
              kMaxIntermediate = 1 << 21, kMaxVocab = 1 << 24, kMaxPositions = 1 << 24;

void refuse_unsupported_numerics(const ConfigReader& config) {
  for (const char* field : {"quantization_config", "compression_config"})
    if (config.has(field)) {
      const auto quantization = config.object(field);
      const std::string method =
          quantization ? quantization->text_or("quant_method", "unnamed") : "";
      throw config.refuse(field,
                          "the weights are quantized (" + method +
                              "); supported are unquantized F32, F16 and BF16 weights",
                          "use the BF16 checkpoint of the same model, or dequantize this one");
    }
  constexpr std::array<std::string_view, 2> kActivations{"silu", "swish"};  // two names of one
  const std::string activation = config.text_or("hidden_act", "silu");
  if (std::find(kActivations.begin(), kActivations.end(), activation) == kActivations.end())
    throw config.refuse("hidden_act", "supported is silu",
                        "use a checkpoint whose feed-forward layers are SwiGLU");
  constexpr std::array<std::string_view, 4> kDtypes{"float32", "float16", "bfloat16", "auto"};
  for (const char* field : {"torch_dtype", "dtype"}) {
    std::string dtype = config.text_or(field, "auto");
    if (dtype.starts_with("torch.")) dtype = dtype.substr(6);
    if (std::find(kDtypes.begin(), kDtypes.end(), dtype) == kDtypes.end())
      throw config.refuse(field, "supported are float32, float16 and bfloat16",
                          "convert the weights to bfloat16");
  }
}

// Ids beyond the vocabulary cannot be generated, so they stop nothing: transformers ignores them
// too.
void keep_inside(std::vector<TokenId>& ids, int vocab) {
  std::erase_if(ids, [vocab](TokenId id) { return id >= vocab; });
}

}  // namespace

DecoderSpec read_decoder(const ConfigReader& config, const DecoderDefaults& defaults) {
  refuse_unsupported_numerics(config);
  DecoderSpec spec;
  spec.hidden = config.integer("hidden_size", 1, kMaxHidden);
  spec.layers = config.integer("num_hidden_layers", 1, kMaxLayers);
  spec.heads = config.integer("num_attention_heads", 1, kMaxHeads);
  spec.kv_heads = config.integer_or("num_key_value_heads", defaults.kv_heads.value_or(spec.heads),
                                    1, kMaxHeads);
  if (spec.heads % spec.kv_heads != 0)
    throw config.refuse("num_key_value_heads", std::to_string(spec.kv_heads) +
                                                   " key-value heads do not divide the " +
                                                   std::to_string(spec.heads) + " query heads");
  if (!config.has("head_dim") && !defaults.head_dim && spec.hidden % spec.heads != 0)
    throw config.refuse("head_dim", "hidden_size " + std::to_string(spec.hidden) +
                                        " is not a multiple of num_attention_heads " +
                                        std::to_string(spec.heads) + ", so it must be given");
  spec.head_dim = config.integer_or(
      "head_dim", defaults.head_dim.value_or(spec.hidden / spec.heads), 2, kMaxHeadDim);
  if (spec.head_dim < 2 || spec.head_dim > kMaxHeadDim || spec.head_dim % 2 != 0)
    throw config.refuse("head_dim", "the head dimension is " + std::to_string(spec.head_dim) +
                                        "; rotary embeddings need an even number from 2 to " +
                                        std::to_string(kMaxHeadDim));
  spec.intermediate = config.integer("intermediate_size", 1, kMaxIntermediate);
  spec.vocab = config.integer("vocab_size", 1, kMaxVocab);
  spec.max_positions =
      config.integer_or("max_position_embeddings", defaults.max_positions, 1, kMaxPositions);
  spec.rms_eps = config.number_or("rms_norm_eps", 1e-6, 1e-30, 1.0);
  spec.rope = read_rope(config, defaults.theta, spec.max_positions);
  spec.max_positions = std::min(spec.max_positions, kMaxPositions);
  spec.tied_embeddings = config.flag_or("tie_word_embeddings", false);
  spec.eos_ids = config.token_ids("eos_token_id");
  keep_inside(spec.eos_ids, spec.vocab);
  auto bos = config.token_ids("bos_token_id");
  keep_inside(bos, spec.vocab);
  if (!bos.empty()) spec.bos_id = bos.front();
  return spec;
}

void refuse_sliding_window(const ConfigReader& config, const DecoderSpec& spec) {
  const char* hint = "use a checkpoint with full attention in every layer";
  const bool enabled = config.flag_or("use_sliding_window", false);
  if (enabled && !config.has("layer_types") && config.has("sliding_window")) {
    const int window = config.integer("sliding_window", 1, 1 << 30);
    const int first = config.integer_or("max_window_layers", 28, 0, 1 << 30);
    if (first < spec.layers && window < spec.max_positions)
      throw config.refuse("sliding_window",
                          "use_sliding_window is true, and layers from " + std::to_string(first) +
                              " on would attend to this many tokens only",
                          hint);
  }
  for (const std::string& type : config.texts("layer_types"))
    if (type != "full_attention")
      throw config.refuse("layer_types", "every layer must be full_attention", hint);
}

}  // namespace quorum
