// RoPE fields of both generations, resolved as transformers 5 resolves them
// (modeling_rope_utils.py).
#include <algorithm>
#include <cmath>

#include "engine/models/architecture.h"

namespace quorum {
namespace {

constexpr double kMaxFactor = 1e6, kMaxTheta = 1e15, kMaxOriginal = 1 << 24;

double yarn_mscale(double scale, double mscale) {
  return scale <= 1.0 ? 1.0 : 0.1 * mscale * std::log(scale) + 1.0;
}

// `attention_factor`, else the ratio of the mscales when both are there and not zero, else from the
// factor alone.
double yarn_attention_factor(const ConfigReader& fields, double factor) {
  if (fields.has("attention_factor")) return fields.number("attention_factor", 1e-6, 1e6);
  const double mscale = fields.number_or("mscale", 0.0, 0.0, 1e3);
  const double mscale_all = fields.number_or("mscale_all_dim", 0.0, 0.0, 1e3);
  if (mscale != 0.0 && mscale_all != 0.0)
    return yarn_mscale(factor, mscale) / yarn_mscale(factor, mscale_all);
  return yarn_mscale(factor, 1.0);
}

void read_llama3(const ConfigReader& fields, RopeSpec& rope) {
  rope.factor = fields.number("factor", 1.0, kMaxFactor);
  rope.low_freq_factor = fields.number("low_freq_factor", 1e-6, 1e6);
  rope.high_freq_factor = fields.number("high_freq_factor", 1e-6, 1e6);
  if (!(rope.high_freq_factor > rope.low_freq_factor))
    throw fields.refuse("high_freq_factor", "it must be greater than low_freq_factor");
}

void read_yarn(const ConfigReader& fields, int trained_positions, RopeSpec& rope) {
  rope.factor =
      fields.has("factor")
          ? fields.number("factor", 1.0, kMaxFactor)
          : std::max(1.0, static_cast<double>(trained_positions) / rope.original_max_positions);
  rope.attention_factor = yarn_attention_factor(fields, rope.factor);
  // transformers takes 0 for "not given" here.
  const double fast = fields.number_or("beta_fast", 32.0, 0.0, 1e6);
  const double slow = fields.number_or("beta_slow", 1.0, 0.0, 1e6);
  rope.beta_fast = fast == 0.0 ? 32.0 : fast;
  rope.beta_slow = slow == 0.0 ? 1.0 : slow;
  if (rope.beta_fast < rope.beta_slow)
    throw fields.refuse("beta_fast", "it must not be less than beta_slow");
  rope.yarn_truncate = fields.flag_or("truncate", true);
}

// The two generations may stand side by side in one file; if they disagree, transformers 4 and 5
// would too.
double read_theta(const ConfigReader& config, const std::optional<ConfigReader>& fields,
                  double fallback) {
  const double outer = config.number_or("rope_theta", fallback, 1.001, kMaxTheta);
  if (!fields || !fields->has("rope_theta")) return outer;
  const double inner = fields->number("rope_theta", 1.001, kMaxTheta);
  if (config.has("rope_theta") && inner != outer)
    throw fields->refuse("rope_theta", "the field `rope_theta` of the file has another value",
                         "keep one of them: the one the model was trained with");
  return inner;
}

}  // namespace

RopeSpec read_rope(const ConfigReader& config, double default_theta, int& max_positions) {
  const auto older = config.object("rope_scaling"), newer = config.object("rope_parameters");
  const auto& fields = older ? older : newer;
  RopeSpec rope;
  rope.theta = read_theta(config, newer ? newer : older, default_theta);
  const auto type_of = [](const ConfigReader& reader) {
    return reader.text_or("rope_type", reader.text_or("type", "default"));
  };
  if (older && newer && type_of(*older) != type_of(*newer))
    throw newer->refuse("rope_type", "rope_scaling says \"" + type_of(*older) + "\"",
                        "keep one of the two fields: the one the model was trained with");
  for (const ConfigReader* reader : {&config, fields ? &*fields : nullptr})
    if (reader != nullptr && reader->number_or("partial_rotary_factor", 1.0, 0.0, 1.0) != 1.0)
      throw reader->refuse("partial_rotary_factor", "supported is 1: all of head_dim rotates");
  if (!fields) return rope;

  const std::string type = type_of(*fields);
  if (type == "default") {
    // A nested dictionary (one per layer type) would otherwise pass for a plain one.
    if (fields->has("full_attention") || fields->has("sliding_attention"))
      throw config.refuse(older ? "rope_scaling" : "rope_parameters",
                          "it differs by layer type; supported is one for all layers");
    return rope;
  }
  if (type != "llama3" && type != "yarn")
    throw fields->refuse(fields->has("rope_type") ? "rope_type" : "type",
                         "supported RoPE types are default, llama3 and yarn",
                         "use a checkpoint of the same model without this context extension");

  const char* kOriginal = "original_max_position_embeddings";
  const bool given = config.has(kOriginal) || fields->has(kOriginal);
  rope.original_max_positions =
      config.has(kOriginal) ? config.number(kOriginal, 1.0, kMaxOriginal)
                            : fields->number_or(kOriginal, max_positions, 1.0, kMaxOriginal);
  if (type == "llama3") {
    rope.type = RopeType::kLlama3;
    read_llama3(*fields, rope);
    return rope;
  }
  rope.type = RopeType::kYarn;
  read_yarn(*fields, max_positions, rope);
  // Published configs that are extended by adding YaRN by hand keep max_position_embeddings at the
  // trained length.
  if (given)
    max_positions = static_cast<int>(std::clamp(rope.factor * rope.original_max_positions,
                                                static_cast<double>(max_positions), kMaxOriginal));
  return rope;
}

}  // namespace quorum
