#include "engine/chat_template.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "engine/jinja/interpreter.h"
#include "engine/jinja/json.h"
#include "engine/jinja/parser.h"
#include "engine/tokenizer.h"

namespace quorum {
namespace {

constexpr std::size_t kMaxTemplateBytes = std::size_t{1} << 20;

Error template_error(const jinja::Failure& failure, std::string hint = {}) {
  std::string where = "chat template";
  if (failure.line > 0) where += ", line " + std::to_string(failure.line);
  return Error(ErrorKind::kData, where, failure.what(), std::move(hint));
}

// The template in a chat_template.json: {"chat_template": text, or a list of {"name", "template"}
// with a "default"}.
std::string from_json_file(const std::filesystem::path& path) {
  const auto json = nlohmann::json::parse(read_file(path, kMaxTemplateBytes), nullptr, false);
  const auto bad = [&](const char* because) {
    return Error(ErrorKind::kData, path.string() + ": field chat_template", because);
  };
  if (!json.is_object() || !json.contains("chat_template"))
    throw bad("the file is not a JSON object with this field");
  const auto& value = json["chat_template"];
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    for (const auto& entry : value) {
      if (entry.is_object() && entry.value("name", nlohmann::json()) == "default" &&
          entry.contains("template") && entry["template"].is_string())
        return entry["template"].get<std::string>();
    }
  }
  throw bad("neither a string nor a list with an entry named \"default\"");
}

}  // namespace

struct ChatTemplate::Impl {
  std::string source;
  jinja::Program program;
};

ChatTemplate::ChatTemplate(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

const std::string& ChatTemplate::source() const { return impl_->source; }

Result<ChatTemplate> ChatTemplate::compile(std::string_view source) {
  if (source.size() > kMaxTemplateBytes)
    return Error(ErrorKind::kData, "chat template", "it is larger than 1 MiB");
  if (!is_valid_utf8(source))
    return Error(ErrorKind::kData, "chat template", "it is not valid UTF-8");
  try {
    auto impl = std::make_unique<Impl>();
    impl->source = source;
    impl->program = jinja::parse(source);
    return ChatTemplate(std::move(impl));
  } catch (const jinja::Failure& failure) {
    return template_error(failure, "prompt without a template (--raw), or correct the template");
  }
}

ChatTemplate ChatTemplate::load(const std::filesystem::path& directory,
                                const Tokenizer& tokenizer) {
  std::filesystem::path path = directory / "chat_template.jinja";
  std::string source;
  if (std::filesystem::exists(path)) {
    source = read_file(path, kMaxTemplateBytes);
  } else if (path = directory / "chat_template.json"; std::filesystem::exists(path)) {
    source = from_json_file(path);
  } else {
    path = directory / "tokenizer_config.json";
    source = tokenizer.config_chat_template();
    if (source.empty())
      throw Error(
          ErrorKind::kData, directory.string() + ": no chat template",
          "neither chat_template.jinja, chat_template.json nor tokenizer_config.json has one",
          "a base model is prompted with --raw");
  }
  Result<ChatTemplate> compiled = compile(source);
  if (!compiled)
    throw Error(ErrorKind::kData, path.string() + ": " + compiled.error().message(),
                compiled.error().because(), compiled.error().hint());
  return std::move(compiled).take();
}

Result<std::string> ChatTemplate::render(std::string_view variables_json,
                                         std::int64_t unix_time) const {
  try {
    const auto variables = jinja::read_json_object(variables_json);
    return jinja::Interpreter(impl_->program, jinja::Limits{}, unix_time, variables).render();
  } catch (const jinja::Failure& failure) {
    return template_error(failure);
  }
}

}  // namespace quorum
