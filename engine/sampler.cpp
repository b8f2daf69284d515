#include "engine/sampler.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/fixed_math.h"
#include "base/philox.h"
#include "engine/sampler_masses.h"

namespace quorum {
namespace {

constexpr int kBins = 1024;

// A token in the order of the definition: compares by logit descending, then by id ascending.
std::uint64_t order_key(float logit, TokenId id) {
  const auto bits = std::bit_cast<std::uint32_t>(logit + 0.0f);  // -0 counts as 0
  const std::uint32_t ascending = (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
  return std::uint64_t{~ascending} << 32 | static_cast<std::uint32_t>(id);
}

TokenId id_of(std::uint64_t key) { return static_cast<TokenId>(key & 0xFFFFFFFFu); }

bool stays(std::uint64_t mass_before, double top_p, std::uint64_t total) {
  return top_p >= 1.0 || static_cast<double>(mass_before) < top_p * static_cast<double>(total);
}

// Which bin of the histogram a logit falls into; never decreases as the logit falls.
struct Bins {
  double largest, scale;

  Bins(float top, double temperature)
      : largest(top), scale(std::min(kBins / (-kLeastExponent * temperature), 1e30)) {}
  int of(float logit) const {
    const double bin = (largest - static_cast<double>(logit)) * scale;
    return bin < kBins - 1 ? static_cast<int>(bin) : kBins - 1;
  }
};

// The tokens that may stay. What has at most a quarter of the mean tail mass (1 - p)·Z/n lies, with
// all that follows it, in less than half of the tail (masses may be out of order by one unit of
// rounding, hence not a half of the mean).
void find_candidates(std::span<const float> logits, double top_p,
                     const std::vector<std::uint64_t>& masses, std::uint64_t total,
                     std::vector<std::uint64_t>& keys) {
  keys.clear();
  const double tail = (1.0 - top_p) * static_cast<double>(total);
  const auto least =
      top_p >= 1.0 ? 0
                   : static_cast<std::uint64_t>(tail / (4.0 * static_cast<double>(logits.size())));
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (masses[i] > least) keys.push_back(order_key(logits[i], static_cast<TokenId>(i)));
  }
}

// Reduces `keys` to those of the histogram bin in which the mass reaches p·Z: what lies before that
// bin stays and goes to `nucleus`, what lies after it does not. Returns the mass before the bin.
std::uint64_t narrow_by_histogram(std::span<const float> logits, const Bins& bins, double top_p,
                                  const std::vector<std::uint64_t>& masses, std::uint64_t total,
                                  std::vector<std::uint64_t>& keys, std::vector<TokenId>& nucleus) {
  std::array<std::uint64_t, kBins> mass{};
  const auto bin_of = [&](std::uint64_t key) {
    return static_cast<std::size_t>(bins.of(logits[static_cast<std::size_t>(id_of(key))]));
  };
  for (const std::uint64_t key : keys)
    mass[bin_of(key)] += masses[static_cast<std::size_t>(id_of(key))];
  std::uint64_t before = 0;
  std::size_t boundary = 0;
  while (boundary + 1 < kBins && stays(before + mass[boundary], top_p, total))
    before += mass[boundary++];
  std::size_t kept = 0;
  for (const std::uint64_t key : keys) {
    const std::size_t bin = bin_of(key);
    if (bin < boundary) nucleus.push_back(id_of(key));
    if (bin == boundary) keys[kept++] = key;
  }
  keys.resize(kept);
  return before;
}

// The tokens that stay, in any order, without a full sort: halving by nth_element finds the
// boundary, after a histogram where there are many candidates.
void select_nucleus(std::span<const float> logits, float largest, const SamplingParams& params,
                    const std::vector<std::uint64_t>& masses, std::uint64_t total,
                    std::vector<TokenId>& nucleus) {
  thread_local std::vector<std::uint64_t> keys;
  nucleus.clear();
  find_candidates(logits, params.top_p, masses, total, keys);
  std::uint64_t before = 0;
  if (keys.size() > 512)
    before = narrow_by_histogram(logits, Bins(largest, params.temperature), params.top_p, masses,
                                 total, keys, nucleus);
  const auto mass_of = [&](std::uint64_t key) {
    return masses[static_cast<std::size_t>(id_of(key))];
  };
  auto begin = keys.begin(), end = keys.end();
  while (end - begin > 32) {
    const auto middle = begin + (end - begin) / 2;
    std::nth_element(begin, middle, end);
    std::uint64_t half = 0;
    for (auto it = begin; it != middle; ++it) half += mass_of(*it);
    if (stays(before + half, params.top_p, total)) {  // so *middle stays, and all before it
      for (auto it = begin; it != middle; ++it) nucleus.push_back(id_of(*it));
      before += half;
      begin = middle;
    } else {
      end = middle;
    }
  }
  std::sort(begin, end);
  for (; begin != end && stays(before, params.top_p, total); ++begin) {
    nucleus.push_back(id_of(*begin));
    before += mass_of(*begin);
  }
}

// Gumbel-max. A token needs -log(u) < q·exp(-best) to win, and -log(u) >= 1 - u: most are refused
// without a logarithm. The factor covers the rounding of both sides, so that no token is refused
// that could win or tie.
TokenId gumbel_max(const std::vector<TokenId>& nucleus, const std::vector<std::uint64_t>& masses,
                   std::uint64_t sample_key, std::uint32_t index) {
  TokenId winner = -1;
  double best = 0, threshold = 0;  // threshold: exp(-best) with a margin
  for (const TokenId id : nucleus) {
    const auto mass = static_cast<double>(masses[static_cast<std::size_t>(id)]);
    const double u =
        open_unit(philox4x32_10(sample_key, static_cast<std::uint32_t>(id), index, 0, 0).x[0]);
    if (winner >= 0 && 1.0 - u > mass * threshold) continue;
    const double score = fixed_log(mass) - fixed_log(-fixed_log(u));
    if (winner < 0 || score > best || (score == best && id < winner)) {
      winner = id;
      best = score;
      threshold = fixed_exp(-best) * (1.0 + 1e-9);
    }
  }
  return winner;
}

// log(Z · 2^-40) at temperature 1: what a logit's distance to the largest one lacks to be a
// log-probability.
double log_normalizer(std::uint64_t total) {
  return fixed_log(static_cast<double>(total) * 0x1p-40);
}

}  // namespace

SampledToken sample_token(std::span<const float> logits, const SamplingParams& params,
                          std::uint64_t sample_key, std::uint32_t index) {
  QUORUM_CHECK(!logits.empty(), "no logits");
  QUORUM_CHECK(params.temperature >= 0 && params.top_p > 0, "sampling parameters out of range");
  const float largest = largest_logit(logits);
  thread_local std::vector<std::uint64_t> masses;
  thread_local std::vector<TokenId> nucleus;

  TokenId chosen = 0;
  std::uint64_t untempered = 0;  // the total mass at temperature 1
  if (params.temperature == 0) {
    chosen =
        static_cast<TokenId>(std::find(logits.begin(), logits.end(), largest) - logits.begin());
  } else {
    masses.resize(std::max(masses.size(), logits.size()));
    const std::uint64_t total = tempered_masses(logits, largest, params.temperature, masses.data());
    if (params.temperature == 1) untempered = total;
    select_nucleus(logits, largest, params, masses, total, nucleus);
    chosen = gumbel_max(nucleus, masses, sample_key, index);
  }
  if (untempered == 0) untempered = tempered_masses(logits, largest, 1.0, nullptr);
  const double distance =
      static_cast<double>(logits[static_cast<std::size_t>(chosen)]) - static_cast<double>(largest);
  return {chosen, distance - log_normalizer(untempered)};
}

void log_probabilities(std::span<const float> logits, std::span<double> out) {
  QUORUM_CHECK(!logits.empty() && logits.size() == out.size(),
               "sizes of logits and log-probabilities differ");
  const float largest = largest_logit(logits);
  const double normalizer = log_normalizer(tempered_masses(logits, largest, 1.0, nullptr));
  for (std::size_t i = 0; i < logits.size(); ++i)
    out[i] = (static_cast<double>(logits[i]) - static_cast<double>(largest)) - normalizer;
}

}  // namespace quorum
