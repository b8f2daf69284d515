#include "reports/stats.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/philox.h"

namespace quorum {

double pass_at_1(std::span<const Counts> queries) {
  QUORUM_CHECK(!queries.empty());
  double sum = 0;
  for (const Counts& query : queries) sum += static_cast<double>(query.correct) / query.samples;
  return sum / static_cast<double>(queries.size());
}

std::optional<double> repeat_standard_error(std::span<const Counts> queries) {
  if (queries.empty()) return std::nullopt;
  double variance = 0;
  for (const Counts& query : queries) {
    if (query.samples < 2) return std::nullopt;
    const double p = static_cast<double>(query.correct) / query.samples;
    variance += p * (1 - p) / (query.samples - 1);
  }
  return std::sqrt(variance) / static_cast<double>(queries.size());
}

std::optional<double> question_standard_error(std::span<const double> values) {
  const auto q = static_cast<double>(values.size());
  if (values.size() < 2) return std::nullopt;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / q;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (q * (q - 1)));
}

double pass_at_k(const Counts& query, int k) {
  QUORUM_CHECK(k >= 1 && k <= query.samples);
  const int wrong = query.samples - query.correct;
  if (wrong < k) return 1.0;
  double all_wrong = 1.0;  // C(n-c, k) / C(n, k) as a product of ratios, none above 1
  for (int i = 0; i < k; ++i) all_wrong *= static_cast<double>(wrong - i) / (query.samples - i);
  return 1.0 - all_wrong;
}

double consensus_credit(std::span<const Vote> votes) {
  int classes = 0;
  for (const Vote& vote : votes) classes = std::max(classes, vote.answer_class + 1);
  std::vector<int> count(static_cast<std::size_t>(classes)),
      correct(static_cast<std::size_t>(classes));
  for (const Vote& vote : votes) {
    if (vote.answer_class < 0) continue;
    ++count[static_cast<std::size_t>(vote.answer_class)];
    correct[static_cast<std::size_t>(vote.answer_class)] += vote.correct ? 1 : 0;
  }
  const int most = count.empty() ? 0 : *std::max_element(count.begin(), count.end());
  if (most == 0) return 0.0;
  double credit = 0;
  int tied = 0;
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] != most) continue;
    ++tied;
    credit += static_cast<double>(correct[i]) / most;
  }
  return credit / tied;
}

double consensus_at_k(std::span<const Vote> votes, int k, std::uint64_t key) {
  const auto n = static_cast<int>(votes.size());
  QUORUM_CHECK(k >= 1 && k <= n);
  if (k == n) return consensus_credit(votes);
  std::vector<Vote> pool(votes.begin(), votes.end());
  // Sorted, so that the result does not depend on the order in which samples are listed.
  std::sort(pool.begin(), pool.end(), [](const Vote& a, const Vote& b) {
    return a.answer_class != b.answer_class ? a.answer_class < b.answer_class
                                            : a.correct < b.correct;
  });
  PhiloxStream random(key);
  double sum = 0;
  for (int draw = 0; draw < kConsensusSubsets; ++draw) {
    for (int i = 0; i < k; ++i) {
      const auto j = static_cast<std::size_t>(random.between(i, n - 1));
      std::swap(pool[static_cast<std::size_t>(i)], pool[j]);
    }
    sum += consensus_credit(std::span(pool).first(static_cast<std::size_t>(k)));
  }
  return sum / kConsensusSubsets;
}

std::optional<double> consensus_repeat_error(std::span<const std::vector<Vote>> queries, int k,
                                             std::uint64_t key) {
  if (queries.empty()) return std::nullopt;
  for (const auto& votes : queries)
    if (votes.size() < 2) return std::nullopt;
  PhiloxStream random(key, 1);
  double sum = 0, squares = 0;
  std::vector<Vote> drawn(static_cast<std::size_t>(k));
  for (int draw = 0; draw < kBootstrapDraws; ++draw) {
    double mean = 0;
    for (const auto& votes : queries) {
      for (Vote& vote : drawn) vote = votes[random.below(static_cast<std::uint32_t>(votes.size()))];
      mean += consensus_credit(drawn);
    }
    mean /= static_cast<double>(queries.size());
    sum += mean;
    squares += mean * mean;
  }
  const double mean = sum / kBootstrapDraws;
  return std::sqrt(std::max(0.0, squares / kBootstrapDraws - mean * mean) * kBootstrapDraws /
                   (kBootstrapDraws - 1));
}

namespace {

// The regularised incomplete beta function I_x(a, b) by Lentz's evaluation of its continued
// fraction (DLMF 8.17.22).
double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(b, a, 1 - x);
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x)) /
                       a;
  constexpr double kTiny = 1e-300;
  double c = 1, d = 1 / std::max(1 - (a + b) * x / (a + 1), kTiny), f = d;
  for (int m = 1; m <= 500; ++m) {
    for (const double term : {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                              -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))}) {
      d = 1 + term * d;
      d = 1 / (std::abs(d) < kTiny ? kTiny : d);
      c = 1 + term / c;
      if (std::abs(c) < kTiny) c = kTiny;
      f *= c * d;
    }
    if (std::abs(c * d - 1) < 1e-15) break;
  }
  return front * f;
}

}  // namespace

double student_t_quantile(double confidence, int df) {
  QUORUM_CHECK(df >= 1 && confidence > 0 && confidence < 1);
  const auto within = [df](double t) {
    return 1 - incomplete_beta(df / 2.0, 0.5, df / (df + t * t));
  };
  double low = 0, high = 1;
  while (within(high) < confidence && high < 1e12) high *= 2;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (within(middle) < confidence ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace quorum
