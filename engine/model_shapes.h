// Shapes of published checkpoints, for measurements that need no weights.
#pragma once

#include <string>
#include <vector>

#include "engine/decoder_spec.h"

namespace quorum {

// "1.5b", "7b", "14b", "32b", "llama-8b", "llama-70b": the DeepSeek-R1 distills of 2025;
// "qwen3-8b".
const std::vector<std::string>& model_shape_names();
// Throws Error(kUsage) that lists the names for another one.
DecoderSpec model_shape(const std::string& name);

}  // namespace quorum
