// How long samples will be, from those that are finished and those that are still running.
//
// A sample ends at each token with a hazard that is constant within a bucket of lengths. Finished
// samples are events; running ones, and those that their limit cut, count as censored, so that the
// short answers, which finish first, do not make the rest look short. One more sample of an assumed
// mean length speaks where there are few. The samples of one prompt share a factor on the hazard, a
// Gamma frailty of mean 1, so that siblings tell more than strangers. This is the piecewise
// exponential model of survival analysis with shared frailty (Ibrahim, Chen, Sinha, Bayesian
// Survival Analysis, 2001, chapters 3 and 4), with posterior means for the parameters.
//
// Predictions steer the order and the number of admissions, never a sample.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/prefix_cache.h"

namespace quorum {

class LengthPredictor {
 public:
  static constexpr int kBuckets = 40;
  using Table = std::array<double, kBuckets>;

  // What is known of one prompt's samples.
  struct PromptLengths {
    Prompt prompt;              // keeps the address
    Table exposure{};           // tokens of finished samples in each bucket
    int ends = 0;               // finished samples that were not cut
    bool finished = false;      // any sample, cut ones included
    double running_hazard = 0;  // cumulative, of the running samples
    std::int64_t version = -1;  // of `rate` and `residual`
    double factor = 1;          // on the hazard
    Table residual{};           // expected further tokens at a bucket's begin
  };
  struct Running {
    PromptLengths* prompt = nullptr;
    int generated = 0;
  };

  // The record of a prompt; stays where it is until clear().
  PromptLengths& of(const Prompt& prompt);

  // A sample ended at `length` tokens; `cut`: by its limit.
  void finished(PromptLengths& prompt, int length, bool cut);
  // Takes in the running samples, and what finished since. `longest`: the largest limit of a
  // sample.
  void refresh(std::span<const Running> running, int longest);

  // The expected length of a sample that has `generated` tokens and at most `limit` > generated,
  // as of the last refresh: between generated + 1 and limit. The limit itself before the first
  // refresh.
  int expected(PromptLengths& prompt, int generated, int limit) const;
  // The length that the sample exceeds with probability 1 - p, 0 <= p < 1.
  int quantile(PromptLengths& prompt, int generated, int limit, double p) const;

  void clear();

 private:
  double hazard_until(int length) const;
  void update(PromptLengths& prompt) const;
  void fill_residual(double factor, Table& residual) const;

  std::unordered_map<const void*, std::unique_ptr<PromptLengths>> prompts_;
  Table ends_{}, exposure_{};  // of finished samples: by last bucket, and tokens in each
  Table hazard_{};             // ends a token
  Table cumulative_{};         // hazard before a bucket's begin
  Table residual_{};           // of a prompt without samples
  std::int64_t version_ = -1;
};

}  // namespace quorum
