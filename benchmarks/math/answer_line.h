// The answer of a text without a box: the last line that says "the answer is".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quorum {

struct AnswerLine {
  std::string answer;
  bool cut = false;  // the text ends where the answer ends: a token limit may have cut it
};

// The last "final answer is", "final answer:", "answer is" or "答案是" (case-insensitive, Markdown
// emphasis ignored) with something behind it on its line, or alone on the next line with text.
// Linear.
std::optional<AnswerLine> find_answer_line(std::string_view text);

// Where the last such label begins; npos: none.
std::size_t last_answer_label(std::string_view text);

}  // namespace quorum
