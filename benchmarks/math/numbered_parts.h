// Answers to the parts of a problem, each behind its number: "(1) 6 (2) 12".
#pragma once

#include <string>
#include <string_view>

namespace quorum {

// "P_{1}=6, P_{2}=12" for "(1) 6 (2) 12", "(a) 6; (b) 12" and "\text{(i)} 6 \quad \text{(ii)} 12",
// so that each part stands for itself; the numbers are no factors. Parts that are relations
// ("(1) x=3") stand without a name. Any other text, "(1)(2)" and "(1) + (2)" among them, is given
// back as it is.
std::string number_parts(std::string_view text);

}  // namespace quorum
