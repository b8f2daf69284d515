// The sampler against its definition, against goldens, and against the distribution that it must
// have.
#include "engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/fixed_math.h"
#include "base/philox.h"
#include "engine/sampler_masses.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

// The definition of engine/sampler.h word for word: a full sort, one token after another.
struct Naive {
  std::vector<TokenId> nucleus;
  std::vector<std::uint64_t> masses;

  Naive(const std::vector<float>& logits, const SamplingParams& params) {
    const double top = *std::max_element(logits.begin(), logits.end());
    std::uint64_t total = 0;
    std::vector<TokenId> order;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const double x = (static_cast<double>(logits[i]) - top) / params.temperature;
      masses.push_back(static_cast<std::uint64_t>(std::nearbyint(fixed_exp(x) * 0x1p40)));
      total += masses.back();
      order.push_back(static_cast<TokenId>(i));
    }
    std::sort(order.begin(), order.end(), [&](TokenId a, TokenId b) {
      const float x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
      return x > y || (x == y && a < b);
    });
    std::uint64_t before = 0;
    for (const TokenId id : order) {
      if (params.top_p < 1 &&
          !(static_cast<double>(before) < params.top_p * static_cast<double>(total)))
        break;
      const std::uint64_t mass = masses[static_cast<std::size_t>(id)];
      if (mass > 0) nucleus.push_back(id);
      before += mass;
    }
  }

  TokenId choose(std::uint64_t key, std::uint32_t index) const {
    TokenId winner = -1;
    double best = 0;
    for (const TokenId id : nucleus) {
      const PhiloxBlock block = philox4x32_10(key, static_cast<std::uint32_t>(id), index, 0, 0);
      const double score = fixed_log(static_cast<double>(masses[static_cast<std::size_t>(id)])) -
                           fixed_log(-fixed_log(open_unit(block.x[0])));
      if (winner < 0 || score > best || (score == best && id < winner)) {
        winner = id;
        best = score;
      }
    }
    return winner;
  }
};

enum class Shape { kFlat, kNormal, kPeaked, kTied, kEqual, kWide };

std::vector<float> make_logits(Shape shape, int n, std::uint64_t seed) {
  PhiloxStream stream(seed);
  std::vector<float> logits;
  for (int i = 0; i < n; ++i) {
    double sum = 0;
    for (int k = 0; k < 4; ++k) sum += open_unit(stream.next());
    const double normal = (sum - 2.0) * 1.732;
    switch (shape) {
      case Shape::kFlat: logits.push_back(static_cast<float>(normal * 0.01)); break;
      case Shape::kNormal: logits.push_back(static_cast<float>(normal * 3)); break;
      case Shape::kPeaked:
        logits.push_back(static_cast<float>(stream.below(50) == 0 ? 12 + normal : normal));
        break;
      case Shape::kTied: logits.push_back(static_cast<float>(std::floor(normal * 2))); break;
      case Shape::kEqual: logits.push_back(i % 2 == 0 ? 0.0f : -0.0f); break;
      case Shape::kWide: logits.push_back(static_cast<float>(normal * 1e4)); break;
    }
  }
  return logits;
}

const Shape kShapes[] = {Shape::kFlat, Shape::kNormal, Shape::kPeaked,
                         Shape::kTied, Shape::kEqual,  Shape::kWide};

std::vector<float> golden_logits(const std::string& kind, int shift, int n, std::uint32_t seed) {
  std::vector<float> logits;
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(n); ++i) {
    std::uint32_t h = i * 2654435761u + seed * 40503u + 12345u;
    h ^= h >> 15;
    h *= 2246822519u;
    const double value =
        kind == "steps" ? static_cast<double>(h >> 29) : static_cast<double>(h >> 8) - 0x1p23;
    logits.push_back(static_cast<float>(std::ldexp(value, -shift)));
  }
  if (kind == "peak")
    logits[seed % static_cast<std::uint32_t>(n)] = static_cast<float>(std::ldexp(1.0, 25 - shift));
  return logits;
}

TEST_CASE("The sampler agrees with the goldens of an independent implementation", "[sampler]") {
  std::ifstream file(testing::source_path("tests/golden/sampler.txt"));
  REQUIRE(file);
  int cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    std::istringstream in(line);
    std::string kind;
    int shift = 0, n = 0;
    std::uint32_t seed = 0, index = 0;
    std::uint64_t key = 0;
    SamplingParams params;
    TokenId token = 0;
    double logprob = 0;
    in >> kind >> shift >> n >> seed >> params.temperature >> params.top_p >> key >> index >>
        token >> logprob;
    REQUIRE(in);
    const SampledToken sampled =
        sample_token(golden_logits(kind, shift, n, seed), params, key, index);
    INFO(line);
    CHECK(sampled.id == token);
    CHECK(std::abs(sampled.logprob - logprob) < 1e-10);
  }
  CHECK(cases == 200);
}

TEST_CASE("The sampler without a sort chooses what the sorted definition chooses", "[sampler]") {
  std::uint64_t seed = 1;
  for (const Shape shape : kShapes) {
    for (const int n : {1, 2, 5, 33, 100, 640, 3001}) {
      for (const double temperature : {1e-300, 1e-6, 0.1, 0.6, 1.0, 7.0, 1e6}) {
        for (const double top_p : {1e-12, 0.3, 0.95, 0.9999, 1.0 - 1e-16, 1.0}) {
          const std::vector<float> logits = make_logits(shape, n, ++seed);
          const SamplingParams params{temperature, top_p};
          const Naive naive(logits, params);
          for (std::uint32_t index = 0; index < 4; ++index) {
            const TokenId expected = naive.choose(seed * 77, index);
            const TokenId got = sample_token(logits, params, seed * 77, index).id;
            if (got != expected) {
              INFO("shape " << static_cast<int>(shape) << " n " << n << " temperature "
                            << temperature << " top_p " << top_p);
              REQUIRE(got == expected);
            }
          }
        }
      }
    }
  }
}

TEST_CASE("The sampler without a sort is exact for a vocabulary of 152064", "[sampler]") {
  for (const Shape shape : kShapes) {
    for (const double top_p : {0.05, 0.95, 1.0}) {
      const std::vector<float> logits = make_logits(shape, 152064, 5);
      const SamplingParams params{0.6, top_p};
      const Naive naive(logits, params);
      for (std::uint32_t index = 0; index < 3; ++index)
        CHECK(sample_token(logits, params, 9, index).id == naive.choose(9, index));
    }
  }
}

TEST_CASE("Samples have the distribution of the nucleus", "[sampler]") {
  std::vector<float> logits = make_logits(Shape::kNormal, 200, 3);
  const SamplingParams params{0.8, 0.9};
  const Naive naive(logits, params);
  REQUIRE(naive.nucleus.size() > 10);
  double total = 0;
  for (const TokenId id : naive.nucleus)
    total += static_cast<double>(naive.masses[static_cast<std::size_t>(id)]);
  constexpr int kDraws = 20000;
  std::map<TokenId, int> counts;
  for (int i = 0; i < kDraws; ++i)
    ++counts[sample_token(logits, params, 0x9E3779B97F4A7C15ull * static_cast<unsigned>(i + 1),
                          static_cast<std::uint32_t>(i % 7))
                 .id];
  double chi_square = 0;
  int seen = 0;
  for (const TokenId id : naive.nucleus) {
    const double expected =
        kDraws * static_cast<double>(naive.masses[static_cast<std::size_t>(id)]) / total;
    chi_square += (counts[id] - expected) * (counts[id] - expected) / expected;
    seen += counts[id];
  }
  CHECK(seen == kDraws);
  // The cube root of chi-square over its degrees of freedom is nearly normal (Wilson and Hilferty).
  const double freedom = static_cast<double>(naive.nucleus.size()) - 1;
  const double z =
      (std::cbrt(chi_square / freedom) - (1 - 2 / (9 * freedom))) / std::sqrt(2 / (9 * freedom));
  CHECK(std::abs(z) < 3.5);
}

TEST_CASE("Vectorised masses equal single masses at every length and alignment", "[sampler]") {
  for (int n = 1; n < 40; ++n) {
    std::vector<float> logits = make_logits(Shape::kNormal, n + 1, static_cast<std::uint64_t>(n));
    const std::span<const float> view = std::span(logits).subspan(1);
    const float top = largest_logit(view);
    CHECK(top == *std::max_element(view.begin(), view.end()));
    std::vector<std::uint64_t> masses(view.size() + 1, 42);
    const std::uint64_t total = tempered_masses(view, top, 0.7, masses.data());
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < view.size(); ++i) {
      CHECK(masses[i] == tempered_mass(view[i], top, 0.7));
      sum += masses[i];
    }
    CHECK(total == sum);
    CHECK(masses.back() == 42);
  }
}

TEST_CASE("No mass is lost below the least exponent", "[sampler]") {
  CHECK(std::exp(kLeastExponent) * 0x1p40 < 0.47);
  CHECK(tempered_mass(-28.41f, 0.0f, 1.0) == 1);
  CHECK(tempered_mass(-28.43f, 0.0f, 1.0) == 0);
  CHECK(tempered_mass(-3e38f, 3e38f, 1e-300) == 0);
  CHECK(tempered_mass(1.0f, 1.0f, 0.6) == std::uint64_t{1} << 40);
}

TEST_CASE("Temperature zero takes the smallest id among the largest logits", "[sampler]") {
  const std::vector<float> logits = {-1, 4, 2, 4, 4};
  const SampledToken token = sample_token(logits, {0.0, 0.95}, 1, 2);
  CHECK(token.id == 1);
  const double expected = -std::log(3 + std::exp(-2.0) + std::exp(-5.0));
  CHECK(std::abs(token.logprob - expected) < 1e-11);
}

TEST_CASE("Log-probabilities are normalised and are those that sampling reports", "[sampler]") {
  for (const Shape shape : kShapes) {
    const std::vector<float> logits = make_logits(shape, 777, 8);
    std::vector<double> logprobs(logits.size());
    log_probabilities(logits, logprobs);
    double sum = 0;
    for (const double each : logprobs) {
      CHECK(std::isfinite(each));
      sum += std::exp(each);
    }
    CHECK(std::abs(sum - 1) < 1e-9);
    for (const double temperature : {0.0, 0.6, 1.0}) {
      const SampledToken token = sample_token(logits, {temperature, 0.95}, 4, 4);
      CHECK(token.logprob == logprobs[static_cast<std::size_t>(token.id)]);
    }
  }
}

}  // namespace
}  // namespace quorum
