#include "generators/engine_model.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "engine/checkpoint.h"
#include "engine/cpu_backend.h"
#include "engine/cuda_backend.h"
#include "engine/weights.h"
#include "generators/cuda_device.h"

namespace quorum {
namespace {

bool has_template(const std::filesystem::path& directory, const Tokenizer& tokenizer) {
  return std::filesystem::exists(directory / "chat_template.jinja") ||
         std::filesystem::exists(directory / "chat_template.json") ||
         !tokenizer.config_chat_template().empty();
}

std::unique_ptr<Backend> make_cpu(const DecoderSpec& spec, const WeightSource& source,
                                  const BackendSettings& settings) {
  CpuBackendOptions options;
  options.threads = settings.threads;
  options.slots = settings.max_batch.value_or(BackendSettings::kCpuMaxBatch);
  options.kv_bytes = settings.kv_memory.value_or(BackendSettings::kCpuKvMemory);
  options.swap_bytes = settings.swap_memory.value_or(0);
  options.max_positions = settings.max_positions;
  return make_cpu_backend(spec, bind_weights(spec, source), options);
}

std::int64_t machine_memory() {
  return std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
}

// The options of the GPU that was asked for, which is usable; nothing for the CPU.
std::optional<CudaBackendOptions> cuda_options(const BackendSettings& settings) {
  const std::optional<int> index = cuda_index(settings.device);
  if (!index) return std::nullopt;
  require_cuda_device(*index);
  CudaBackendOptions options;
  options.device = *index;
  options.slots = settings.max_batch.value_or(0);
  options.kv_bytes = settings.kv_memory.value_or(0);
  options.max_positions = settings.max_positions;
  options.swap_bytes = settings.swap_memory.value_or(machine_memory() / 4);
  if (!settings.overlap) options.attention_beside = 0;
  options.cache = settings.cache;
  return options;
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
  const std::optional<CudaBackendOptions> cuda = cuda_options(settings);
  const auto source = open_safetensors(directory.string());
  return cuda ? make_cuda_backend(spec, *source, *cuda) : make_cpu(spec, *source, settings);
}

std::unique_ptr<Backend> random_backend(const DecoderSpec& spec, const BackendSettings& settings) {
  constexpr std::uint64_t kSeed = 1;
  if (const std::optional<CudaBackendOptions> cuda = cuda_options(settings))
    return make_cuda_backend_random(spec, kSeed, *cuda);
  return make_cpu(spec, *make_random_weights(spec, kSeed), settings);
}

}  // namespace quorum
