// quorum perf: achieved speed beside the machine's limit.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "cli/model.h"
#include "cli/options.h"
#include "cli/stdio.h"
#include "engine/checkpoint.h"
#include "engine/cpu/peak.h"
#include "engine/perf.h"

namespace quorum::cli {

int perf_verb(const PerfOptions& options) {
  BackendSettings settings;
  settings.device = options.model.device;
  settings.threads = options.model.threads;
  settings.max_batch = options.max_batch;
  settings.kv_memory = options.model.kv_memory;

  DecoderSpec spec;
  std::unique_ptr<Backend> backend;
  std::string model;
  if (!options.random_weights.empty()) {
    model = options.random_weights.string();
    spec = parse_config(read_file(options.random_weights), model).take();
    backend = random_backend(spec, settings);
  } else {
    ModelOptions named = options.model;
    if (named.model.empty()) named.model = "models/tiny";
    const ModelFiles files = open_files(named);
    model = files.name;
    spec = read_decoder_spec(files.directory);
    backend = load_backend(files.directory, spec, settings);
  }
  const PerfWorkload work =
      options.workload.empty()
          ? default_perf_workload(spec.vocab)
          : parse_perf_workload(read_file(options.workload), options.workload.string()).take();

  // The limit is measured before and after: on a machine that others share it drifts.
  const double before = measure_peak_gflops(options.model.threads);
  const EnginePerf perf = measure_engine(*backend, spec, work);
  const double limit = (before + measure_peak_gflops(options.model.threads)) / 2;
  const double achieved = perf.flop_per_second / 1e9;

  if (options.common.json) {
    const nlohmann::ordered_json json{{"model", model},
                                      {"device", backend->description()},
                                      {"sequences", perf.sequences},
                                      {"tokens", perf.tokens},
                                      {"prefill_tokens", perf.prefill_tokens},
                                      {"seconds", perf.seconds},
                                      {"tokens_per_second", perf.tokens_per_second},
                                      {"decode_rows_per_step", perf.decode_rows_per_step},
                                      {"occupancy", perf.occupancy},
                                      {"preemptions", perf.preemptions},
                                      {"achieved_gflops", achieved},
                                      {"limit_gflops", limit},
                                      {"share_of_limit", achieved / limit}};
    write_data({}, json.dump(2) + "\n");
    return 0;
  }
  std::string text = fmt::format("model      {}\ndevice     {}\n", model, backend->description());
  text += fmt::format("work       {} sequences, {} tokens, {} of prompts\n", perf.sequences,
                      perf.tokens, perf.prefill_tokens);
  text +=
      fmt::format("time       {:.3f} s, {:.0f} tokens/s\n", perf.seconds, perf.tokens_per_second);
  text += fmt::format("batch      {:.1f} rows a step, {:.0f} % of the slots, {} preemptions\n",
                      perf.decode_rows_per_step, 100 * perf.occupancy, perf.preemptions);
  text += fmt::format(
      "achieved   {:.1f} GFLOP/s of {:.1f} that this processor's FMA units can do: {:.0f} %\n",
      achieved, limit, 100 * achieved / limit);
  write_data({}, text);
  return 0;
}

}  // namespace quorum::cli
