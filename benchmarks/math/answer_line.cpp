#include "benchmarks/math/answer_line.h"

#include <algorithm>

#include "base/text.h"
#include "benchmarks/math/answer_sentence.h"
#include "benchmarks/math/byte_search.h"
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

struct Label {
  std::size_t begin, end;
  bool is_final;
};

// Whether a line begins at `at`, but for the marks of a heading.
bool at_line_begin(std::string_view text, std::size_t at) {
  const std::size_t limit = at - std::min<std::size_t>(at, 16);
  while (at > limit && std::string_view(" \t#*_").find(text[at - 1]) != std::string_view::npos)
    --at;
  return at == 0 || text[at - 1] == '\n';
}

// The label that has "answer" at `at`; nullopt: there is none.
std::optional<Label> label_at(std::string_view text, std::size_t at) {
  if (!match_fold(text, at, "answer")) return std::nullopt;
  if (at > 0 && is_word(text[at - 1])) return std::nullopt;
  std::size_t before = at;  // "final" may stand in front
  while (before > 0 && before + 16 > at &&
         (is_space(text[before - 1]) || text[before - 1] == '*' || text[before - 1] == '_')) {
    --before;
  }
  const bool is_final = before < at && before >= 5 && match_fold(text, before - 5, "final") &&
                        (before == 5 || !is_word(text[before - 6]));
  std::size_t next = skip_filler(text, at + 6);
  if (match_fold(text, next, "is") && next > at + 6 &&
      (next + 2 >= text.size() || !is_word(text[next + 2]))) {
    next = skip_filler(text, next + 2);
    return Label{at, next < text.size() && text[next] == ':' ? next + 1 : next, is_final};
  }
  if (!is_final) return std::nullopt;
  if (next < text.size() && text[next] == ':') return Label{at, next + 1, true};
  const bool heading = next < text.size() && text[next] == '\n' && at_line_begin(text, before - 5);
  return heading ? std::optional(Label{at, next, true}) : std::nullopt;
}

// The last label that begins before `limit`.
std::optional<Label> label_before(std::string_view text, std::size_t limit) {
  std::size_t latin = limit, chinese = limit;
  do {
    latin = find_last_three_folded(text, "ans", latin);
  } while (latin != std::string_view::npos && !label_at(text, latin));
  do {
    chinese = find_last_three_folded(text, kChineseLabel.substr(0, 3), chinese);
  } while (chinese != std::string_view::npos &&
           text.substr(chinese, kChineseLabel.size()) != kChineseLabel);
  if (chinese == std::string_view::npos)
    return latin == std::string_view::npos ? std::nullopt : label_at(text, latin);
  if (latin != std::string_view::npos && latin > chinese) return label_at(text, latin);
  std::size_t end = skip_filler(text, chinese + kChineseLabel.size());
  for (const std::string_view colon : {":", "：", "为"}) {
    if (text.substr(end, colon.size()) == colon) {
      end += colon.size();
      break;
    }
  }
  const bool is_final = chinese >= 6 && text.substr(chinese - 6, 6) == "最终";
  return Label{chinese, end, is_final};
}

// Whether a line that stands alone below a label is an answer rather than the next paragraph.
bool stands_alone(std::string_view line) {
  if (line.empty() || line.size() > 200) return false;
  for (const std::string_view open : {"$", "\\(", "\\[", "**"}) {
    if (line.substr(0, open.size()) == open) return true;
  }
  return line.find(' ') == std::string_view::npos;
}

// A formula that is displayed over several lines ends the line where it closes; `line_end` for
// others.
std::size_t end_of_display(std::string_view text, std::size_t begin, std::size_t line_end) {
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"\\[", "\\]"}, {"$$", "$$"}}) {
    if (text.substr(begin, open.size()) != open) continue;
    // An answer is short, and so is the search for its end.
    const std::string_view shown = text.substr(begin, kMaxAnswerBytes);
    const std::size_t found = shown.find(close, open.size());
    if (found != std::string_view::npos) return std::max(line_end, begin + found + close.size());
  }
  return line_end;
}

// Whether a text ends inside of brackets or of the name of a command: \frac{1}{2, \bo. [0, 1[ is an
// interval.
bool breaks_off(std::string_view text) {
  if (text.empty()) return false;
  const auto count = [&](std::string_view what) {
    return std::count_if(text.begin(), text.end(),
                         [&](char c) { return what.find(c) != std::string_view::npos; });
  };
  if (count("{") > count("}")) return true;
  const bool closed = std::string_view(")]}[").find(text.back()) != std::string_view::npos;
  if (!closed && count("([") > count(")]")) return true;
  const std::size_t sign = text.rfind('\\');
  if (sign == std::string_view::npos) return false;
  const std::string_view name = text.substr(sign + 1);
  for (const std::string_view command :
       {"boxed", "fbox", "frac", "dfrac", "tfrac", "sqrt", "text", "left", "begin"})
    if (command.starts_with(name)) return true;
  return false;
}

}  // namespace

std::optional<AnswerLine> find_answer_line(std::string_view text) {
  std::size_t limit = text.size();
  // A label without an answer ("the answer is" at the end) gives way to an earlier one, a few
  // times.
  for (int tries = 0; tries < 8; ++tries) {
    const auto label = label_before(text, limit);
    if (!label) return std::nullopt;
    limit = label->begin;
    std::size_t begin = skip_filler(text, label->end);
    for (const std::string_view follows : {"as follows", "the following"}) {
      if (!match_fold(text, begin, follows)) continue;
      begin = skip_filler(text, begin + follows.size());
      if (begin < text.size() && text[begin] == ':') begin = skip_filler(text, begin + 1);
    }
    // The bold opening of "**73**" has been passed over; the closing one goes with the tidying.
    std::size_t line_end = std::min(text.find('\n', begin), text.size());
    bool next_line = false;
    if (trim(text.substr(begin, line_end - begin)).empty()) {
      begin = line_end;
      while (begin < text.size() && (text[begin] == '\n' || is_space(text[begin]))) ++begin;
      line_end = std::min(text.find('\n', begin), text.size());
      next_line = true;
    }
    line_end = end_of_display(text, begin, line_end);
    const std::string_view line = text.substr(begin, line_end - begin);
    if (line.size() > kMaxAnswerBytes || line.find("\\boxed") != std::string_view::npos) continue;
    if (next_line && !stands_alone(trim(line))) continue;
    auto piece = answer_in_sentence(line);
    if (!piece || piece->answer.empty()) continue;
    const bool last = begin + piece->end >= text.size(), broken = last && breaks_off(piece->answer);
    return AnswerLine{std::move(piece->answer), label->is_final, last, broken};
  }
  return std::nullopt;
}

}  // namespace quorum
