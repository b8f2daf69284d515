// Characters beyond ASCII in answers.
#pragma once

#include <string>

namespace quorum {

// Signs, fractions, Greek letters, raised and lowered digits and roots as the LaTeX that they stand
// for; what is not known is kept.
std::string characters_as_latex(std::string text);

}  // namespace quorum
