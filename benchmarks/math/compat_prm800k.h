// The deviations of prm800k's grader, re-expressed from its published rules and measured verdicts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/math/compat.h"

namespace quorum::prm800k {

const std::vector<Deviation>& rules();

// The text that two answers are compared as first: signs, spaces, degrees, "x =" and what stands
// behind \text{ gone, \frac and \sqrt with braces.
std::string bare_text(std::string_view answer);
// The text that is compared next, without LaTeX: "\frac{3}{4}" is "3/4".
std::string plain_text(std::string_view answer);

// Takes commas out of numbers, pass by pass: of groups side by side every second one at a time, so
// that 1,234,567,890 keeps some.
void strip_separators(std::string& text);

bool equal(std::string_view gold, std::string_view prediction, DeviationSet on);

}  // namespace quorum::prm800k
