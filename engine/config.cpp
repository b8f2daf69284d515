// config.json and generation_config.json → DecoderSpec.
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "engine/checkpoint.h"
#include "engine/models/architecture.h"

namespace quorum {
namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{16} << 20;

std::string supported_names() {
  std::vector<std::string> names;
  for (const Architecture* known : architectures()) names.emplace_back(known->name);
  return join(names, ", ");
}

const char* kOtherModelHint =
    "choose a model of a supported architecture, or serve this one with an OpenAI-compatible "
    "server and evaluate it with --model openai:URL#NAME";

const Architecture& find_architecture(const ConfigReader& config) {
  const std::vector<std::string> names = config.texts("architectures");
  const std::string type = config.text_or("model_type", "");
  for (const Architecture* known : architectures()) {
    if (names.empty() ? known->model_type != type : known->name != names.front()) continue;
    if (!type.empty() && type != known->model_type)
      throw config.refuse("model_type",
                          "architectures says " + std::string(known->name) +
                              ", whose model type is " + std::string(known->model_type),
                          "fetch config.json again from where the checkpoint is published");
    return *known;
  }
  throw config.refuse(names.empty() ? "model_type" : "architectures",
                      "supported are " + supported_names(), kOtherModelHint);
}

}  // namespace

Result<DecoderSpec> parse_config(std::string_view json, const std::string& file) {
  try {
    const ConfigReader config(json, file);
    const Architecture& architecture = find_architecture(config);
    DecoderSpec spec = architecture.parse(config);
    spec.architecture = architecture.name;
    return spec;
  } catch (const Error& error) {
    return error;
  }
}

Result<DecoderSpec> parse_generation_config(std::string_view json, const std::string& file,
                                            const DecoderSpec& from) {
  try {
    const ConfigReader config(json, file);
    DecoderSpec spec = from;
    const auto inside = [&](const char* field) {
      std::vector<TokenId> ids = config.token_ids(field);
      std::erase_if(ids, [&](TokenId id) { return id >= spec.vocab; });
      return ids;
    };
    if (const auto eos = inside("eos_token_id"); !eos.empty()) spec.eos_ids = eos;
    if (const auto bos = inside("bos_token_id"); !bos.empty()) spec.bos_id = bos.front();
    return spec;
  } catch (const Error& error) {
    return error;
  }
}

DecoderSpec read_decoder_spec(const std::filesystem::path& directory) {
  const auto config = directory / "config.json", generation = directory / "generation_config.json";
  if (!std::filesystem::exists(config))
    throw Error(ErrorKind::kData, "no config.json in " + directory.string(),
                "a checkpoint in the Hugging Face layout has config.json, tokenizer.json and "
                "model.safetensors",
                "pass the directory that holds these files");
  DecoderSpec spec = parse_config(read_file(config, kMaxConfigBytes), config.string()).take();
  if (std::filesystem::exists(generation))
    spec =
        parse_generation_config(read_file(generation, kMaxConfigBytes), generation.string(), spec)
            .take();
  return spec;
}

}  // namespace quorum
