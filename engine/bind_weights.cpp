#include <cstring>
#include <unordered_set>

#include "base/error.h"
#include "engine/tensor_names.h"

namespace quorum {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

Error tensor_error(const WeightSource& source, const std::string& name, const std::string& problem,
                   const std::string& because, const std::string& hint) {
  const std::string file = source.file_of(name);
  return Error(ErrorKind::kData,
               (file.empty() ? "the weights" : file) + ": tensor `" + name + "` " + problem,
               because, hint);
}

Error missing(const WeightSource& source, const DecoderSpec& spec, const TensorPlan& plan) {
  const auto names = source.names();
  const std::string where = names.empty() ? "" : source.file_of(names.front());
  std::string hint = "fetch the checkpoint again: it is not whole";
  if (plan.role == TensorRole::kHead)
    hint =
        "if the model shares lm_head with the embedding, config.json must say "
        "\"tie_word_embeddings\": true";
  if (source.find(plan.name.substr(plan.name.find('.') + 1)))
    hint = "the tensors lack the prefix `model.`: save the model as " + spec.architecture +
           " and not as its base model";
  return Error(ErrorKind::kData, "the weights lack the tensor `" + plan.name + "`",
               "expected shape " + shape_text(plan.shape) + " by config.json (" +
                   spec.architecture + ")" + (where.empty() ? "" : ", looked in " + where),
               hint);
}

TensorView look_up(const WeightSource& source, const DecoderSpec& spec, const TensorPlan& plan) {
  TensorView view = source.find(plan.name);
  if (!view) throw missing(source, spec, plan);
  if (view.shape != plan.shape)
    throw tensor_error(
        source, plan.name, "has shape " + shape_text(view.shape),
        "expected " + shape_text(plan.shape) + " by config.json (" + spec.architecture + ")",
        "config.json and the weights belong to different models");
  return view;
}

bool same_bytes(const TensorView& a, const TensorView& b) {
  return a.dtype == b.dtype && a.shape == b.shape && std::memcmp(a.data, b.data, a.bytes()) == 0;
}

void refuse_extras(const DecoderSpec& spec, const WeightSource& source,
                   const std::unordered_set<std::string>& known, const TensorView& embedding) {
  for (const std::string& name : source.names()) {
    if (known.count(name) != 0 || name.ends_with(".rotary_emb.inv_freq")) continue;
    if (spec.tied_embeddings && name == "lm_head.weight") {
      if (same_bytes(source.find(name), embedding)) continue;
      throw tensor_error(source, name, "differs from the embedding",
                         "config.json says that the two are tied",
                         "set \"tie_word_embeddings\": false in config.json if the model has a "
                         "head of its own");
    }
    throw tensor_error(source, name, "is not part of the model",
                       "a " + spec.architecture + " with this config.json has no such tensor",
                       "config.json and the weights belong to different models, or the model has "
                       "parts that Quorum does not run");
  }
}

}  // namespace

std::size_t dtype_bytes(DType dtype) { return dtype == DType::kF32 ? 4 : 2; }

std::string dtype_name(DType dtype) {
  switch (dtype) {
    case DType::kF32: return "F32";
    case DType::kF16: return "F16";
    case DType::kBF16: return "BF16";
  }
  return "?";
}

std::size_t TensorView::bytes() const {
  return static_cast<std::size_t>(elements()) * dtype_bytes(dtype);
}

std::int64_t TensorView::elements() const {
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) count *= dimension;
  return count;
}

DecoderWeights bind_weights(const DecoderSpec& spec, const WeightSource& source) {
  DecoderWeights weights;
  weights.layers.resize(static_cast<std::size_t>(spec.layers));
  std::unordered_set<std::string> known;
  for (const TensorPlan& plan : plan_tensors(spec)) {
    TensorView view = look_up(source, spec, plan);
    known.insert(plan.name);
    if (plan.layer_place != nullptr)
      weights.layers[static_cast<std::size_t>(plan.layer)].*plan.layer_place = std::move(view);
    else
      weights.*plan.model_place = std::move(view);
  }
  refuse_extras(spec, source, known, weights.embedding);
  if (spec.tied_embeddings) weights.lm_head = weights.embedding;
  return weights;
}

}  // namespace quorum
