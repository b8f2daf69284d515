// How a problem is put to the model: named variants, the default is DeepSeek's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/task.h"

namespace quorum {

inline constexpr std::string_view kDefaultPrompt = "deepseek";
inline constexpr std::string_view kDefaultCodePrompt = "code";      // of programming problems
inline constexpr std::string_view kCppPrompt = "code-cpp";          // where all want C++
inline constexpr std::string_view kAnyLanguagePrompt = "code-any";  // where not all want Python
inline constexpr std::string_view kProblemPlaceholder = "{problem}";

struct PromptVariant {
  std::string name;
  std::string description;  // one line: whose protocol it follows and what differs
  std::string system;       // empty: no system message
  std::string user;         // contains kProblemPlaceholder exactly once
};

// All variants, the default first.
const std::vector<PromptVariant>& prompt_variants();
// Throws Error(kUsage) with the list when there is none of this name. An empty name is the default.
const PromptVariant& find_prompt_variant(std::string_view name);
// The messages for one problem. The problem's text is inserted as it is: placeholders in it mean
// nothing.
std::vector<Message> render_prompt(const PromptVariant& variant, std::string_view problem);
// Hex SHA-256 over the variant's texts (not its name or description), with the placeholder in
// place.
std::string prompt_hash(const PromptVariant& variant);

}  // namespace quorum
