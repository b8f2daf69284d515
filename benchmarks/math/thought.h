// Where a completion's thought ends.
#pragma once

#include <string_view>

#include "harness/task.h"

namespace quorum {

struct ThoughtSplit {
  std::string_view
      thought;  // what came before the last closing tag, or all of an unfinished thought
  std::string_view final_text;  // what follows the thought; empty when it is unfinished
  bool unfinished = false;      // a thought is open where the text ends
};

// Tags: <think>, <thinking>, <|begin_of_thought|> and their closing forms. The thought is cut at
// the last closing tag; a thought that opens again behind it and stays open is not final text.
// Linear.
ThoughtSplit split_thought(const AnswerText& text);

}  // namespace quorum
