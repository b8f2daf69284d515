// Chat templates: the part of Jinja that published templates use, rendered as transformers renders
// it (trim_blocks, lstrip_blocks, loop controls, its tojson, raise_exception, strftime_now).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace quorum {

class Tokenizer;

// What --think asks for; see docs/PROMPTS.md.
enum class ThinkMode { kAuto, kForce, kOff, kTemplate };
Result<ThinkMode> parse_think_mode(std::string_view name);
std::string think_mode_name(ThinkMode mode);

class ChatTemplate {
 public:
  // Compiles the template. Errors name the line and the construct that is not supported.
  static Result<ChatTemplate> compile(std::string_view source);
  // chat_template.jinja of a directory, else chat_template.json, else the tokenizer's. Throws
  // Error(kData) when there is none: a base model has to be prompted with --raw.
  static ChatTemplate load(const std::filesystem::path& directory, const Tokenizer& tokenizer);

  ChatTemplate(ChatTemplate&&) noexcept;
  ChatTemplate& operator=(ChatTemplate&&) noexcept;
  ~ChatTemplate();

  // Renders with a JSON object of variables: `messages`, `add_generation_prompt`, `bos_token`,
  // `eos_token`, `tools`, and whatever else. `unix_time` is the run's date for strftime_now (UTC).
  // Errors: raise_exception, a type error, or a limit (output 16 MiB, 10 million steps, depth 64).
  Result<std::string> render(std::string_view variables_json, std::int64_t unix_time) const;

  const std::string& source() const;

 private:
  struct Impl;
  explicit ChatTemplate(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The prompt text for JSON messages (`[{"role","content"},…]`) with a generation prompt, by the
// rules of the think mode (CLI reference in docs/). Throws Error(kData) when the template refuses
// the messages.
std::string render_chat(const ChatTemplate& chat_template, const Tokenizer& tokenizer,
                        std::string_view messages_json, ThinkMode think, std::int64_t unix_time);

// Token ids of a rendered or raw prompt with exactly one BOS where the tokenizer wants one: added
// when the text does not begin with it; more than one at the beginning is an Error(kData).
std::vector<std::int32_t> encode_prompt(const Tokenizer& tokenizer, std::string_view text);

}  // namespace quorum
