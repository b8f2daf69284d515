// A whole run with a scripted generator, as the command line makes one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/export.h"
#include "harness/plan.h"
#include "harness/runner.h"
#include "harness/store.h"
#include "support/fake_generator.h"

namespace quorum::testing {

struct FakeRun {
  std::vector<Benchmark> benchmarks;
  SamplingSettings sampling;
  int samples = 16;
  std::optional<std::uint64_t> shuffle;
  RunnerOptions options = fast_options();
  Plan plan;  // of the last run

  static RunnerOptions fast_options() {
    RunnerOptions options;
    options.backoff_seconds = 0.001;
    return options;
  }

  RunOutcome run(Store& store, Generator& generator, std::stop_token stop = {}) {
    const auto prompts = prepare_prompts(generator, benchmarks);
    PlanRequest request;
    request.benchmarks = benchmarks;
    request.prompts = prompts;
    request.generator = generator.identity();
    request.sampling = sampling;
    request.samples = samples;
    request.shuffle = shuffle;
    request.think = "auto";
    plan = make_plan(request, &store);
    Runner runner(store, generator, request, plan, options);
    return runner.run(stop);
  }
};

inline std::string export_text(const Store& store) {
  std::string text;
  export_jsonl(store, {}, [&](std::string_view line) { text += line; });
  return text;
}

}  // namespace quorum::testing
