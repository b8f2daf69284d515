#include "benchmarks/math/answer_line.h"

#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/extraction.h"

namespace quorum {
namespace {

constexpr std::string_view kChineseLabel = "答案是";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool match_fold(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() < at + word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != word[i]) return false;
  }
  return true;
}

// Spaces and emphasis marks; at most 16, so that repeated looks at one place stay cheap.
std::size_t skip_filler(std::string_view text, std::size_t at) {
  const std::size_t limit = std::min(text.size(), at + 16);
  while (at < limit && (is_space(text[at]) || text[at] == '*' || text[at] == '_')) ++at;
  return at;
}

// One past a label that has "answer" at `at`; nullopt: there is none.
std::optional<std::size_t> label_end(std::string_view text, std::size_t at) {
  if (!match_fold(text, at, "answer")) return std::nullopt;
  if (at > 0 && is_word(text[at - 1])) return std::nullopt;
  std::size_t next = skip_filler(text, at + 6);
  if (match_fold(text, next, "is") && next > at + 6 &&
      (next + 2 >= text.size() || !is_word(text[next + 2]))) {
    next = skip_filler(text, next + 2);
    return next < text.size() && text[next] == ':' ? next + 1 : next;
  }
  if (next < text.size() && text[next] == ':') {
    std::size_t before = at;  // "final" must stand in front
    while (before > 0 && before + 16 > at &&
           (is_space(text[before - 1]) || text[before - 1] == '*' || text[before - 1] == '_')) {
      --before;
    }
    const bool is_final = before < at && before >= 5 && match_fold(text, before - 5, "final") &&
                          (before == 5 || !is_word(text[before - 6]));
    if (is_final) return next + 1;
  }
  return std::nullopt;
}

struct Label {
  std::size_t begin, end;
};

// The last label that begins before `limit`.
std::optional<Label> label_before(std::string_view text, std::size_t limit) {
  for (std::size_t at = std::min(limit, text.size()); at-- > 0;) {
    const char c = lower(text[at]);
    if (c == 'a') {
      if (const auto end = label_end(text, at)) return Label{at, *end};
    } else if (text.substr(at, kChineseLabel.size()) == kChineseLabel) {
      std::size_t end = skip_filler(text, at + kChineseLabel.size());
      for (const std::string_view colon : {":", "：", "为"}) {
        if (text.substr(end, colon.size()) == colon) {
          end += colon.size();
          break;
        }
      }
      return Label{at, end};
    }
  }
  return std::nullopt;
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

struct Piece {
  std::string_view text;
  std::size_t end;  // one past it in the line
};

// The answer at the front of a line: delimited mathematics or bold text when it begins so, else its
// first sentence.
Piece answer_piece(std::string_view line) {
  struct Pair {
    std::string_view open, close;
  };
  constexpr std::array<Pair, 6> kPairs = {
      {{"$$", "$$"}, {"$", "$"}, {"\\(", "\\)"}, {"\\[", "\\]"}, {"**", "**"}, {"`", "`"}}};
  for (const Pair& pair : kPairs) {
    if (line.substr(0, pair.open.size()) != pair.open) continue;
    const std::size_t close = line.find(pair.close, pair.open.size());
    if (close == std::string_view::npos || close == pair.open.size()) continue;
    const std::size_t end = close + pair.close.size();
    // "$1$ and $2$": the sentence holds more than the first formula, take it whole.
    const std::string_view sentence = line.substr(0, end + sentence_end(line.substr(end)));
    if (sentence.find(pair.open, end) != std::string_view::npos) {
      return {sentence, sentence.size()};
    }
    return {line.substr(pair.open.size(), close - pair.open.size()), end};
  }
  const std::size_t end = sentence_end(line);
  return {line.substr(0, end), end};
}

// Whether a line that stands alone below a label is an answer rather than the next paragraph.
bool stands_alone(std::string_view line) {
  if (line.empty() || line.size() > 200) return false;
  for (const std::string_view open : {"$", "\\(", "\\[", "**"}) {
    if (line.substr(0, open.size()) == open) return true;
  }
  return line.find(' ') == std::string_view::npos;
}

std::string clean_piece(std::string_view piece) {
  std::string text = replace_all(piece, "**", "");
  if (text.find(' ') != std::string::npos && text.find('$') != std::string::npos) {
    // Formulas in a sentence: the delimiters of "$1$ and $2$" go, a lone currency sign stays.
    std::size_t dollars = 0;
    for (const char c : text) dollars += c == '$';
    if (dollars % 2 == 0 && dollars > 0) text = replace_all(text, "$", "");
  }
  return tidy_answer(text);
}

}  // namespace

std::size_t last_answer_label(std::string_view text) {
  const auto label = label_before(text, text.size());
  return label ? label->begin : std::string_view::npos;
}

std::optional<AnswerLine> find_answer_line(std::string_view text) {
  std::size_t limit = text.size();
  // A label without an answer ("the answer is" at the end) gives way to an earlier one, a few
  // times.
  for (int tries = 0; tries < 8; ++tries) {
    const auto label = label_before(text, limit);
    if (!label) return std::nullopt;
    limit = label->begin;
    std::size_t begin = skip_filler(text, label->end);
    // The bold opening of "**73**" belongs to the answer; skip_filler has eaten it, which does no
    // harm.
    std::size_t line_end = std::min(text.find('\n', begin), text.size());
    bool next_line = false;
    if (trim(text.substr(begin, line_end - begin)).empty()) {
      begin = line_end;
      while (begin < text.size() && (text[begin] == '\n' || is_space(text[begin]))) ++begin;
      line_end = std::min(text.find('\n', begin), text.size());
      next_line = true;
    }
    const std::string_view line = text.substr(begin, line_end - begin);
    if (line.size() > kMaxAnswerBytes || line.find("\\boxed") != std::string_view::npos) continue;
    if (next_line && !stands_alone(trim(line))) continue;
    const Piece piece = answer_piece(line);
    AnswerLine found;
    found.answer = clean_piece(piece.text);
    found.cut = begin + piece.end >= text.size();
    if (!found.answer.empty()) return found;
  }
  return std::nullopt;
}

}  // namespace quorum
