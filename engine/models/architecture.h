// What one file of engine/models provides: the translation of one architecture's config.json. The
// build collects every engine/models/NAME.cpp into `architectures()`; each defines `const
// Architecture kArchitecture_NAME`.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/config_reader.h"

namespace quorum {

struct Architecture {
  std::string_view name;        // as in the field `architectures`
  std::string_view model_type;  // as in the field `model_type`
  DecoderSpec (*parse)(const ConfigReader& config);
};

std::span<const Architecture* const> architectures();

// The values that transformers' config class takes for absent fields. Shape fields without a
// default here are required: the defaults of transformers describe one particular model.
struct DecoderDefaults {
  int max_positions = 0;
  std::optional<int> kv_heads;  // nullopt: as many as query heads
  std::optional<int> head_dim;  // nullopt: hidden / heads
  double theta = 10000.0;
};

// The fields that all decoders share, RoPE included: shapes, norms, tied embeddings, BOS and EOS;
// refuses activations and quantization that no backend has. Biases, q/k norm and windows are left
// to the architecture's file.
DecoderSpec read_decoder(const ConfigReader& config, const DecoderDefaults& defaults);

// Either generation of RoPE fields: `rope_theta` and `rope_scaling`, or `rope_parameters`. May
// raise `max_positions` to the length that a YaRN factor extends it to.
RopeSpec read_rope(const ConfigReader& config, double default_theta, int& max_positions);

// Refuses a checkpoint in which any layer attends to less than the whole context (Qwen2, Qwen3 with
// `use_sliding_window`).
void refuse_sliding_window(const ConfigReader& config, const DecoderSpec& spec);

}  // namespace quorum
