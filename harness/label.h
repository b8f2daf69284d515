// What another grader said about a completion that was made and judged elsewhere.
#pragma once

#include <string>

namespace quorum {

struct Label {
  bool correct = false;
  std::string answer;  // what that grader took for the answer; empty: it does not say
  std::string field;   // where it stood in the file: "exact_match"
};

}  // namespace quorum
