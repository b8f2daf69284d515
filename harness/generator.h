// Where completions come from: the built-in engine, an endpoint, files. The runner knows only this.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "harness/task.h"

namespace quorum {

struct SamplingSettings {
  double temperature = 0.6;
  double top_p = 0.95;
  int max_tokens = 32768;
  std::uint64_t seed = 0;
};

// One sample that is wanted. `key` is the sample key of docs/ARCHITECTURE.md, property 1.
struct Attempt {
  int benchmark = 0;  // index in the run's list
  int query = 0;      // index in the benchmark
  int sample = 0;     // sample index, from 0
  std::uint64_t key = 0;
};

enum class FinishReason { kStop, kLength };
std::string finish_reason_name(FinishReason reason);  // "stop", "length"

struct Completion {
  std::vector<std::int32_t>
      token_ids;     // the stop token included; empty when the generator does not know them
  std::string text;  // without the stop token's text
  FinishReason finish = FinishReason::kStop;
  std::optional<double> logprob_sum;  // natural log, of the untempered distribution
  int tokens = 0;                     // generated, the stop token included
  double seconds = 0;
};

// The infrastructure failed: no completion, retried, never graded.
struct GenerationFailure {
  std::string what;
  bool retryable = true;
};

using AttemptOutcome = std::variant<Completion, GenerationFailure>;

// How one query reaches the model.
struct PreparedPrompt {
  std::string text;                     // rendered; empty when the other side renders
  std::vector<std::int32_t> token_ids;  // empty when unknown
  bool thinking = false;                // it ends in an open thought
};

// What the completions of a generator depend on besides prompt, sampling and sample index.
struct GeneratorIdentity {
  std::string model;  // as reports name it
  std::string
      checkpoint;  // hash of the checkpoint; for endpoints and imports, what stands in for it
  bool checkpoint_sampled = false;
  std::string engine;  // "cpu", "cuda sm_90", "endpoint", "import"
  int tensor_parallel = 1;
  std::string template_hash;  // of the chat template; empty: none
  std::string numerics;       // numerics fingerprint; empty: unknown
  std::string description;    // device and build, for people
  int context = 0;            // tokens; 0: unknown
};

class AttemptSource {
 public:
  virtual ~AttemptSource() = default;
  // The next attempt; nullopt: none are left. Thread-safe.
  virtual std::optional<Attempt> next() = 0;
};

class CompletionSink {
 public:
  virtual ~CompletionSink() = default;
  // Takes an outcome; blocks while the stages behind it are full. Thread-safe.
  virtual void push(const Attempt& attempt, AttemptOutcome outcome) = 0;
};

class Generator {
 public:
  virtual ~Generator() = default;
  virtual GeneratorIdentity identity() const = 0;
  // Throws Error(kData) naming the query when its messages cannot be rendered or exceed the
  // context.
  virtual PreparedPrompt prepare(const Query& query) const = 0;
  // Looks at all queries before anything is generated; throws what would go wrong later.
  virtual void preflight(std::span<const Benchmark> benchmarks,
                         const SamplingSettings& sampling) = 0;
  // Pulls attempts and pushes outcomes until there are none left or a stop is requested; then
  // returns soon, dropping what is in flight.
  virtual void run(std::span<const Benchmark> benchmarks, const SamplingSettings& sampling,
                   AttemptSource& source, CompletionSink& sink, std::stop_token stop) = 0;
  // Tokens generated since run() began, those of unfinished samples included; 0: unknown.
  // Thread-safe; for progress.
  virtual std::int64_t live_tokens() const { return 0; }
};

}  // namespace quorum
