// Loading a model for the verbs that need one without a run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/options.h"
#include "engine/backend.h"
#include "engine/chat_template.h"
#include "generators/engine_model.h"

namespace quorum::cli {

ModelFiles open_files(const ModelOptions& options);
// Where config and weights are, for what needs no tokenizer.
std::filesystem::path model_directory(const ModelOptions& options);
std::unique_ptr<Backend> open_backend(const std::filesystem::path& directory,
                                      const DecoderSpec& spec, const ModelOptions& options,
                                      int slots);
ThinkMode think_mode(const ModelOptions& options);
// The date that templates see, in Unix seconds: --date, else now.
std::int64_t template_time(const ModelOptions& options);

}  // namespace quorum::cli
