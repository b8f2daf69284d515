#include "benchmarks/math/labelled_choice.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

bool is_choice(char c) { return c >= 'A' && c <= 'H'; }

// Words that join choices or speak of one.
constexpr auto kNoContent =
    std::to_array<std::string_view>({"or", "and", "nor", "not", "but", "to", "through", "is", "isn",
                                     "was", "are", "if", "because", "since", "xor"});
constexpr auto kOperators = std::to_array<std::string_view>(
    {"\\cdot",       "\\times",      "\\div",     "\\cup",    "\\cap",   "\\le",   "\\ge",
     "\\ne",         "\\in",         "\\to",      "\\approx", "\\equiv", "\\land", "\\lor",
     "\\rightarrow", "\\Rightarrow", "\\implies", "\\iff",    "\\mid",   "\\circ"});

template <std::size_t N>
bool starts_with_word(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return to_lower_ascii(text.substr(0, word.size())) == word &&
           (text.size() == word.size() || !is_letter(text[word.size()]));
  });
}

// (B), but not P(B).
bool has_label(std::string_view text) {
  for (std::size_t at = 0; at + 2 < text.size(); ++at)
    if (text[at] == '(' && text[at + 2] == ')' && is_choice(text[at + 1]) &&
        (at == 0 || !is_letter(text[at - 1])))
      return true;
  return false;
}

std::optional<LabelledChoice> with_content(char letter, std::string_view content) {
  content = trim(content);
  if (content.empty() || !is_choice_content(content)) return std::nullopt;
  return LabelledChoice{letter, content};
}

}  // namespace

bool is_choice_content(std::string_view content) {
  constexpr std::size_t kMostBytes = 512;
  if (content.size() > kMostBytes) return false;
  std::string plain;
  for (const char c : normalise_notation(content))
    plain += c == kWordsBegin || c == kWordsEnd ? ' ' : c;
  const std::string_view text = trim(plain);
  if (text.empty()) return trim(content).empty();
  if (std::string_view(",;:+*/=<>^_!&|)]'").find(text[0]) != std::string_view::npos) return false;
  if (text[0] == '-' && text.substr(1, 1) == " ") return false;
  return !starts_with_word(text, kNoContent) && !starts_with_word(text, kOperators) &&
         !has_label(text) && !choice_letter(text);
}

std::optional<LabelledChoice> labelled_choice(std::string_view answer) {
  const std::string_view text = trim(answer);
  if (text.size() > 3 && is_choice(text[0]) && (text[1] == '.' || text[1] == ')') && text[2] == ' ')
    return with_content(text[0], text.substr(2));
  if (text.size() > 4 && text[0] == '(' && is_choice(text[1]) && text.substr(2, 2) == ") ")
    return with_content(text[1], text.substr(3));
  for (const std::string_view command : {"\\text{", "\\textbf{", "\\mathrm{", "\\mathbf{"}) {
    if (!text.starts_with(command)) continue;
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view label = text.substr(command.size(), end - command.size());
    while (!label.empty() && (label.back() == ' ' || label.back() == '~' || label.back() == '\\'))
      label.remove_suffix(1);
    if (label.size() == 3 && label[0] == '(' && label[2] == ')' && is_choice(label[1]))
      return with_content(label[1], text.substr(end + 1));
  }
  return std::nullopt;
}

}  // namespace quorum
