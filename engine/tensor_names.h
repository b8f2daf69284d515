// The tensors of a decoder: names as Qwen2, Qwen3 and Llama share them, and shapes. The one list
// for binding and for generated weights.
#pragma once

#include <string>
#include <vector>

#include "engine/weights.h"

namespace quorum {

enum class TensorRole { kEmbedding, kMatrix, kQueryKey, kNorm, kQueryKeyNorm, kBias, kHead };

struct TensorPlan {
  std::string name;
  std::vector<std::int64_t> shape;
  TensorRole role = TensorRole::kMatrix;
  TensorView LayerWeights::*layer_place = nullptr;    // where it goes in layer `layer`
  TensorView DecoderWeights::*model_place = nullptr;  // or in the model
  int layer = -1;
};

// Every tensor that a checkpoint of this spec must hold; lm_head only when it is not tied.
std::vector<TensorPlan> plan_tensors(const DecoderSpec& spec);

}  // namespace quorum
