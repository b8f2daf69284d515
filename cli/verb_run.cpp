// quorum run: generate what is missing, grade it, print the report.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "benchmarks/registry.h"
#include "cli/environment.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/results.h"
#include "cli/size.h"
#include "cli/stdio.h"
#include "engine/chat_template.h"
#include "engine/cpu/peak.h"
#include "generators/engine_generator.h"
#include "harness/manifest.h"
#include "harness/progress.h"
#include "harness/runner.h"
#include "reports/render.h"

namespace quorum::cli {
namespace {

void check(const RunSpec& spec) {
  if (spec.model.empty())
    throw Error(ErrorKind::kUsage, "--model is missing", "",
                "--model DIR, or --model models/tiny for the embedded checkpoint");
  if (spec.benchmarks.empty())
    throw Error(ErrorKind::kUsage, "--bench is missing", "", "--bench mini, or quorum data list");
  if (spec.model.rfind("openai:", 0) == 0)
    throw Error(ErrorKind::kUsage, "--model " + spec.model + " cannot be used",
                "this build has no endpoint generator",
                "a checkpoint folder, or quorum import for completions made elsewhere");
  if (const auto error = check_run_spec(spec)) throw *error;
}

std::vector<Benchmark> open_benchmarks(const RunSpec& spec) {
  std::vector<Benchmark> benchmarks;
  for (const std::string& name : spec.benchmarks) {
    benchmarks.push_back(
        open_benchmark({name, spec.prompt, data_folders(spec.data), spec.limit, spec.ids}));
    for (std::size_t i = 0; i + 1 < benchmarks.size(); ++i)
      if (benchmarks[i].name == benchmarks.back().name)
        throw Error(ErrorKind::kUsage, "--bench names " + benchmarks.back().name + " twice", "",
                    "name each benchmark once");
  }
  return benchmarks;
}

EngineGenerator open_generator(const RunSpec& spec, bool load_weights) {
  EngineGeneratorOptions options;
  options.backend.device = spec.device;
  options.backend.threads = spec.threads;
  options.backend.max_batch = spec.max_batch;
  options.backend.kv_memory = spec.kv_memory;
  options.think = parse_think_mode(spec.think).take();
  options.unix_time = *parse_date(spec.date);
  options.load_weights = load_weights;
  return EngineGenerator(open_model_files(spec.model, hugging_face_home()), options);
}

// Half of the processor's floating-point peak, measured now, over the products of one token: what
// long runs come near to.
double expected_tokens_per_second(const DecoderSpec& spec, int threads) {
  return 0.5 * measure_peak_gflops(threads) * 1e9 /
         (2.0 * static_cast<double>(spec.matmul_macs_per_token()));
}

// What a run would do, without doing it.
int print_plan(const RunOptions& options, const Plan& plan, const EngineGenerator& generator) {
  const GeneratorIdentity identity = generator.identity();
  const double tokens = plan.expected_tokens();
  const double rate = expected_tokens_per_second(generator.spec(), options.spec.threads);
  const auto kv = static_cast<double>(options.spec.kv_memory);
  if (options.common.json) {
    const nlohmann::ordered_json json{{"model", identity.model},
                                      {"attempts", plan.attempts.size()},
                                      {"stored", plan.stored.size()},
                                      {"expected_tokens", tokens},
                                      {"tokens_per_attempt", plan.tokens_per_attempt},
                                      {"expectation", plan.expectation},
                                      {"kv_memory", options.spec.kv_memory},
                                      {"expected_tokens_per_second", rate},
                                      {"expected_seconds", tokens / rate}};
    write_data({}, json.dump(2) + "\n");
    return 0;
  }
  std::string text = fmt::format("model      {}\n", identity.model);
  text += fmt::format("attempts   {} to make, {} stored already\n", plan.attempts.size(),
                      plan.stored.size());
  text += fmt::format("tokens     about {}: {:.0f} a sample ({})\n", count_text(tokens),
                      plan.tokens_per_attempt, plan.expectation);
  text +=
      fmt::format("memory     at most {} for the KV cache, beside the weights\n", format_size(kv));
  text += fmt::format(
      "time       about {}, at half of this processor's floating-point peak ({} tokens/s)\n",
      duration_text(tokens / rate), count_text(rate));
  write_data({}, text);
  return 0;
}

int finish(const RunOptions& options, const RunOutcome& outcome, const Store& store) {
  if (outcome.interrupted) {
    remark(false, fmt::format("interrupted: {} of {} samples are stored in {}\nresume with: {}",
                              outcome.reused + outcome.generated, outcome.wanted,
                              options.spec.db.string(), options.command));
    return exit_code(ErrorKind::kInterrupted);
  }
  ResultFilter filter;
  filter.settings = outcome.settings;
  const std::vector<SummaryRow> rows = summarize_store(store, filter);
  write_data({}, render(rows, options.common.json ? ReportFormat::kJson : ReportFormat::kText));
  if (outcome.complete()) return 0;
  remark(false, fmt::format("INCOMPLETE: {} samples are missing and {} not graded after retries",
                            outcome.missing, outcome.ungraded));
  for (const std::string& failure : outcome.failures) remark(false, "because: " + failure);
  remark(false,
         "try: the same command again, which makes only what is missing: " + options.command);
  return exit_code(ErrorKind::kIncomplete);
}

}  // namespace

int run_verb(const RunOptions& options) {
  const RunSpec& spec = options.spec;
  check(spec);
  const std::vector<Benchmark> benchmarks = open_benchmarks(spec);
  EngineGenerator generator = open_generator(spec, !options.dry_run);
  generator.preflight(benchmarks, spec.sampling);
  for (const std::string& warning : generator.warnings())
    remark(options.common.quiet, "note: " + warning);

  const auto prompts = prepare_prompts(generator, benchmarks);
  PlanRequest request{benchmarks,   prompts,      generator.identity(), spec.sampling,
                      spec.samples, spec.shuffle, spec.think,           spec.published_as};
  if (options.dry_run) {
    std::optional<Store> store;
    if (std::filesystem::exists(spec.db)) store = Store::open(spec.db, Store::Mode::kRead);
    const Plan plan = make_plan(request, store ? &*store : nullptr);
    return print_plan(options, plan, generator);
  }

  InterruptWatch interrupt;
  Store store = Store::open(spec.db, Store::Mode::kWrite);
  for (const std::string& warning : store.warnings())
    remark(options.common.quiet, "note: " + warning);
  const Plan plan = make_plan(request, &store);
  RunnerOptions runner_options;
  runner_options.allow_mixed = spec.allow_mixed;
  runner_options.spec_json = to_json(spec);
  runner_options.manifest_json = make_manifest(benchmarks, request.generator, spec.sampling,
                                               spec.think, spec.samples, unix_now());
  Runner runner(store, generator, request, plan, runner_options);

  SteadyClock clock;
  StderrTerminal terminal;
  ProgressPrinter printer(clock, terminal, wants_color(STDERR_FILENO, options.common.no_color));
  RunOutcome outcome;
  {
    std::optional<ProgressThread> progress;
    if (!options.common.quiet) progress.emplace(printer, [&] { return runner.progress(); });
    outcome = runner.run(interrupt.token());
  }
  if (!options.common.quiet) printer.finish(runner.progress());
  return finish(options, outcome, store);
}

}  // namespace quorum::cli
