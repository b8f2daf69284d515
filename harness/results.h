// Graded samples as reports read them: plain values, no store behind them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/task.h"

namespace quorum {

// Attempts are admitted, and reports are cut, in blocks of this many sample indices (property 5).
inline constexpr int kSampleBlock = 8;

struct SampleResult {
  int sample = 0;
  Verdict verdict = Verdict::kNoAnswer;
  std::optional<std::string> answer;
  std::string reason;     // the grade's
  int answer_class = -1;  // equal answers to one query share a class; -1: no answer
  bool truncated = false;
  int tokens = 0;
  std::optional<double> logprob_sum;
};

struct QueryResult {
  std::string query;
  std::vector<SampleResult> samples;  // by sample index
};

// All samples of one model on one benchmark under one setting.
struct ResultSet {
  std::string model;
  std::string published_as;  // the name to look published scores up by; empty: the model's own
  std::string benchmark;
  std::string published_benchmark;  // name in tables of published scores; empty: none
  int samples_wanted = 0;           // a query
  bool partial = false;             // --limit or --ids: not the whole benchmark
  bool mixed_numerics = false;      // completions of more than one numerics fingerprint
  std::vector<QueryResult>
      queries;  // in the benchmark's order; every query, also those without samples

  // Provenance.
  std::string dataset_hash, prompt_variant, prompt_hash, template_hash, grader_version, checkpoint,
      engine, numerics;
  double temperature = 0, top_p = 0;
  int max_tokens = 0;
  std::uint64_t seed = 0;
  std::string manifest_json;

  std::int64_t setting = 0;  // the row in the store that this came from; 0: none

  // The samples that reports may use: for an incomplete set only complete blocks of 8 sample
  // indices (property 5), the same for every query. Returns how many leading sample indices all
  // queries have in complete blocks.
  int complete_samples() const;
  bool complete() const { return complete_samples() >= samples_wanted; }
};

// Fills `answer_class` of every sample by the grader's clusters of all answers to the query.
// `queries`: those of the set, as the store keeps them.
void assign_answer_classes(ResultSet& set, std::span<const Query> queries, const Grader& grader);

}  // namespace quorum
