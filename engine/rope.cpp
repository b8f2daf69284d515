// Rotary position embeddings in the float32 arithmetic of transformers (modeling_rope_utils.py): Su
// et al. 2021, the frequency smoothing of Llama 3.1, and YaRN (Peng et al. 2023, "NTK-by-parts").
#include <algorithm>
#include <cmath>
#include <numbers>
#include <thread>

#include "engine/decoder_spec.h"

namespace quorum {
namespace {

// theta^(2i/head_dim): base and exponent are float32, the power is rounded once.
std::vector<float> wavelength_powers(double theta, int head_dim) {
  std::vector<float> powers(static_cast<std::size_t>(head_dim) / 2);
  const double base = static_cast<float>(theta);
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(head_dim);
    powers[i] = static_cast<float>(std::pow(base, static_cast<double>(exponent)));
  }
  return powers;
}

float llama3_frequency(const RopeSpec& rope, float frequency) {
  const auto original = static_cast<float>(rope.original_max_positions);
  const auto low_wavelength =
      static_cast<float>(rope.original_max_positions / rope.low_freq_factor);
  const auto high_wavelength =
      static_cast<float>(rope.original_max_positions / rope.high_freq_factor);
  const auto factor = static_cast<float>(rope.factor);
  const float wavelength = static_cast<float>(2.0 * std::numbers::pi) / frequency;
  if (wavelength < high_wavelength) return frequency;
  if (wavelength > low_wavelength) return frequency / factor;
  const float smooth = (original / wavelength - static_cast<float>(rope.low_freq_factor)) /
                       static_cast<float>(rope.high_freq_factor - rope.low_freq_factor);
  return (1.0f - smooth) * frequency / factor + smooth * frequency;
}

// The dimension whose wavelength turns `rotations` times over the original context.
double correction_dimension(const RopeSpec& rope, double rotations, int head_dim) {
  return head_dim * std::log(rope.original_max_positions / (rotations * 2.0 * std::numbers::pi)) /
         (2.0 * std::log(rope.theta));
}

void apply_yarn(const RopeSpec& rope, int head_dim, const std::vector<float>& powers,
                std::vector<float>& frequencies) {
  double low = correction_dimension(rope, rope.beta_fast, head_dim);
  double high = correction_dimension(rope, rope.beta_slow, head_dim);
  if (rope.yarn_truncate) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, head_dim - 1.0);
  if (low == high) high += 0.001;
  const auto factor = static_cast<float>(rope.factor);
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const float ramp = std::clamp(
        (static_cast<float>(i) - static_cast<float>(low)) / static_cast<float>(high - low), 0.0f,
        1.0f);
    const float extrapolated = 1.0f - ramp;
    frequencies[i] =
        1.0f / (factor * powers[i]) * (1.0f - extrapolated) + 1.0f / powers[i] * extrapolated;
  }
}

}  // namespace

std::vector<float> rope_inverse_frequencies(const RopeSpec& rope, int head_dim) {
  const std::vector<float> powers = wavelength_powers(rope.theta, head_dim);
  std::vector<float> frequencies(powers.size());
  std::transform(powers.begin(), powers.end(), frequencies.begin(),
                 [](float power) { return 1.0f / power; });
  if (rope.type == RopeType::kLlama3)
    for (float& frequency : frequencies) frequency = llama3_frequency(rope, frequency);
  if (rope.type == RopeType::kYarn) apply_yarn(rope, head_dim, powers, frequencies);
  return frequencies;
}

RopeTable make_rope_table(const RopeSpec& rope, int head_dim, int count, int threads) {
  const std::vector<float> frequencies = rope_inverse_frequencies(rope, head_dim);
  const auto scale = static_cast<float>(rope.type == RopeType::kYarn ? rope.attention_factor : 1.0);
  RopeTable table;
  table.half_dim = head_dim / 2;
  const std::size_t values = static_cast<std::size_t>(count) * frequencies.size();
  table.cos.resize(values);
  table.sin.resize(values);
  const auto fill = [&](int begin, int end) {
    std::size_t at = static_cast<std::size_t>(begin) * frequencies.size();
    for (int position = begin; position < end; ++position)
      for (const float frequency : frequencies) {
        const float angle = static_cast<float>(position) * frequency;
        table.cos[at] = static_cast<float>(std::cos(static_cast<double>(angle))) * scale;
        table.sin[at] = static_cast<float>(std::sin(static_cast<double>(angle))) * scale;
        ++at;
      }
  };
  // 131,072 positions take half a second on one core, as long as the weights of a model.
  constexpr int kPositionsPerThread = 4096;
  const int most =
      threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int parts = std::clamp(count / kPositionsPerThread, 1, most);
  std::vector<std::jthread> others;
  for (int part = 1; part < parts; ++part)
    others.emplace_back(fill, static_cast<int>(std::int64_t{count} * part / parts),
                        static_cast<int>(std::int64_t{count} * (part + 1) / parts));
  fill(0, count / parts);
  others.clear();  // joins
  return table;
}

std::int64_t DecoderSpec::matmul_macs_per_token() const {
  const std::int64_t width = hidden;
  const std::int64_t attention = 2 * width * head_dim * (heads + kv_heads);
  const std::int64_t feed_forward = 3 * width * intermediate;
  return layers * (attention + feed_forward) + width * vocab;
}

}  // namespace quorum
