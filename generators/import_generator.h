// Imported completions as a Generator, so that they take the same way into the store as generated
// ones.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "generators/import_file.h"
#include "harness/generator.h"

namespace quorum {

struct UnmatchedSample {
  std::string file;
  int row = 0;
  std::string why;
};

// Which imported sample answers which query.
struct ImportMatch {
  Benchmark benchmark;  // the queries that were answered, in the benchmark's order; `partial` when
                        // that is not all
  std::vector<std::vector<const ImportedSample*>>
      samples;                // per query, by sample index; null where there is none
  int samples_per_query = 0;  // the largest index + 1
  std::size_t matched = 0;
  std::vector<UnmatchedSample>
      unmatched;  // rows that fit no query, or a place that is taken by another text
};

// Finds each sample's query: by id, else by the problem's text inside the query's messages (white
// space normalised; what stands before and after it must be what all queries share: the prompt).
// Samples without an index are counted in their order. Rows that name another benchmark are
// unmatched; so are those of other models, when the rows name several models and `model` is one of
// them. Borrows `samples`.
ImportMatch match_imports(std::span<const ImportedSample> samples, const Benchmark& benchmark,
                          const std::string& model);

// A benchmark of the problems and gold answers that the samples bring along: the problem is the
// whole message, the answers are mathematical, the order is the files'. The caller sets the grader.
// Throws Error(kData) naming the row when a problem or a gold answer is missing or two rows give
// one problem different ones.
Benchmark benchmark_of_imports(std::span<const ImportedSample> samples, const std::string& name);

class ImportGenerator : public Generator {
 public:
  // Borrows the match and the samples behind it. `model`: as reports name it.
  ImportGenerator(std::string model, const ImportMatch& match);

  GeneratorIdentity identity() const override;
  PreparedPrompt prepare(const Query& query) const override;
  void preflight(std::span<const Benchmark> benchmarks, const SamplingSettings& sampling) override;
  // A place without a sample is a failure that is not retried.
  void run(std::span<const Benchmark> benchmarks, const SamplingSettings& sampling,
           AttemptSource& source, CompletionSink& sink, std::stop_token stop) override;

 private:
  std::string model_;
  const ImportMatch& match_;
};

}  // namespace quorum
