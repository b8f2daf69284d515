// Chat templates: any text either compiles or is refused, and what compiles renders within its
// limits or fails.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "engine/jinja/interpreter.h"
#include "engine/jinja/json.h"
#include "engine/jinja/parser.h"

namespace {

constexpr std::string_view kVariables = R"({
  "messages": [
    {"role": "system", "content": "Be brief, \"please\". <b>&</b>"},
    {"role": "user", "content": "What is 17 * 23? \u00e9\ud83e\uddee"},
    {"role": "assistant", "content": "<think>\nabc\n</think>\n\nIt is 391.", "reasoning_content": null},
    {"role": "assistant", "content": null, "tool_calls": [{"type": "function", "function":
      {"name": "f", "arguments": {"a": 1, "b": [2.5, true, null]}}}]},
    {"role": "tool", "content": [{"type": "text", "text": "391"}]},
    {"role": "user", "content": ""}],
  "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
  "add_generation_prompt": true, "bos_token": "<s>", "eos_token": "</s>", "enable_thinking": true})";

// Small enough that no input takes long.
constexpr quorum::jinja::Limits kLimits{.steps = 200'000, .output_bytes = std::size_t{1} << 20};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source =
      quorum::sanitize_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  static const auto variables = quorum::jinja::read_json_object(kVariables);
  try {
    const quorum::jinja::Program program = quorum::jinja::parse(source);
    std::array<std::string, 2> outputs;
    for (std::string& output : outputs)
      output = quorum::jinja::Interpreter(program, kLimits, 1718454896, variables).render();
    if (outputs[0] != outputs[1] || !quorum::is_valid_utf8(outputs[0])) std::abort();
  } catch (const quorum::jinja::Failure&) {
  }
  return 0;
}
