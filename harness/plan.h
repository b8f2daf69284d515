// Which samples a run has to make, in which order, and how much that probably is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/generator.h"
#include "harness/results.h"
#include "harness/store.h"
#include "harness/task.h"

namespace quorum {

// What a run is about. Borrowed: benchmarks, prompts.
struct PlanRequest {
  std::span<const Benchmark> benchmarks;
  std::span<const std::vector<PreparedPrompt>>
      prompts;  // per benchmark, one to one with its queries
  GeneratorIdentity generator;
  SamplingSettings sampling;
  int samples = 64;
  std::optional<std::uint64_t> shuffle;
  std::string think;  // of the settings, to find completions like these
  std::string published_as;
};

struct Plan {
  // Missing attempts in blocks of kSampleBlock sample indices: indices 0-7 of every query of every
  // benchmark, then 8-15, … Within a block, siblings stand together; `shuffle` permutes the block
  // instead. No order changes a sample.
  std::vector<Attempt> attempts;
  std::vector<Attempt> stored;  // wanted, and there already

  double tokens_per_attempt = 0;  // expected
  std::string expectation;        // where that number comes from, for people

  std::int64_t wanted() const { return static_cast<std::int64_t>(attempts.size() + stored.size()); }
  double expected_tokens() const {
    return tokens_per_attempt * static_cast<double>(attempts.size());
  }
};

// `store` may be null: nothing is stored. Only reads.
Plan make_plan(const PlanRequest& request, const Store* store);

// The completion key of an attempt, with the digests of all prompts computed once.
class AttemptKeys {
 public:
  explicit AttemptKeys(const PlanRequest& request);
  std::string operator()(const Attempt& attempt) const;

 private:
  const PlanRequest& request_;
  std::vector<std::vector<std::string>> digests_;
};

// The prompts of every query of every benchmark.
std::vector<std::vector<PreparedPrompt>> prepare_prompts(const Generator& generator,
                                                         std::span<const Benchmark> benchmarks);

}  // namespace quorum
