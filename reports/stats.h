// The statistics of repeated sampling, as pure functions. x_ij in {0, 1} says whether sample j of
// query i is correct, c_i of n_i samples are, p_i = c_i / n_i, Q queries.
//
// Two errors, always both: the repeat error belongs to new samples on the same queries (does it
// match? did it regress?), the question error to new queries of the same kind (is the model
// better?). Miller, "Adding Error Bars to Evals", arXiv 2411.00640. A figure that cannot be had
// (one sample, one query) is nullopt, never 0.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace quorum {

struct Counts {
  int correct = 0;
  int samples = 0;  // at least 1
};

// Mean over queries of c_i / n_i. Precondition: not empty.
double pass_at_1(std::span<const Counts> queries);

// sqrt(sum_i p_i (1 - p_i) / (n_i - 1)) / Q; nullopt when some query has one sample.
std::optional<double> repeat_standard_error(std::span<const Counts> queries);

// sqrt(sum_i (v_i - mean)^2 / (Q (Q - 1))) over per-query values; nullopt for fewer than two
// queries.
std::optional<double> question_standard_error(std::span<const double> values);

// pass@k of one query by the unbiased estimator 1 - C(n-c, k) / C(n, k) (Chen et al., arXiv
// 2107.03374). 1 <= k <= n.
double pass_at_k(const Counts& query, int k);

// One vote: the class of the answer (equal answers share one; -1: no answer, no vote) and whether
// it was graded correct.
struct Vote {
  int answer_class = -1;
  bool correct = false;
};

// The credit of a majority vote over these samples, ties shared: over the classes with the most
// votes, the mean of the share of each that was graded correct. That is the expectation under a
// random tie-break; 0 when nobody votes.
double consensus_credit(std::span<const Vote> votes);

// cons@k of one query with n >= k samples: the credit itself for k = n, otherwise its mean over
// `kConsensusSubsets` subsets of k samples drawn without replacement from a Philox stream of `key`
// (never the first k, which would depend on order).
inline constexpr int kConsensusSubsets = 256;
double consensus_at_k(std::span<const Vote> votes, int k, std::uint64_t key);

// The repeat error of mean consensus_at_k: standard deviation over `kBootstrapDraws` resamplings of
// every query's samples with replacement, queries fixed. nullopt when some query has one sample.
inline constexpr int kBootstrapDraws = 400;
std::optional<double> consensus_repeat_error(std::span<const std::vector<Vote>> queries, int k,
                                             std::uint64_t key);

// Two-sided quantile of Student's t: P(|T_df| <= t) = confidence, by bisection on the regularised
// incomplete beta function (continued fraction). df >= 1, confidence in (0, 1). For intervals from
// few queries.
double student_t_quantile(double confidence, int df);

}  // namespace quorum
