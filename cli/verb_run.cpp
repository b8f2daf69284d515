// quorum run: generate what is missing, grade it, print the report.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "benchmarks/registry.h"
#include "cli/device_limits.h"
#include "cli/environment.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/programs.h"
#include "cli/results.h"
#include "cli/size.h"
#include "cli/stdio.h"
#include "engine/chat_template.h"
#include "engine/cpu/peak.h"
#include "engine/cuda_backend.h"
#include "generators/cuda_device.h"
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

std::vector<Benchmark> open_benchmarks(const RunSpec& spec,
                                       const code::CodeGraderOptions& programs) {
  std::vector<Benchmark> benchmarks;
  for (const std::string& name : spec.benchmarks) {
    benchmarks.push_back(open_benchmark({name,
                                         spec.prompt,
                                         data_folders(spec.data),
                                         spec.limit,
                                         spec.ids,
                                         {parse_policy(spec.policy).take()},
                                         programs}));
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
  options.backend.swap_memory = spec.swap_memory;
  options.backend.overlap = !spec.no_overlap && streams_overlap();
  options.backend.cache = cache_folder();
  options.think = parse_think_mode(spec.think).take();
  options.unix_time = *parse_date(spec.date);
  options.load_weights = load_weights;
  return EngineGenerator(open_model_files(spec.model, hugging_face_home()), options);
}

struct Expectation {
  double tokens_per_second = 0;
  std::string basis;                      // what it is derived from
  std::optional<std::int64_t> kv_memory;  // bytes; nothing: what is free on the GPU
};

// The processor's floating-point peak is measured now, over the products of one token; long runs
// come near to half of it.
Expectation expect_on_cpu(const RunSpec& spec, const DecoderSpec& decoder) {
  return {0.5 * measure_peak_gflops(spec.threads) * 1e9 /
              (2.0 * static_cast<double>(decoder.matmul_macs_per_token())),
          "half of this processor's floating-point peak",
          spec.kv_memory.value_or(BackendSettings::kCpuKvMemory)};
}

// A step of 256 sequences that are half done, at three quarters of the serial roofline.
Expectation expect_on_gpu(const RunSpec& spec, const DecoderSpec& decoder, int device,
                          double tokens_per_attempt) {
  const DeviceLimits limits = device_limits(device, 0, 0).limits;
  const int rows = spec.max_batch.value_or(256);
  const double step =
      ideal_products_s(decoder, rows, limits) +
      ideal_read_s(kv_bytes_per_token(decoder) * rows * tokens_per_attempt / 2, limits);
  return {0.75 * rows / step, "three quarters of this GPU's roofline", spec.kv_memory};
}

// What a run would do, without doing it.
int print_plan(const RunOptions& options, const Plan& plan, const EngineGenerator& generator) {
  const GeneratorIdentity identity = generator.identity();
  const double tokens = plan.expected_tokens();
  const std::optional<int> gpu = cuda_index(options.spec.device);
  if (gpu) require_cuda_device(*gpu);
  const Expectation expected =
      gpu ? expect_on_gpu(options.spec, generator.spec(), *gpu, plan.tokens_per_attempt)
          : expect_on_cpu(options.spec, generator.spec());
  const double rate = expected.tokens_per_second;
  if (options.common.json) {
    using Json = nlohmann::ordered_json;
    const Json json{{"model", identity.model},
                    {"attempts", plan.attempts.size()},
                    {"stored", plan.stored.size()},
                    {"expected_tokens", tokens},
                    {"tokens_per_attempt", plan.tokens_per_attempt},
                    {"expectation", plan.expectation},
                    {"kv_memory", expected.kv_memory ? Json(*expected.kv_memory) : Json(nullptr)},
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
  text += fmt::format("memory     {} for the KV cache, beside the weights\n",
                      expected.kv_memory
                          ? "at most " + format_size(static_cast<double>(*expected.kv_memory))
                          : "what is free on the GPU");
  text += fmt::format("time       about {}, at {} ({} tokens/s)\n", duration_text(tokens / rate),
                      expected.basis, count_text(rate));
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
  if (options.generate_only && outcome.complete()) {
    remark(options.common.quiet,
           fmt::format("{} samples are stored in {}, not graded\ntry: quorum grade --db {}",
                       outcome.reused + outcome.generated, options.spec.db.string(),
                       options.spec.db.string()));
    return 0;
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
  const auto programs = std::make_shared<Programs>(spec.programs);
  const std::vector<Benchmark> benchmarks =
      open_benchmarks(spec, code_options(spec.programs, programs));
  // Where programs cannot be run, nothing is generated that would then wait for a grade.
  if (!options.dry_run && !options.generate_only)
    for (const Benchmark& benchmark : benchmarks) programs->open_for(benchmark.queries);
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
  const std::stop_callback end_programs(interrupt.token(), [&] { programs->stop(); });
  Store store = Store::open(spec.db, Store::Mode::kWrite);
  for (const std::string& warning : store.warnings())
    remark(options.common.quiet, "note: " + warning);
  const Plan plan = make_plan(request, &store);
  RunnerOptions runner_options;
  runner_options.allow_mixed = spec.allow_mixed;
  runner_options.spec_json = to_json(spec);
  runner_options.manifest_json =
      make_manifest(benchmarks, request.generator, spec.sampling, spec.think, spec.samples,
                    unix_now(), programs->manifest_json());
  runner_options.grader_threads = programs->threads();
  runner_options.grade = !options.generate_only;
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
