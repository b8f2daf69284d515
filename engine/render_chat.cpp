// Prompts from messages, by the rules of the think mode, and their token ids.
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"
#include "engine/chat_template.h"
#include "engine/tokenizer.h"

namespace quorum {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kOpenTag = "<think>", kCloseTag = "</think>";

enum class Thought { kNone, kOpen, kClosed };

std::string_view without_trailing_space(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

// What the last tag in a text says.
Thought last_thought(std::string_view text) {
  const std::size_t open = text.rfind(kOpenTag), close = text.rfind(kCloseTag);
  if (open == std::string_view::npos && close == std::string_view::npos) return Thought::kNone;
  if (open == std::string_view::npos) return Thought::kClosed;
  return close != std::string_view::npos && close > open ? Thought::kClosed : Thought::kOpen;
}

// The state of the thought where the model goes on. `prompt` is what the template adds for the
// generation; the messages before it may speak of thoughts as they like.
Thought thought_at_end(std::string_view text, std::string_view prompt) {
  const std::string_view tail = without_trailing_space(text);
  if (tail.ends_with(kOpenTag)) return Thought::kOpen;
  if (tail.ends_with(kCloseTag)) return Thought::kClosed;
  return last_thought(prompt);
}

// The text without what closes the thought at its end: an empty thought, or the lone end of one;
// nullopt where the thought, which began in `prompt`, has words.
std::optional<std::string> reopened(std::string_view text, std::string_view prompt) {
  const std::string_view closed = without_trailing_space(text);
  if (!closed.ends_with(kCloseTag)) return std::nullopt;
  const std::string_view inside = closed.substr(0, closed.size() - kCloseTag.size());
  const std::string_view head = without_trailing_space(inside);
  if (head.ends_with(kOpenTag)) return std::string(head.substr(0, head.size() - kOpenTag.size()));
  const std::size_t close = prompt.rfind(kCloseTag);
  const bool has_words = last_thought(prompt.substr(0, close)) == Thought::kOpen;
  return has_words ? std::nullopt : std::optional(std::string(inside));
}

Error message_error(std::size_t index, const std::string& because) {
  return Error(ErrorKind::kData, "messages[" + std::to_string(index) + "]", because,
               "a message is an object with role and content");
}

void check_content(std::size_t index, const Json& content) {
  if (content.is_string() || content.is_null()) return;
  if (!content.is_array())
    throw message_error(index, std::string("content is ") + content.type_name() +
                                   ", not a string or a list of parts");
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (!content[i].is_string() && !content[i].is_object())
      throw message_error(index, "content[" + std::to_string(i) + "] is " + content[i].type_name() +
                                     ", not an object with type and text");
  }
}

Json checked_messages(std::string_view text) {
  Json messages = Json::parse(text, nullptr, false);
  if (messages.is_discarded())
    throw Error(ErrorKind::kData, "messages", "malformed JSON",
                "give a list of objects with role and content");
  if (!messages.is_array() || messages.empty())
    throw Error(ErrorKind::kData, "messages",
                messages.is_array() ? "the list is empty" : "not a list",
                "give a list of objects with role and content");
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Json& message = messages[i];
    if (!message.is_object())
      throw message_error(i, std::string("it is ") + message.type_name() + ", not an object");
    if (!message.contains("role") || !message["role"].is_string())
      throw message_error(i, "role is missing or not a string");
    if (message.contains("content"))
      check_content(i, message["content"]);
    else if (!message.contains("tool_calls"))
      throw message_error(i, "content is missing");
  }
  return messages;
}

}  // namespace

Result<ThinkMode> parse_think_mode(std::string_view name) {
  for (const ThinkMode mode :
       {ThinkMode::kAuto, ThinkMode::kForce, ThinkMode::kOff, ThinkMode::kTemplate})
    if (name == think_mode_name(mode)) return mode;
  return Error(ErrorKind::kUsage, "--think " + std::string(name), "no such mode",
               "use auto, force, off or template");
}

std::string think_mode_name(ThinkMode mode) {
  switch (mode) {
    case ThinkMode::kAuto: return "auto";
    case ThinkMode::kForce: return "force";
    case ThinkMode::kOff: return "off";
    case ThinkMode::kTemplate: return "template";
  }
  return {};
}

std::string render_chat(const ChatTemplate& chat_template, const Tokenizer& tokenizer,
                        std::string_view messages_json, ThinkMode think, std::int64_t unix_time) {
  Json variables = {{"messages", checked_messages(messages_json)},
                    {"tools", nullptr},
                    {"documents", nullptr},
                    {"add_generation_prompt", true}};
  if (!tokenizer.bos_text().empty()) variables["bos_token"] = tokenizer.bos_text();
  if (!tokenizer.eos_text().empty()) variables["eos_token"] = tokenizer.eos_text();
  if (think != ThinkMode::kTemplate)
    variables["enable_thinking"] = variables["thinking"] = think != ThinkMode::kOff;
  std::string text = chat_template.render(variables.dump(), unix_time).take();
  if (think == ThinkMode::kTemplate || think == ThinkMode::kOff) return text;

  variables["add_generation_prompt"] = false;
  const Result<std::string> history = chat_template.render(variables.dump(), unix_time);
  const bool extends = history && text.starts_with(history.value());
  const std::string_view prompt =
      extends ? std::string_view(text).substr(history.value().size()) : std::string_view();
  const Thought thought = thought_at_end(text, prompt);
  const std::string opening = std::string(kOpenTag) + "\n";
  if (think == ThinkMode::kAuto) {
    const bool speaks_of_it = chat_template.source().find(kOpenTag) != std::string::npos;
    return thought == Thought::kNone && speaks_of_it ? text + opening : text;
  }
  if (thought == Thought::kOpen) return text;
  if (thought == Thought::kNone) return text + opening;
  if (const auto open = reopened(text, extends ? prompt : text)) return *open + opening;
  throw Error(ErrorKind::kData, "chat template: --think force",
              "the template ends the thought before the model can think", "use --think template");
}

std::vector<std::int32_t> encode_prompt(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::int32_t> ids = tokenizer.encode(text);
  const auto bos = tokenizer.bos_id();
  if (!bos) return ids;
  const auto starts_with_bos = [&](std::size_t index) {
    return ids.size() > index && ids[index] == *bos;
  };
  if (starts_with_bos(0) && starts_with_bos(1))
    throw Error(ErrorKind::kData, "the prompt begins with more than one " + tokenizer.bos_text(),
                "the chat template and the prompt both begin with it",
                "remove it from the prompt: it is added where it is missing");
  if (tokenizer.adds_bos() && !starts_with_bos(0)) ids.insert(ids.begin(), *bos);
  return ids;
}

}  // namespace quorum
