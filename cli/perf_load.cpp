// quorum perf load: from a checkpoint to the first token beside the copy of its bytes to the GPU.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/environment.h"
#include "cli/perf.h"
#include "cli/stdio.h"
#include "engine/cuda_perf.h"

namespace quorum::cli {

int perf_load(const PerfOptions& options) {
  // The first look at the device starts the driver: that is part of creating the context.
  const auto begin = std::chrono::steady_clock::now();
  const int device = perf_gpu(options);
  const double start_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const PerfModel model = perf_model(options, "models/tiny");
  if (model.directory.empty())
    throw Error(ErrorKind::kUsage, "perf load needs a checkpoint", "random weights are not read",
                "--model DIR");
  CudaBackendOptions backend;
  backend.device = device;
  backend.slots = options.max_batch.value_or(0);
  backend.kv_bytes = options.model.kv_memory.value_or(0);
  backend.cache = cache_folder();
  LoadCost cost = measure_load(model.spec, *open_safetensors(model.directory.string()), backend);
  cost.context_s += start_s;
  const double copy = static_cast<double>(cost.weight_bytes) / measure_copy_bandwidth(device);
  const double total = cost.weights_s + cost.prepare_s + cost.first_token_s;

  if (options.common.json) {
    const nlohmann::ordered_json json{{"model", model.name},
                                      {"weight_bytes", cost.weight_bytes},
                                      {"context_seconds", cost.context_s},
                                      {"weights_seconds", cost.weights_s},
                                      {"prepare_seconds", cost.prepare_s},
                                      {"first_token_seconds", cost.first_token_s},
                                      {"seconds", total},
                                      {"copy_seconds", copy},
                                      {"times_copy", total / copy}};
    write_data({}, json.dump(2) + "\n");
    return 0;
  }
  std::string text = fmt::format("{}: {:.2f} GB of weights\n", model.name,
                                 static_cast<double>(cost.weight_bytes) / 1e9);
  text += fmt::format("context      {:7.3f} s, not counted below\n", cost.context_s);
  text += fmt::format("weights      {:7.3f} s, {:.1f} GB/s\n", cost.weights_s,
                      static_cast<double>(cost.weight_bytes) / 1e9 / cost.weights_s);
  text += fmt::format("preparation  {:7.3f} s\nfirst token  {:7.3f} s\n", cost.prepare_s,
                      cost.first_token_s);
  text += fmt::format(
      "in all       {:7.3f} s, {:.2f} times the {:.3f} s that copying the weights takes\n", total,
      total / copy, copy);
  write_data({}, text);
  return 0;
}

}  // namespace quorum::cli
