// The answer of a text without a box: the last line that says "the answer is".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quorum {

struct AnswerLine {
  std::string answer;
  bool is_final = false;  // the label says "final answer"
  bool cut = false;       // the text ends where the answer ends: a token limit may have cut it
  bool broken = false;    // and it does so inside of a group or the name of a command
};

// The last "final answer is", "final answer:", "answer is" or "答案是" (case-insensitive, Markdown
// emphasis ignored) with something behind it on its line, or alone on the next line with text; also
// a heading "Final Answer" with such a line below it. Of a sentence the formula or the words up to
// a reason ("because …") count; a label that denies ("the answer is not 5") is none. Linear.
std::optional<AnswerLine> find_answer_line(std::string_view text);

}  // namespace quorum
