// quorum perf engine: a workload's wall time beside the limit.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "cli/device_limits.h"
#include "cli/environment.h"
#include "cli/perf.h"
#include "cli/stdio.h"
#include "engine/cpu/peak.h"
#include "engine/cuda_backend.h"
#include "engine/perf.h"
#include "engine/perf_split.h"
#include "generators/cuda_device.h"
#include "generators/engine_model.h"

namespace quorum::cli {
namespace {

using Json = nlohmann::ordered_json;

std::unique_ptr<Backend> make_backend(const PerfOptions& options, const PerfModel& model) {
  BackendSettings settings;
  settings.device = options.model.device;
  settings.threads = options.model.threads;
  settings.max_batch = options.max_batch;
  settings.kv_memory = options.model.kv_memory;
  settings.swap_memory = options.swap_memory;
  settings.cache = cache_folder();
  settings.overlap = !options.no_overlap && streams_overlap();
  return model.directory.empty() ? random_backend(model.spec, settings)
                                 : load_backend(model.directory, model.spec, settings);
}

PerfWorkload read_workload(const PerfOptions& options, const DecoderSpec& spec) {
  if (options.workload.empty()) return default_perf_workload(spec.vocab);
  return parse_perf_workload(read_file(options.workload), options.workload.string()).take();
}

// What only a run has is null where nothing was run.
Json run_json(const PerfModel& model, const Backend& backend, const EnginePerf& perf) {
  const auto seen = [&](auto value) { return perf.predicted ? Json(nullptr) : Json(value); };
  return {{"model", model.name},
          {"device", backend.description()},
          {"sequences", perf.sequences},
          {"tokens", perf.tokens},
          {"prefill_tokens", seen(perf.prefill_tokens)},
          {"seconds", perf.seconds},
          {"tokens_per_second", perf.tokens_per_second},
          {"decode_rows_per_step", perf.decode_rows_per_step},
          {"occupancy", perf.occupancy},
          {"preemptions", seen(perf.preemptions)},
          {"swaps_out", seen(perf.swaps_out)},
          {"swaps_in", seen(perf.swaps_in)}};
}

std::string run_text(const PerfModel& model, const Backend& backend, const EnginePerf& perf) {
  const auto seen = [&](const std::string& text) { return perf.predicted ? std::string() : text; };
  return fmt::format("model      {}\ndevice     {}\n", model.name, backend.description()) +
         fmt::format("work       {} sequences, {} tokens{}\n", perf.sequences, perf.tokens,
                     seen(fmt::format(", {} of prompts", perf.prefill_tokens))) +
         fmt::format("time       {:.3f} s, {:.0f} tokens/s{}\n", perf.seconds,
                     perf.tokens_per_second,
                     perf.predicted ? ": predicted from some steps, without prompts" : "") +
         fmt::format("batch      {:.1f} rows a step, {:.0f} % of the slots{}\n",
                     perf.decode_rows_per_step, 100 * perf.occupancy,
                     seen(fmt::format(", {} preemptions, {} swapped out, {} in", perf.preemptions,
                                      perf.swaps_out, perf.swaps_in)));
}

int on_cpu(const PerfOptions& options, const PerfModel& model) {
  const std::unique_ptr<Backend> backend = make_backend(options, model);
  const PerfWorkload work = read_workload(options, model.spec);
  // The limit is measured before and after: on a machine that others share it drifts.
  const double before = measure_peak_gflops(options.model.threads);
  const EnginePerf perf = measure_engine(*backend, model.spec, work);
  const double limit = (before + measure_peak_gflops(options.model.threads)) / 2;
  const double achieved = perf.flop_per_second / 1e9;

  if (options.common.json) {
    Json json = run_json(model, *backend, perf);
    json["achieved_gflops"] = achieved;
    json["limit_gflops"] = limit;
    json["share_of_limit"] = achieved / limit;
    write_data({}, json.dump(2) + "\n");
    return 0;
  }
  std::string text = run_text(model, *backend, perf);
  text += fmt::format(
      "achieved   {:.1f} GFLOP/s of {:.1f} that this processor's FMA units can do: {:.0f} %\n",
      achieved, limit, 100 * achieved / limit);
  write_data({}, text);
  return 0;
}

Json kinds_json(const PerfSplit& split) {
  Json kinds = Json::array();
  for (const ProfiledKind& of : split.kinds) {
    kinds.push_back({{"steps", of.kind.steps},
                     {"rows", of.seen.rows},
                     {"context", of.seen.context},
                     {"seconds", of.seen.total_s},
                     {"attention", of.seen.attention_s},
                     {"products", of.seen.products_s},
                     {"sampling", of.seen.sampling_s},
                     {"other", of.seen.other_s},
                     {"attention_beside", of.seen.attention_beside},
                     {"ideal_attention", of.ideal_attention_s},
                     {"ideal_products", of.ideal_products_s}});
  }
  return kinds;
}

Json split_json(const PerfSplit& split) {
  return {{"seconds",
           {{"attention", split.attention_s},
            {"products", split.products_s},
            {"sampling", split.sampling_s},
            {"other", split.other_s},
            {"steps", split.steps_s}}},
          {"loss",
           {{"attention", split.attention_loss_s},
            {"products", split.products_loss_s},
            {"sampling", split.sampling_loss_s},
            {"other", split.other_loss_s},
            {"overlap", split.overlap_loss_s},
            {"gaps", split.gaps_loss_s},
            {"empty_slots", split.empty_slots_loss_s}}},
          {"kinds", kinds_json(split)}};
}

std::string kinds_text(const PerfSplit& split) {
  std::string text =
      "steps         count   rows  context     a step      ideal    share     lost\n";
  for (const ProfiledKind& of : split.kinds) {
    const double loss = of.seen.total_s - of.ideal_s();
    text += fmt::format("          {:9} {:6} {:8} {:7.3f} ms {:7.3f} ms  {:5.1f} % {:6.3f} s{}\n",
                        of.kind.steps, of.seen.rows, of.seen.context, 1e3 * of.seen.total_s,
                        1e3 * of.ideal_s(), 100 * of.ideal_s() / of.seen.total_s,
                        static_cast<double>(of.kind.steps) * loss,
                        of.seen.attention_beside > 0 ? "  attention beside products" : "");
  }
  return text;
}

std::string split_text(const PerfSplit& split, double seconds) {
  const auto line = [&](const char* what, double lost, double seen) {
    return fmt::format("  {:14} {:8.3f} s  {:5.1f} %{}\n", what, lost, 100 * lost / seconds,
                       seen > 0 ? fmt::format("  ({:.3f} s in all)", seen) : "");
  };
  return fmt::format("lost       {:.3f} s against the serial roofline:\n",
                     seconds - split.serial_s) +
         line("attention", split.attention_loss_s, split.attention_s) +
         line("products", split.products_loss_s, split.products_s) +
         line("sampling", split.sampling_loss_s, 0) + line("other kernels", split.other_loss_s, 0) +
         line("overlap", split.overlap_loss_s, 0) + line("gaps", split.gaps_loss_s, 0) +
         line("empty slots", split.empty_slots_loss_s, 0) + kinds_text(split);
}

int on_gpu(const PerfOptions& options, const PerfModel& model, int device) {
  const NamedLimits named = device_limits(device, options.bandwidth, options.flops);
  const std::unique_ptr<Backend> backend = make_backend(options, model);
  const PerfWorkload work = read_workload(options, model.spec);
  EnginePerf perf = options.predict ? predict_engine(*backend, model.spec, work)
                                    : measure_engine(*backend, model.spec, work);
  const DeviceLimits& limits = named.limits;
  const Roofline roofline = workload_roofline(model.spec, work, limits);
  const auto seconds = perf.predicted ? std::nullopt : std::optional(perf.seconds);
  const auto split =
      split_time(*backend, model.spec, perf.steps, seconds, roofline.serial_s, limits);
  if (perf.predicted) {
    if (!split) {
      throw Error(ErrorKind::kUsage, "nothing to predict from",
                  "steps of this size could not be measured", "leave --predict out");
    }
    perf.seconds = split->steps_s;
    perf.tokens_per_second = static_cast<double>(perf.tokens) / perf.seconds;
  }

  if (options.common.json) {
    Json json = run_json(model, *backend, perf);
    json["predicted"] = perf.predicted;
    json["limits"] = {{"bandwidth", limits.read_bytes_per_second},
                      {"flops", limits.flop_per_second},
                      {"measured", limits.measured}};
    json["roofline"] = {{"serial_seconds", roofline.serial_s},
                        {"overlapped_seconds", roofline.overlapped_s},
                        {"share_of_serial", roofline.serial_s / perf.seconds},
                        {"share_of_overlapped", roofline.overlapped_s / perf.seconds}};
    json["split"] = split ? split_json(*split) : Json(nullptr);
    write_data({}, json.dump(2) + "\n");
    return 0;
  }
  std::string text = run_text(model, *backend, perf);
  text +=
      fmt::format("limits     {:.3f} TB/s, {:.0f} TFLOP/s ({})\n",
                  limits.read_bytes_per_second / 1e12, limits.flop_per_second / 1e12, named.origin);
  text += fmt::format("roofline   serial {:.3f} s: {:.1f} % of it; overlapped {:.3f} s: {:.1f} %\n",
                      roofline.serial_s, 100 * roofline.serial_s / perf.seconds,
                      roofline.overlapped_s, 100 * roofline.overlapped_s / perf.seconds);
  if (split) text += split_text(*split, perf.seconds);
  write_data({}, text);
  return 0;
}

}  // namespace

int perf_engine(const PerfOptions& options) {
  const std::optional<int> device = cuda_index(options.model.device);
  if (options.predict && !device) {
    throw Error(ErrorKind::kUsage, "--predict measures steps of a GPU", "the device is the CPU",
                "--device cuda, or leave --predict out");
  }
  if (device) require_cuda_device(*device);
  const PerfModel model = perf_model(options, "models/tiny");
  return device ? on_gpu(options, model, *device) : on_cpu(options, model);
}

}  // namespace quorum::cli
