#include "harness/plan.h"

#include <algorithm>

#include "base/philox.h"
#include "harness/identity.h"

namespace quorum {
namespace {

// Mean length of DeepSeek-R1's and its distills' answers to competition problems, by their
// published figures.
constexpr double kAssumedTokens = 9000;

void expect_length(Plan& plan, const PlanRequest& request, const Store* store) {
  std::optional<double> mean;
  if (store != nullptr && !request.benchmarks.empty()) {
    double sum = 0;
    int known = 0;
    for (const Benchmark& benchmark : request.benchmarks) {
      const Setting setting = make_setting(request.generator, benchmark, request.sampling,
                                           request.think, request.published_as);
      if (const auto tokens = store->mean_tokens(setting, false)) {
        sum += *tokens;
        ++known;
      }
    }
    if (known > 0) {
      plan.tokens_per_attempt = sum / known;
      plan.expectation = "mean of the stored completions of these settings";
      return;
    }
    mean = store->mean_tokens(
        make_setting(request.generator, request.benchmarks[0], request.sampling, request.think, {}),
        true);
  }
  if (mean) {
    plan.tokens_per_attempt = std::min(*mean, static_cast<double>(request.sampling.max_tokens));
    plan.expectation = "mean of this model's stored completions under other settings";
    return;
  }
  double limit = request.sampling.max_tokens;
  if (request.generator.context > 0)
    limit = std::min(limit, static_cast<double>(request.generator.context));
  plan.tokens_per_attempt = std::min(limit, kAssumedTokens);
  plan.expectation = limit <= kAssumedTokens ? "nothing is stored of this model: the token limit"
                                             : "nothing is stored of this model: 9,000, as "
                                               "reasoning models need on competition problems";
}

}  // namespace

AttemptKeys::AttemptKeys(const PlanRequest& request) : request_(request) {
  for (std::size_t b = 0; b < request.benchmarks.size(); ++b) {
    auto& digests = digests_.emplace_back();
    for (std::size_t q = 0; q < request.benchmarks[b].queries.size(); ++q)
      digests.push_back(
          prompt_digest(request.prompts[b][q], request.benchmarks[b].queries[q].messages));
  }
}

std::string AttemptKeys::operator()(const Attempt& attempt) const {
  const auto b = static_cast<std::size_t>(attempt.benchmark),
             q = static_cast<std::size_t>(attempt.query);
  const Benchmark& benchmark = request_.benchmarks[b];
  return completion_key(request_.generator, request_.sampling, digests_[b][q], benchmark.name,
                        benchmark.queries[q].id, attempt.sample);
}

Plan make_plan(const PlanRequest& request, const Store* store) {
  Plan plan;
  const AttemptKeys key_of(request);
  for (int block = 0; block < request.samples; block += kSampleBlock) {
    std::vector<Attempt> wanted;
    const int end = std::min(request.samples, block + kSampleBlock);
    for (std::size_t b = 0; b < request.benchmarks.size(); ++b) {
      const Benchmark& benchmark = request.benchmarks[b];
      for (std::size_t q = 0; q < benchmark.queries.size(); ++q)
        for (int sample = block; sample < end; ++sample)
          wanted.push_back(
              {static_cast<int>(b), static_cast<int>(q), sample,
               sample_key(request.sampling.seed, benchmark.name, benchmark.queries[q].id, sample)});
    }
    if (request.shuffle) {
      PhiloxStream random(*request.shuffle, static_cast<std::uint32_t>(block));
      for (std::size_t i = wanted.size(); i > 1; --i)
        std::swap(wanted[i - 1], wanted[random.below(static_cast<std::uint32_t>(i))]);
    }
    std::vector<bool> there(wanted.size(), false);
    if (store != nullptr) {
      std::vector<std::string> keys;
      keys.reserve(wanted.size());
      for (const Attempt& attempt : wanted) keys.push_back(key_of(attempt));
      there = store->contains(keys);
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
      (there[i] ? plan.stored : plan.attempts).push_back(wanted[i]);
  }
  expect_length(plan, request, store);
  return plan;
}

std::vector<std::vector<PreparedPrompt>> prepare_prompts(const Generator& generator,
                                                         std::span<const Benchmark> benchmarks) {
  std::vector<std::vector<PreparedPrompt>> prompts;
  for (const Benchmark& benchmark : benchmarks) {
    auto& list = prompts.emplace_back();
    list.reserve(benchmark.queries.size());
    for (const Query& query : benchmark.queries) list.push_back(generator.prepare(query));
  }
  return prompts;
}

}  // namespace quorum
