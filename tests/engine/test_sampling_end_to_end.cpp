// From requests to tokens: one-token samples of one prompt have the distribution that the backend's
// logits and the definition of the nucleus give.
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "engine/cpu_backend.h"
#include "engine/engine.h"
#include "support/catch.h"

using namespace quorum;

namespace {

// The definition with std::exp and a full sort: integer masses, largest first, until the mass
// before a token reaches p·Z.
std::vector<double> nucleus_probabilities(const std::vector<float>& logits, double temperature,
                                          double top_p) {
  const double top = *std::max_element(logits.begin(), logits.end());
  std::vector<double> masses;
  for (const float logit : logits) {
    masses.push_back(std::nearbyint(std::exp((logit - top) / temperature) * 0x1p40));
  }
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
  const double all = std::accumulate(masses.begin(), masses.end(), 0.0);
  std::vector<double> kept(logits.size(), 0.0);
  double before = 0;
  for (const std::size_t id : order) {
    if (before >= top_p * all) break;
    kept[id] = masses[id];
    before += masses[id];
  }
  for (double& mass : kept) mass /= before;
  return kept;
}

}  // namespace

TEST_CASE("Twenty thousand one-token samples agree with the logits and the exact nucleus",
          "[sampling]") {
  DecoderSpec spec;
  spec.architecture = "Test";
  spec.hidden = 48;
  spec.layers = 2;
  spec.heads = 4;
  spec.kv_heads = 2;
  spec.head_dim = 16;
  spec.intermediate = 96;
  spec.vocab = 300;
  spec.max_positions = 128;
  spec.qkv_bias = true;
  const auto source = make_random_weights(spec, 5);
  const DecoderWeights weights = bind_weights(spec, *source);
  CpuBackendOptions options;
  options.slots = 64;
  options.threads = 1;
  options.kv_bytes = 32 << 20;
  const auto backend = make_cpu_backend(spec, weights, options);

  constexpr int kSamples = 20000;
  constexpr double kTemperature = 0.6, kTopP = 0.95;
  std::vector<TokenId> tokens;
  for (int i = 0; i < 21; ++i) tokens.push_back((i * 37 + 11) % spec.vocab);
  const std::vector<float> all = backend->logits(tokens);
  const std::vector<float> logits(all.end() - spec.vocab, all.end());
  const std::vector<double> expected = nucleus_probabilities(logits, kTemperature, kTopP);
  const double most = *std::max_element(logits.begin(), logits.end());
  double normaliser = 0;
  for (const float logit : logits) normaliser += std::exp(logit - most);

  const auto prompt = std::make_shared<const std::vector<TokenId>>(tokens);
  std::vector<int> counts(static_cast<std::size_t>(spec.vocab));
  Engine engine(*backend);
  std::uint64_t next = 0;
  double worst_logprob = 0;
  engine.run(
      [&]() -> std::optional<EngineRequest> {
        if (next == kSamples) return std::nullopt;
        const std::uint64_t id = next++;
        return EngineRequest{id, prompt, {kTemperature, kTopP}, id * 0x9E3779B97F4A7C15ull, 1, {}};
      },
      [&](EngineCompletion completion) {
        const auto token = static_cast<std::size_t>(completion.tokens.at(0));
        ++counts.at(token);
        const double logprob = logits[token] - most - std::log(normaliser);
        worst_logprob = std::max(worst_logprob, std::abs(completion.logprob_sum - logprob));
      },
      {});

  CHECK(std::accumulate(counts.begin(), counts.end(), 0) == kSamples);
  CHECK(worst_logprob < 1e-6);
  CHECK(engine.stats().prefill_tokens == 20);  // one prefix for all

  double chi_square = 0, rare_expected = 0, rare_seen = 0;
  int cells = 0, outside = 0;
  for (std::size_t id = 0; id < counts.size(); ++id) {
    if (expected[id] == 0) {
      outside += counts[id];
    } else if (kSamples * expected[id] < 5) {
      rare_expected += kSamples * expected[id];
      rare_seen += counts[id];
    } else {
      const double e = kSamples * expected[id];
      chi_square += (counts[id] - e) * (counts[id] - e) / e;
      ++cells;
    }
  }
  if (rare_expected >= 5) {
    chi_square += (rare_seen - rare_expected) * (rare_seen - rare_expected) / rare_expected;
    ++cells;
  }
  CHECK(outside == 0);
  REQUIRE(cells >= 10);
  const double freedom = cells - 1;  // Wilson and Hilferty's normal approximation
  const double z =
      (std::cbrt(chi_square / freedom) - (1 - 2 / (9 * freedom))) / std::sqrt(2 / (9 * freedom));
  INFO("chi-square " << chi_square << " with " << freedom << " degrees of freedom");
  CHECK(std::abs(z) < 3.5);
}
