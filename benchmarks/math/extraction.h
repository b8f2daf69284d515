// Finds the answer in a completion. The rules are listed in docs/GRADING.md: the thought is cut
// off, the last box wins, boxes that a list joins belong together, and without a box only a line
// that says "the answer is" counts. The last number of a text is never taken.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/task.h"

namespace quorum {

inline constexpr std::size_t kMaxExtractionBytes = std::size_t{4}
                                                   << 20;  // the end of a longer text is read
inline constexpr std::size_t kMaxAnswerBytes = 4096;       // a longer answer is none

// How doubtful an extraction is.
enum class WarningLevel {
  kNone,
  kNote,     // an unusual form, the reading is clear
  kWarning,  // a person might read another answer
};

const char* warning_level_name(WarningLevel level);  // "none", "note", "warning"

struct Extraction {
  std::optional<std::string> answer;
  bool from_think = false;  // the final text held none, it is the last box of the closed thought
  WarningLevel level = WarningLevel::kNone;
  // With an answer: "" or why it is doubtful: "from_think", "answer_line", "framed_line",
  // "joined_boxes", "earlier_box", "label_after_box", "several_boxes", "unbraced_box". Without one,
  // why not: "unfinished_thought", "unfinished_thought_with_box", "unbalanced_box", "empty_box",
  // "answer_too_long", "cut_answer_line", "no_answer".
  std::string reason;
  // What a lenient reading takes from a thought that never closed; such a sample has no answer all
  // the same.
  std::optional<std::string> lenient;
  std::size_t steps = 0;  // bytes looked at, for tests of linearity
};

Extraction extract_answer(const AnswerText& text);

// The same for text that is known to be final: no thought is looked for.
Extraction extract_final_answer(std::string_view final_text, bool truncated);

// Tidies what a box or an answer line holds: white space and spacing commands at the ends, a
// leading "The answer is", math delimiters around it, trailing punctuation, \displaystyle, colour
// and box commands around all of it.
std::string tidy_answer(std::string_view content);

}  // namespace quorum
