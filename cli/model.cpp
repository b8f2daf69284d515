#include "cli/model.h"

#include "base/error.h"
#include "cli/environment.h"
#include "engine/checkpoint.h"

namespace quorum::cli {

ModelFiles open_files(const ModelOptions& options) {
  return open_model_files(options.model, hugging_face_home());
}

std::filesystem::path model_directory(const ModelOptions& options) {
  return locate_model(options.model, hugging_face_home());
}

std::unique_ptr<Backend> open_backend(const std::filesystem::path& directory,
                                      const DecoderSpec& spec, const ModelOptions& options,
                                      int slots) {
  BackendSettings settings;
  settings.device = options.device;
  settings.threads = options.threads;
  settings.max_batch = slots;
  settings.kv_memory = options.kv_memory;
  settings.cache = cache_folder();
  settings.overlap = streams_overlap();
  return load_backend(directory, spec, settings);
}

ThinkMode think_mode(const ModelOptions& options) { return parse_think_mode(options.think).take(); }

std::int64_t template_time(const ModelOptions& options) {
  if (options.date.empty()) return unix_now();
  if (const auto time = parse_date(options.date)) return *time;
  throw Error(ErrorKind::kUsage, "--date " + options.date + " is no date", "",
              "YYYY-MM-DD, such as 2025-01-20");
}

}  // namespace quorum::cli
