// From graded samples to the figures of a table: one row a (model, benchmark, setting).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/results.h"
#include "reports/modes.h"
#include "reports/published.h"

namespace quorum {

// Fractions from 0 to 1. Only complete blocks of sample indices count (docs/ARCHITECTURE.md,
// property 5).
struct SummaryRow {
  std::string model, benchmark, prompt_variant;
  int queries = 0;
  int samples = 0;         // a query, that the figures are made of
  int samples_wanted = 0;  // a query
  bool complete = false;
  bool partial = false;         // --limit or --ids: not a result of the benchmark
  bool mixed_numerics = false;  // --allow-mixed

  std::optional<double> pass_at_1;  // nullopt: no complete block yet
  std::optional<double> repeat_se, question_se;
  int cons_k = 0;  // min(64, samples)
  std::optional<double> cons_at_k, cons_repeat_se, cons_question_se;
  std::optional<double> pass_at_k;             // with k = cons_k: some sample is right
  std::optional<double> tied;                  // share of queries whose vote was a tie
  std::optional<double> truncated, no_answer;  // shares of samples
  std::optional<double> mean_tokens;
  ModeSummary modes;  // of programs

  std::vector<PublishedScore> published;
  ResultSet provenance;  // without queries
};

SummaryRow summarize(const ResultSet& results);

// The first published pass@1 (or consensus) figure of DeepSeek's, else of anyone's, as a fraction.
struct Reference {
  double value = 0;
  std::string source;
};
std::optional<Reference> reference_pass_at_1(const SummaryRow& row);
std::optional<Reference> reference_consensus(const SummaryRow& row);

}  // namespace quorum
