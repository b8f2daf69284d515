// What the starter code of a problem says of the function that it wants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quorum::code {

struct StarterCode {
  std::string function;                 // the first that it defines; empty: none
  std::vector<std::string> parameters;  // their names in order, without self
  std::string result;  // the annotation of the result, as "List[int]"; may be empty
};

StarterCode parse_starter_code(std::string_view text);

}  // namespace quorum::code
