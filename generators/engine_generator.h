// Completions from the built-in engine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "generators/engine_model.h"
#include "harness/generator.h"

namespace quorum {

struct EngineGeneratorOptions {
  ThinkMode think = ThinkMode::kAuto;
  std::int64_t unix_time = 0;  // the date that templates see
  BackendSettings backend;
  bool load_weights =
      true;  // false, for a dry run: identity() has no numerics, run() must not be called
};

class EngineGenerator : public Generator {
 public:
  // Reads config.json; weights only when identity() or run() need them, so that preflight() can
  // fail first. Throws Error(kData) when the model has no chat template.
  EngineGenerator(ModelFiles files, const EngineGeneratorOptions& options);
  ~EngineGenerator() override;

  GeneratorIdentity identity() const override;
  // Renders and encodes; checks that exactly one BOS reaches a model that wants one, and at most
  // one any other.
  PreparedPrompt prepare(const Query& query) const override;
  // Refuses stop tokens that occur in reasoning, and prompts that leave no room in the context. A
  // token limit beyond the context is no error: what cuts it is in warnings().
  void preflight(std::span<const Benchmark> benchmarks, const SamplingSettings& sampling) override;
  void run(std::span<const Benchmark> benchmarks, const SamplingSettings& sampling,
           AttemptSource& source, CompletionSink& sink, std::stop_token stop) override;
  std::int64_t live_tokens() const override;

  // Remarks of preflight() for people.
  const std::vector<std::string>& warnings() const;
  const DecoderSpec& spec() const;
  const ModelFiles& files() const;
  // Zeros before the first run.
  EngineStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Whether a rendered prompt ends in an open thought.
bool ends_in_open_thought(std::string_view prompt);

}  // namespace quorum
