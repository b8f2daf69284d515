#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "cli/model.h"
#include "cli/perf.h"
#include "engine/checkpoint.h"
#include "engine/cuda_backend.h"
#include "engine/model_shapes.h"
#include "generators/cuda_device.h"

namespace quorum::cli {
PerfModel perf_model(const PerfOptions& options, const std::string& fallback) {
  const int given = (options.model.model.empty() ? 0 : 1) +
                    (options.random_weights.empty() ? 0 : 1) +
                    (options.model_shape.empty() ? 0 : 1);
  if (given > 1)
    throw Error(ErrorKind::kUsage, "it is not clear what to measure",
                "more than one of --model, --random-weights and --model-shape is given",
                "give one of them");
  if (!options.random_weights.empty()) {
    const std::string file = options.random_weights.string();
    return {file, parse_config(read_file(options.random_weights), file).take(), {}};
  }
  const std::vector<std::string>& shapes = model_shape_names();
  const bool falls_on_shape =
      given == 0 && std::find(shapes.begin(), shapes.end(), fallback) != shapes.end();
  if (!options.model_shape.empty() || falls_on_shape) {
    const std::string name = falls_on_shape ? fallback : options.model_shape;
    return {name, model_shape(name), {}};
  }
  ModelOptions model = options.model;
  if (model.model.empty()) model.model = fallback;
  const std::filesystem::path directory = model_directory(model);
  return {model.model, read_decoder_spec(directory), directory};
}

int perf_gpu(const PerfOptions& options) {
  const std::optional<int> index = cuda_index(options.model.device);
  if (!index)
    throw Error(ErrorKind::kUsage, "perf " + options.action + " measures a GPU",
                "--device " + options.model.device + " is none",
                "--device cuda, or perf engine for the CPU");
  require_cuda_device(*index);
  return *index;
}

}  // namespace quorum::cli
