#include "benchmarks/math/answer_sentence.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/box_text.h"
#include "benchmarks/math/extraction.h"

namespace quorum {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

template <std::size_t N>
bool among(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The word at the front, in lower case.
std::string word_at_front(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && end < 32 && is_letter(text[end])) ++end;
  return to_lower_ascii(text.substr(0, end));
}

// One past the sentence that begins at `line[0]`.
std::size_t sentence_end(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line.substr(at, 3) == "。") return at;
    if (line[at] != '.') continue;
    const bool behind = at + 1 >= line.size() || is_space(line[at + 1]) || line[at + 1] == '*';
    // "1.5" goes on; so does "p.m. on Friday": an abbreviation has a period two bytes before.
    const bool abbreviation = at >= 2 && line[at - 2] == '.' && !is_digit(line[at - 1]);
    if (behind && !abbreviation) return at;
  }
  return line.size();
}

// The line without what may stand between the label and the answer; nullopt: it denies, or
// speaks of the answer without naming it.
std::optional<std::string_view> without_adverbs(std::string_view line) {
  constexpr std::array<std::string_view, 17> kAdverbs = {
      "therefore", "thus",  "then",          "hence",  "so",     "simply",
      "just",      "also",  "approximately", "approx", "about",  "roughly",
      "that",      "given", "equal",         "indeed", "exactly"};
  // What says how, where or whether there is an answer, and not which.
  constexpr std::array<std::string_view, 15> kNoAnswers = {
      "not",        "obtained", "found",     "shown", "derived", "determined", "computed", "as",
      "calculated", "correct",  "incorrect", "below", "above",   "what",       "whether"};
  // \text{The answer is } 12: the group closes behind the label.
  if (!line.empty() && line.front() == '}') line = trim(line.substr(1));
  for (;;) {
    const std::string word = word_at_front(line);
    const std::string_view behind = line.substr(word.size());
    if (among(word, kNoAnswers)) return std::nullopt;
    if (!among(word, kAdverbs) || behind.empty()) return line;
    const bool period = word == "approx" && behind.front() == '.';
    if (!period && !is_space(behind.front()) && behind.front() != ',') return line;
    std::string_view rest = trim(behind.substr(is_space(behind.front()) ? 0 : 1));
    const std::string next = word_at_front(rest);
    if ((word == "given" && next == "by") || (word == "equal" && next == "to")) {
      rest = trim(rest.substr(2));
    } else if (word == "given" || word == "equal") {
      return line;
    }
    if (rest.empty()) return line;
    line = rest;
  }
}

// Whether a reason for what stands before begins here.
bool begins_reason(std::string_view text) {
  constexpr std::array<std::string_view, 12> kReasons = {
      "in", "because", "since", "as", "where", "which", "so", "for", "when", "if", "but", "given"};
  text = trim(text);
  if (!text.empty() && text.front() == ',') text = trim(text.substr(1));
  return (!text.empty() && text.front() == '(') || among(word_at_front(text), kReasons);
}

// One past the formula, bold text or code at the front; 0: there is none.
std::size_t formula_at_front(std::string_view text) {
  struct Pair {
    std::string_view open, close;
  };
  constexpr std::array<Pair, 6> kPairs = {
      {{"$$", "$$"}, {"$", "$"}, {"\\(", "\\)"}, {"\\[", "\\]"}, {"**", "**"}, {"`", "`"}}};
  for (const Pair& pair : kPairs) {
    if (text.substr(0, pair.open.size()) != pair.open) continue;
    const std::size_t close = text.find(pair.close, pair.open.size());
    if (close == std::string_view::npos || close == pair.open.size()) continue;
    return close + pair.close.size();
  }
  return 0;
}

std::size_t next_formula(std::string_view text) {
  std::size_t at = std::string_view::npos;
  for (const std::string_view open : {"$", "\\(", "\\[", "**", "`"})
    at = std::min(at, text.find(open));
  return at;
}

// Formulas in a sentence lose their delimiters, which tidying only takes off a whole answer; what
// was opened in front of the label is closed.
std::string cleaned(std::string_view piece) {
  std::string text = replace_all(piece, "**", "");
  while (!text.empty() && (text.back() == '*' || text.back() == '_')) text.pop_back();
  const auto count = [&](std::string_view what) {
    std::size_t n = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size())
      ++n;
    return n;
  };
  const auto ends_with = [&](std::string_view what) {
    return text.size() >= what.size() &&
           std::string_view(text).substr(text.size() - what.size()) == what;
  };
  const std::size_t dollars = count("$");
  if (dollars % 2 == 1 && ends_with("$") && !ends_with("\\$")) text.pop_back();
  if (dollars % 2 == 0 && dollars > 2) text = replace_all(text, "$", "");
  if (dollars == 2 && text.find(' ') != std::string::npos) text = replace_all(text, "$", "");
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"\\(", "\\)"}, {"\\[", "\\]"}}) {
    if (ends_with(close) && count(open) < count(close)) text.resize(text.size() - close.size());
    if (count(open) > 1) text = replace_all(replace_all(text, open, ""), close, "");
  }
  if (ends_with("}") && !ends_with("\\}") && count("{") < count("}")) text.pop_back();
  return tidy_answer(text);
}

// The words of a sentence up to a reason.
std::string_view without_reason(std::string_view sentence) {
  for (const std::string_view reason : {" because ", " since ", ", as ", ", which ", ", where ",
                                        ", so ", ", but ", " (since ", " (because "})
    sentence = sentence.substr(0, sentence.find(reason));
  while (!sentence.empty() && sentence.back() == ',') sentence.remove_suffix(1);
  return sentence;
}

}  // namespace

std::optional<SentenceAnswer> answer_in_sentence(std::string_view line) {
  const auto text = without_adverbs(line);
  if (!text) return std::nullopt;
  const auto skipped = static_cast<std::size_t>(text->data() - line.data());
  const auto piece = [&](std::size_t size, std::size_t end) {
    return SentenceAnswer{cleaned(text->substr(0, size)), skipped + end};
  };
  if (std::size_t end = formula_at_front(*text)) {
    const std::size_t stop = end + sentence_end(text->substr(end));
    while (end < stop) {
      const std::string_view sentence = text->substr(end, stop - end);
      const std::size_t next = next_formula(sentence);
      if (next == std::string_view::npos) break;
      const std::string_view between = sentence.substr(0, next);
      const std::size_t formula = formula_at_front(text->substr(end + next));
      if (joins(between) && formula > 0) {
        end += next + formula;
        continue;
      }
      if (begins_reason(between)) break;
      // "$5$ apples and $3$ pears": more than one formula, none of which is the answer alone.
      return piece(stop, stop);
    }
    return piece(end, end);
  }
  const std::size_t end = sentence_end(*text);
  return piece(without_reason(text->substr(0, end)).size(), end);
}

}  // namespace quorum
