#include "generators/engine_model.h"

#include <algorithm>

#include "base/error.h"
#include "engine/checkpoint.h"
#include "engine/cpu_backend.h"
#include "engine/weights.h"

namespace quorum {
namespace {

bool has_template(const std::filesystem::path& directory, const Tokenizer& tokenizer) {
  return std::filesystem::exists(directory / "chat_template.jinja") ||
         std::filesystem::exists(directory / "chat_template.json") ||
         !tokenizer.config_chat_template().empty();
}

std::unique_ptr<Backend> make_backend(const DecoderSpec& spec, const WeightSource& source,
                                      const BackendSettings& settings) {
  CpuBackendOptions options;
  options.threads = settings.threads;
  options.slots = settings.max_batch;
  options.kv_bytes = settings.kv_memory;
  options.max_positions = settings.max_positions;
  return make_cpu_backend(spec, bind_weights(spec, source), options);
}

void check_device(const std::string& device) {
  if (device == "cpu") return;
  if (device == "cuda" || device.rfind("cuda:", 0) == 0)
    throw Error(ErrorKind::kEnvironment, "--device " + device + " cannot be used",
                "this build has no CUDA backend", "--device cpu");
  throw Error(ErrorKind::kUsage, "--device " + device + " is unknown", "",
              "cpu, cuda or cuda:INDEX");
}

}  // namespace

const ChatTemplate& ModelFiles::require_template() const {
  if (!chat_template)
    throw Error(ErrorKind::kData, directory.string() + " has no chat template",
                "there is no chat_template.jinja, and tokenizer_config.json has no chat_template",
                "generate --raw for a base model, or put the model's chat_template.jinja there");
  return *chat_template;
}

ModelFiles open_model_files(const std::string& model, const std::filesystem::path& hf_home) {
  std::string name = model;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  const std::filesystem::path directory = locate_model(name, hf_home);
  Tokenizer tokenizer = Tokenizer::load(directory);
  std::optional<ChatTemplate> chat_template;
  if (has_template(directory, tokenizer)) chat_template = ChatTemplate::load(directory, tokenizer);
  return {std::move(name), directory, std::move(tokenizer), std::move(chat_template)};
}

std::vector<TokenId> stop_token_ids(const DecoderSpec& spec, const Tokenizer& tokenizer) {
  std::vector<TokenId> ids = spec.eos_ids;
  if (const auto eos = tokenizer.eos_id()) ids.push_back(*eos);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::unique_ptr<Backend> load_backend(const std::filesystem::path& directory,
                                      const DecoderSpec& spec, const BackendSettings& settings) {
  check_device(settings.device);
  const auto source = open_safetensors(directory.string());
  return make_backend(spec, *source, settings);
}

std::unique_ptr<Backend> random_backend(const DecoderSpec& spec, const BackendSettings& settings) {
  check_device(settings.device);
  return make_backend(spec, *make_random_weights(spec, 1), settings);
}

}  // namespace quorum
