// Arguments that may be negative: answers of `quorum math`.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace quorum::cli {

// The arguments behind `verb` with its flags and their values first, then "--" and the others in
// their order, so that -\frac{1}{2} is an answer: what begins with one minus sign is a flag only
// when the verb has a flag of exactly that name. What begins with two is always one, up to "--".
std::vector<std::string> flags_first(const std::vector<std::string>& arguments,
                                     const CLI::App& verb);

}  // namespace quorum::cli
