// The commands of LaTeX in an answer, each in the one spelling that the parser knows.
#pragma once

#include <string>
#include <string_view>

namespace quorum {

// Rewrites commands, dollar signs, ~ and ** from left to right: synonyms become one, spacing and
// sizes go, what \text{…} holds becomes words between kWordsBegin and kWordsEnd (notation.h).
std::string rewrite_commands(std::string_view text);

}  // namespace quorum
