#include "benchmarks/math/compat_math_verify_words.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum::math_verify {
namespace {

// Letters as the parser has them: case is folded but for I and E, a "d" takes the next letter.
std::vector<std::string> letters_of(std::string_view word) {
  std::vector<std::string> letters;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] == ' ') continue;
    std::string letter(1, word[at]);
    if (letter == "d" && at + 1 < word.size() && is_letter(word[at + 1])) letter += word[++at];
    if (letter != "E" && letter != "I") letter = to_lower_ascii(letter);
    letters.push_back(letter);
  }
  std::sort(letters.begin(), letters.end());
  return letters;
}

bool plain_letters(std::string_view text) {
  for (const char c : text)
    if (!is_letter(c) && c != ' ') return false;
  return !text.empty();
}

}  // namespace

std::optional<Word> word_of(std::string_view text) {
  text = trim(text);
  if (text.size() > 2 && text.front() == '(' && group_end(text, 0) == text.size())
    text = trim(text.substr(1, text.size() - 2));
  Word word;
  if (starts_with(text, "\\text{") && group_end(text, 5) == text.size()) {
    word.marked = true;
    for (const char c : text.substr(6, text.size() - 7))
      if (c != ' ' && c != '(' && c != ')') word.name += c;
    word.name = to_lower_ascii(word.name);
    bool letters = false;
    for (const char c : word.name) letters = letters || is_letter(c) || (c & 0x80) != 0;
    return letters ? std::optional(word) : std::nullopt;
  }
  if (!plain_letters(text)) return std::nullopt;
  word.name = text;
  return word;
}

bool same_words(const Word& a, const Word& b) {
  if (!a.marked && !b.marked) return letters_of(a.name) == letters_of(b.name);
  // A capital I is the imaginary unit and belongs to no name.
  for (const Word* word : {&a, &b})
    if (!word->marked && word->name.size() > 1 && word->name.find('I') != std::string::npos)
      return false;
  const auto joined = [](const Word& word) {
    return to_lower_ascii(replace_all(word.name, " ", ""));
  };
  return joined(a) == joined(b);
}

}  // namespace quorum::math_verify
