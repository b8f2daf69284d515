// A generator that answers by rule, for tests of everything behind it.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "harness/generator.h"

namespace quorum::testing {

// The answer to query q is "q", every third sample is wrong, every seventh has none: a pure
// function of the attempt's key and place. `script` may answer instead.
class FakeGenerator : public Generator {
 public:
  using Script = std::function<std::optional<AttemptOutcome>(const Attempt&)>;

  std::string model = "fake", checkpoint = "checkpoint-a", numerics = "00000000000000aa";
  Script script;
  std::function<void()> before_push;
  std::vector<Attempt> made;  // every completion pushed
  int runs = 0;

  GeneratorIdentity identity() const override {
    GeneratorIdentity identity;
    identity.model = model;
    identity.checkpoint = checkpoint;
    identity.engine = "fake";
    identity.template_hash = "template";
    identity.numerics = numerics;
    identity.context = 4096;
    return identity;
  }
  PreparedPrompt prepare(const Query& query) const override {
    PreparedPrompt prompt;
    prompt.text = "<user>" + query.messages.back().content + "<think>\n";
    for (const char c : query.messages.back().content)
      prompt.token_ids.push_back(static_cast<unsigned char>(c));
    prompt.thinking = true;
    return prompt;
  }
  void preflight(std::span<const Benchmark>, const SamplingSettings&) override {}

  static Completion complete(const Attempt& attempt) {
    Completion completion;
    completion.text = "thought " + std::to_string(attempt.key) + "</think>";
    if (attempt.sample % 7 != 6)
      completion.text += attempt.sample % 3 == 2 ? "wrong" : "q" + std::to_string(attempt.query);
    for (const char c : completion.text)
      completion.token_ids.push_back(static_cast<unsigned char>(c));
    completion.token_ids.push_back(151643);
    completion.tokens = static_cast<int>(completion.token_ids.size());
    completion.finish = attempt.sample % 5 == 4 ? FinishReason::kLength : FinishReason::kStop;
    completion.logprob_sum = -0.1 * static_cast<double>(attempt.key % 1000);
    completion.seconds = 0.25;
    return completion;
  }

  void run(std::span<const Benchmark>, const SamplingSettings&, AttemptSource& source,
           CompletionSink& sink, std::stop_token stop) override {
    ++runs;
    while (!stop.stop_requested()) {
      const auto attempt = source.next();
      if (!attempt) return;
      if (before_push) before_push();
      AttemptOutcome outcome = complete(*attempt);
      if (script)
        if (auto scripted = script(*attempt)) outcome = std::move(*scripted);
      if (std::holds_alternative<Completion>(outcome)) made.push_back(*attempt);
      sink.push(*attempt, std::move(outcome));
    }
  }
};

// The text after </think> is the answer, equal strings are equal.
class FakeGrader : public Grader {
 public:
  explicit FakeGrader(std::string version = "fake-1") : version_(std::move(version)) {}
  std::string version() const override { return version_; }
  Grade grade(const Query& query, const AnswerText& answer) const override {
    if (during) during(query);
    const std::string text(answer.text);
    const std::string said = text.substr(text.find("</think>") + 8);
    if (said.empty()) return {Verdict::kNoAnswer, std::nullopt, "empty", {}};
    return {said == query.gold ? Verdict::kCorrect : Verdict::kIncorrect,
            said,
            said == query.gold ? "equal" : "differs",
            {}};
  }
  std::vector<int> clusters(const Query&, std::span<const std::string> answers) const override {
    std::map<std::string, int> numbers;
    std::vector<int> classes;
    for (const std::string& answer : answers)
      classes.push_back(numbers.emplace(answer, static_cast<int>(numbers.size())).first->second);
    return classes;
  }
  std::function<void(const Query&)> during;

 private:
  std::string version_;
};

inline Benchmark fake_benchmark(const std::string& name, int queries,
                                std::shared_ptr<const Grader> grader = nullptr) {
  Benchmark benchmark;
  benchmark.name = name;
  for (int i = 0; i < queries; ++i) {
    Query query;
    query.id = name + "-" + std::to_string(i);
    query.messages = {{"user", "What is q" + std::to_string(i) + " of " + name + "?"}};
    query.gold = "q" + std::to_string(i);
    query.grader = GraderKind::kExact;
    benchmark.queries.push_back(query);
  }
  benchmark.dataset_hash = "data-" + name;
  benchmark.prompt_variant = "deepseek";
  benchmark.prompt_hash = "prompt";
  benchmark.grader = grader ? grader : std::make_shared<FakeGrader>();
  return benchmark;
}

}  // namespace quorum::testing
