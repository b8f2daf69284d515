// quorum import: completions that were made elsewhere, stored and graded like our own.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "benchmarks/math/grader.h"
#include "benchmarks/registry.h"
#include "cli/environment.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/results.h"
#include "cli/stdio.h"
#include "generators/import_file.h"
#include "generators/import_generator.h"
#include "harness/manifest.h"
#include "harness/runner.h"
#include "reports/render.h"

namespace quorum::cli {
namespace {

constexpr std::size_t kShown = 10;

struct ReadFiles {
  std::vector<ImportedSample> samples;
  std::vector<ImportProblem> problems;
};

ReadFiles read_files(const std::vector<std::filesystem::path>& paths) {
  ReadFiles all;
  for (const auto& path : paths) {
    ImportFile file = read_import_file(path).take();
    std::move(file.samples.begin(), file.samples.end(), std::back_inserter(all.samples));
    std::move(file.problems.begin(), file.problems.end(), std::back_inserter(all.problems));
  }
  return all;
}

// A known benchmark or a set's file by name; any other name makes a benchmark of the files' own
// problems.
Benchmark benchmark_for(const ImportOptions& options, std::span<const ImportedSample> samples) {
  const auto names = benchmark_names();
  const std::string stem = options.benchmark.substr(0, options.benchmark.find(':'));
  const bool file =
      options.benchmark.size() > 5 && options.benchmark.find(".json") != std::string::npos;
  if (file || std::find(names.begin(), names.end(), stem) != names.end())
    return open_benchmark({options.benchmark, "", data_folders(options.data), std::nullopt, {}});
  Benchmark benchmark = benchmark_of_imports(samples, options.benchmark);
  benchmark.grader = make_answer_grader();
  return benchmark;
}

void remark_problems(const ImportOptions& options, const ReadFiles& read,
                     const ImportMatch& match) {
  for (std::size_t i = 0; i < std::min(kShown, read.problems.size()); ++i) {
    const ImportProblem& p = read.problems[i];
    remark(options.common.quiet,
           fmt::format("skipped {}: row {}{}: {}", p.file, p.row,
                       p.field.empty() ? "" : ": field \"" + p.field + "\"", p.what));
  }
  for (std::size_t i = 0; i < std::min(kShown, match.unmatched.size()); ++i)
    remark(options.common.quiet, fmt::format("skipped {}: row {}: {}", match.unmatched[i].file,
                                             match.unmatched[i].row, match.unmatched[i].why));
  remark(options.common.quiet,
         fmt::format("{} samples read, {} matched to {} queries of {}, {} rows skipped",
                     read.samples.size(), match.matched, match.benchmark.queries.size(),
                     match.benchmark.name, read.problems.size() + match.unmatched.size()));
}

}  // namespace

int import_verb(const ImportOptions& options) {
  const ReadFiles read = read_files(options.files);
  const ImportMatch match =
      match_imports(read.samples, benchmark_for(options, read.samples), options.model);
  remark_problems(options, read, match);
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
  Store store = Store::open(options.db, Store::Mode::kWrite);
  const Plan plan = make_plan(request, &store);
  RunnerOptions runner_options;
  runner_options.retries = 0;
  runner_options.manifest_json = make_manifest(benchmarks, request.generator, sampling, "template",
                                               match.samples_per_query, unix_now());
  Runner runner(store, generator, request, plan, runner_options);
  const RunOutcome outcome = runner.run(interrupt.token());
  if (outcome.interrupted) return exit_code(ErrorKind::kInterrupted);

  ResultFilter filter;
  filter.settings = outcome.settings;
  const auto rows = summarize_store(store, filter);
  write_data({}, render(rows, options.common.json ? ReportFormat::kJson : ReportFormat::kText));
  return 0;
}

}  // namespace quorum::cli
