// quorum import: completions that were made elsewhere, stored and graded like our own.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "benchmarks/math/grader.h"
#include "benchmarks/registry.h"
#include "cli/environment.h"
#include "cli/imported.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/programs.h"
#include "cli/results.h"
#include "cli/stdio.h"
#include "harness/manifest.h"
#include "harness/runner.h"
#include "reports/render.h"

namespace quorum::cli {
namespace {

// A known benchmark or a set's file by name; any other name makes a benchmark of the files' own
// problems.
Benchmark benchmark_for(const ImportOptions& options, std::span<const ImportedSample> samples,
                        const std::shared_ptr<Programs>& programs) {
  if (is_benchmark_name(options.benchmark))
    return open_benchmark({options.benchmark,
                           "",
                           data_folders(options.data),
                           std::nullopt,
                           {},
                           {},
                           code_options(options.programs, programs)});
  Benchmark benchmark = benchmark_of_imports(samples, options.benchmark);
  benchmark.grader = make_answer_grader();
  return benchmark;
}

// What other graders said, to where the samples went.
std::vector<NewLabel> labels_of(const ImportMatch& match) {
  std::vector<NewLabel> labels;
  for (std::size_t q = 0; q < match.samples.size(); ++q) {
    for (std::size_t i = 0; i < match.samples[q].size(); ++i) {
      const ImportedSample* sample = match.samples[q][i];
      if (sample != nullptr && sample->label)
        labels.push_back({match.benchmark.queries[q].id, static_cast<int>(i), *sample->label});
    }
  }
  return labels;
}

}  // namespace

int import_verb(const ImportOptions& options) {
  const ImportedFiles read = read_imported(options.files, options.label);
  const auto programs = std::make_shared<Programs>(options.programs);
  const ImportMatch match =
      match_imports(read.samples, benchmark_for(options, read.samples, programs), options.model);
  programs->open_for(match.benchmark.queries);
  const std::vector<NewLabel> labels = labels_of(match);
  remark_skipped(options.common.quiet, read, match.unmatched);
  remark(options.common.quiet,
         fmt::format("{} samples read, {} matched to {} queries of {}, {} with a label, {} rows "
                     "skipped",
                     read.samples.size(), match.matched, match.benchmark.queries.size(),
                     match.benchmark.name, labels.size(),
                     read.problems.size() + match.unmatched.size()));
  if (match.matched == 0)
    throw Error(ErrorKind::kData, "no sample fits a query of " + match.benchmark.name,
                "neither ids nor problem texts agree",
                "another --bench; a new name makes a benchmark of the files' own problems");

  ImportGenerator generator(options.model, match);
  const std::span<const Benchmark> benchmarks(&match.benchmark, 1);
  const SamplingSettings sampling;
  generator.preflight(benchmarks, sampling);
  const auto prompts = prepare_prompts(generator, benchmarks);
  const PlanRequest request{
      benchmarks, prompts, generator.identity(), sampling, match.samples_per_query, std::nullopt,
      "template", ""};
  InterruptWatch interrupt;
  const std::stop_callback end_programs(interrupt.token(), [&] { programs->stop(); });
  Store store = Store::open(options.db, Store::Mode::kWrite);
  const Plan plan = make_plan(request, &store);
  RunnerOptions runner_options;
  runner_options.retries = 0;
  runner_options.manifest_json =
      make_manifest(benchmarks, request.generator, sampling, "template", match.samples_per_query,
                    unix_now(), programs->manifest_json());
  runner_options.grader_threads = programs->threads();
  Runner runner(store, generator, request, plan, runner_options);
  const RunOutcome outcome = runner.run(interrupt.token());
  if (outcome.interrupted) return exit_code(ErrorKind::kInterrupted);
  for (const SettingId setting : outcome.settings) store.put_labels(setting, labels);

  ResultFilter filter;
  filter.settings = outcome.settings;
  const auto rows = summarize_store(store, filter);
  write_data({}, render(rows, options.common.json ? ReportFormat::kJson : ReportFormat::kText));
  if (outcome.ungraded == 0) return 0;
  remark(false, fmt::format("INCOMPLETE: {} samples are not graded", outcome.ungraded));
  for (const std::string& failure : outcome.failures) remark(false, "because: " + failure);
  remark(false, "try: the same command again, or quorum grade");
  return exit_code(ErrorKind::kIncomplete);
}

}  // namespace quorum::cli
