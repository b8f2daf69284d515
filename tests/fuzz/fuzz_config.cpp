// config.json and generation_config.json: whatever is accepted must be a decoder that a backend can
// size.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/checkpoint.h"
#include "engine/tensor_names.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const quorum::DecoderSpec& spec) {
  require(spec.hidden > 0 && spec.layers > 0 && spec.heads > 0 && spec.kv_heads > 0);
  require(spec.heads % spec.kv_heads == 0 && spec.head_dim > 0 && spec.head_dim % 2 == 0);
  require(spec.intermediate > 0 && spec.vocab > 0 && spec.max_positions > 0);
  require(spec.rms_eps > 0 && spec.matmul_macs_per_token() > 0 && spec.kv_elements_per_token() > 0);
  for (const quorum::TokenId id : spec.eos_ids) require(id >= 0 && id < spec.vocab);
  require(spec.bos_id >= -1 && spec.bos_id < spec.vocab);
  const quorum::RopeTable table = quorum::make_rope_table(spec.rope, spec.head_dim, 3);
  for (const float value : table.cos) require(std::isfinite(value));
  for (const float value : table.sin) require(std::isfinite(value));
  for (const quorum::TensorPlan& plan : quorum::plan_tensors(spec))
    for (const std::int64_t dimension : plan.shape) require(dimension > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  quorum::DecoderSpec spec;
  spec.vocab = 1000;
  if (const auto parsed = quorum::parse_config(text, "config.json"); parsed.ok()) {
    spec = parsed.value();
    check(spec);
  }
  if (const auto parsed = quorum::parse_generation_config(text, "generation_config.json", spec);
      parsed.ok())
    for (const quorum::TokenId id : parsed.value().eos_ids) require(id >= 0 && id < spec.vocab);
  return 0;
}
