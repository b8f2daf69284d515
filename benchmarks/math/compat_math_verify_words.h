// Words as Math-Verify compares them: products of letters, or names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quorum::math_verify {

struct Word {
  std::string name;
  bool marked = false;  // it stands in \text{…}
};
// LaTeX that is nothing but a word or several, in brackets or not; nullopt: it is not.
std::optional<Word> word_of(std::string_view text);

bool same_words(const Word& a, const Word& b);

}  // namespace quorum::math_verify
