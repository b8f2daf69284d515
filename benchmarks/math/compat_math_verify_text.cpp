// What Math-Verify's cleaning leaves of an answer.
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/compat_math_verify.h"
#include "benchmarks/math/notation.h"

namespace quorum::math_verify {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The words that count as units at the end of an answer, whatever they belong to.
constexpr std::array<std::string_view, 74> kUnitWords = {
    "acre",   "am",    "apple", "by",     "c",      "cc",     "cent",    "cm",    "coin",  "cube",
    "cubic",  "d",     "day",   "deg",    "degree", "digit",  "dm",      "east",  "edge",  "feet",
    "ft",     "g",     "gal",   "gallon", "gm",     "h",      "hectare", "hour",  "hr",    "inch",
    "inches", "kg",    "km",    "kmh",    "kmph",   "l",      "lb",      "liter", "litre", "loss",
    "lt",     "m",     "man",   "mark",   "men",    "meter",  "metre",   "mile",  "min",   "minute",
    "mm",     "month", "more",  "mph",    "noon",   "number", "o",       "ohm",   "per",   "pm",
    "pound",  "s",     "sec",   "second", "sq",     "square", "student", "t",     "th",    "unit",
    "way",    "west",  "yard",  "year"};

// Commands and signs that end the reading.
constexpr std::array<std::string_view, 23> kUnreadable = {
    "\u221e",       "\u222a",         "\u2208",         "\u00b7",      "\u221a",      "\u00bd",
    "\u00b2",       "\u00b3",         "\u2013",         "\u00b0",      "~",           "?",
    "**",           "\\degree",       "\\color",        "\\textcolor", "\\underline", "\\langle",
    "\\textdollar", "\\begin{cases}", "\\operatorname", "\\hline",     "\\mid"};

bool unit_word(std::string_view word) {
  if (word.empty() || word.size() > 12) return false;
  for (const std::string_view unit : kUnitWords) {
    if (word == unit || word == std::string(unit) + "s" || word == std::string(unit) + "es")
      return true;
  }
  return false;
}

// Takes one unit word from the end, behind a digit, a brace or a space.
bool drop_unit_word(std::string& text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (!is_digit(text[at]) && text[at] != '}' && text[at] != ' ') continue;
    const std::string_view rest = trim(std::string_view(text).substr(at + 1));
    if (!unit_word(rest)) continue;
    const std::string left(trim(std::string_view(text).substr(0, at + 1)));
    if (left.empty()) return false;
    text = left;
    return true;
  }
  return false;
}

// Everything from the first \text{ on, when the text ends with a group or a group and an exponent.
void drop_text_to_end(std::string& text, Log& log) {
  std::size_t begin = std::min(text.find("\\text{"), text.find("\\mbox{"));
  if (begin == std::string::npos) return;
  std::string_view end = text;
  if (end.size() > 2 && is_digit(end.back()) && end[end.size() - 2] == '^') end.remove_suffix(2);
  if (ends_with(end, "}") && end.size() > 4 && end[end.size() - 3] == '^' &&
      is_digit(end[end.size() - 2]) && end[end.size() - 4] == '{' && end[end.size() - 5] == '}')
    end.remove_suffix(4);
  if (!ends_with(end, "}")) return;
  const std::string left(trim(std::string_view(text).substr(0, begin)));
  if (left.empty()) return;
  if (log.applies(Rule::kTextToEnd)) text = left;
}

bool balanced(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
      continue;
    }
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth < 0) return false;
  }
  return depth == 0;
}

void replace_all_in(std::string& text, std::string_view from, std::string_view to) {
  if (contains(text, from)) text = replace_all(text, from, to);
}

// Commands of spelling, as the cleaning has them.
void unify(std::string& text) {
  static const RE2 kFonts(R"(\\(?:mathrm|mathit|mathbf|textnormal|textbf|textit|textrm)\b)");
  static const RE2 kEmptyText(R"(\\text\s*\{\s*\})");
  static const RE2 kTextJoint(R"(,?\s*\\text\{\s*(?:and|or)\s*\})");
  static const RE2 kPlainJoint(R"((^|[^a-zA-Z])(?:,?\s*)(?:and|or)\b)");
  static const RE2 kPercent(R"(\s*(?:percentage|percent|pct))");
  RE2::GlobalReplace(&text, kFonts, R"(\\text)");
  for (const std::string_view gone :
       {"\\!", "\\$", "$", "\\displaystyle", "\"", "\\left", "\\right"}) {
    for (std::size_t at = 0; (at = text.find(gone, at)) != std::string::npos;) {
      const std::size_t end = at + gone.size();
      const bool longer = is_letter(gone.back()) && end < text.size() && is_letter(text[end]);
      if (longer) {
        at = end;
        continue;
      }
      text.erase(at, gone.size());
    }
  }
  RE2::GlobalReplace(&text, kEmptyText, "");
  RE2::GlobalReplace(&text, kTextJoint, ",");
  RE2::GlobalReplace(&text, kPlainJoint, R"(\1,)");
  RE2::GlobalReplace(&text, kPercent, R"(\\%)");
  replace_all_in(text, "{,}", ",");
  for (std::size_t at = 0; (at = text.find("\\ ", at)) != std::string::npos;) {
    if (at == 0 || text[at - 1] != '\\')
      text.replace(at, 2, " ");
    else
      at += 2;
  }
  std::replace(text.begin(), text.end(), '\n', ' ');
  text = std::string(trim(text));
}

// Content of the boxes inside of the answer.
void open_boxes(std::string& text, Log& log) {
  for (const std::string_view box : {"\\boxed{", "\\fbox{"}) {
    const std::size_t at = text.rfind(box);
    if (at == std::string::npos) continue;
    const std::size_t end = group_end(text, at + box.size() - 1);
    if (end == std::string_view::npos || !log.applies(Rule::kOuterMarks)) continue;
    text = text.substr(at + box.size(), end - at - box.size() - 1);
  }
}

// Calls `change` for each match of a pattern and puts its result there.
template <class Change>
void replace_each(std::string& text, const RE2& pattern, Change change) {
  std::string out;
  std::size_t at = 0;
  re2::StringPiece match[3];
  while (at <= text.size() && pattern.Match(text, at, text.size(), RE2::UNANCHORED, match, 3)) {
    const std::size_t begin = static_cast<std::size_t>(match[0].data() - text.data());
    if (match[0].empty()) break;
    out += text.substr(at, begin - at);
    out += change(std::string(match[0]), std::string(match[1]));
    at = begin + match[0].size();
  }
  text = out + text.substr(std::min(at, text.size()));
}

// "5 1/2" as "(5+1)/2", "2\,321" as "(2+321)".
void add_neighbours(std::string& text, Log& log) {
  static const RE2 kNeighbours(R"(\d[\d.]*((?:(?:\s|\\[,;:>])+\d[\d.]*)+))");
  static const RE2 kGap(R"((?:\s|\\[,;:>])+)");
  replace_each(text, kNeighbours, [&](std::string numbers, const std::string&) {
    if (!log.applies(Rule::kNumbersAdd)) return numbers;
    RE2::GlobalReplace(&numbers, kGap, "+");
    return "(" + numbers + ")";
  });
}

void drop_bases(std::string& text, Log& log) {
  static const RE2 kBase(R"((\d)_(?:\{\s*\d+\s*\}|\d+))");
  if (RE2::PartialMatch(text, kBase) && log.applies(Rule::kNoBase))
    RE2::GlobalReplace(&text, kBase, R"(\1)");
}

// "25\%" as "\frac{25}{100}", "2.5%" as "0.025".
void percent_values(std::string& text, Log& log) {
  static const RE2 kPercent(R"((\d+(?:\.\d+)?|\.\d+|\})\s*\\?%)");
  if (!RE2::PartialMatch(text, kPercent) || !log.applies(Rule::kPercentValue)) return;
  replace_each(text, kPercent, [](const std::string&, const std::string& number) -> std::string {
    const std::size_t point = number.find('.');
    if (number == "}") return "}\\cdot\\frac{1}{100}";
    if (point == std::string::npos) return "\\frac{" + number + "}{100}";
    std::string digits = number.substr(0, point);
    while (digits.size() < 3) digits.insert(digits.begin(), '0');
    return digits.substr(0, digits.size() - 2) + "." + digits.substr(digits.size() - 2) +
           number.substr(point + 1);
  });
}

// Outside of words.
void divide_at_colons(std::string& text, Log& log) {
  if (contains(text, ":") && !contains(text, "\\text") && !contains(text, "\\{") &&
      log.applies(Rule::kColonDivides))
    std::replace(text.begin(), text.end(), ':', '/');
}

// Spacing at the end that is no punctuation.
void drop_spacing_at_end(std::string& text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view space : {"\\,", "\\;", "\\:", "\\quad", "\\qquad", "\\!"}) {
      if (!ends_with(text, space)) continue;
      text = std::string(trim(std::string_view(text).substr(0, text.size() - space.size())));
      again = true;
    }
  }
}

bool unreadable(const std::string& text, Log& log) {
  if (text.empty()) return true;
  const bool mark = std::string_view(".,;:").find(text.back()) != std::string_view::npos ||
                    ends_with(text, "\\\\");
  if (mark && log.applies(Rule::kMarkAtEnd)) return true;
  bool sign = !balanced(text) || text == "true" || text.front() == '=' ||
              text.rfind("\\approx", 0) == 0 || ends_with(text, "^");
  for (const std::string_view part : kUnreadable) sign = sign || contains(text, part);
  // Repeating decimals, and commands in \text.
  static const RE2 kRepeating(R"(\.\d*\\overline|\\text\{[^}]*\\)");
  sign = sign || RE2::PartialMatch(text, kRepeating);
  if (contains(text, "\\{") && (contains(text, "|") || contains(text, ":"))) sign = true;
  return sign && log.applies(Rule::kUnreadableSign);
}

// Words that are one factor of many: "\text{is } 5", and what is a name: \boldsymbol{5},
// \text{2.5}.
bool words_in_front(std::string_view text) {
  if (contains(text, "\\boldsymbol{")) return true;
  if (text.rfind("\\text{", 0) != 0) return false;
  const std::size_t end = group_end(text, 5);
  if (end == text.size()) {
    static const RE2 kNumberOrWords(R"(\s*-?\d+(?:/\d+)?\s*|[^\d=,_^<>]*)");
    return !RE2::FullMatch(std::string(text.substr(6, text.size() - 7)), kNumberOrWords);
  }
  if (end == std::string_view::npos || end >= text.size() || end < 9) return false;
  return std::string_view("=<>,;").find(trim(text.substr(end)).front()) == std::string_view::npos &&
         trim(text.substr(end)).rfind("\\le", 0) != 0 &&
         trim(text.substr(end)).rfind("\\ge", 0) != 0;
}

// "\log_2 8" has an index and "3 - -x" a sign that others could read otherwise.
void unify_notations(std::string& text, Log& log) {
  static const RE2 kIndex(R"(_(\d)(\s))"), kSigns(R"(-\s*-)"), kMixed(R"(\+\s*-)");
  static const RE2 kZeroComma(R"((0),(\d\d\d))");
  if (RE2::FullMatch(text, kZeroComma) && log.applies(Rule::kNotations))
    RE2::GlobalReplace(&text, kZeroComma, R"(\1.\2)");
  if (RE2::PartialMatch(text, kIndex) && log.applies(Rule::kNotations))
    RE2::GlobalReplace(&text, kIndex, R"(_{\1}\2)");
  if (text.rfind("-", 0) != 0 || text.find("-", 1) != std::string::npos) {
    std::string other = text;
    RE2::GlobalReplace(&other, kSigns, "+");
    RE2::GlobalReplace(&other, kMixed, "-");
    if (other.rfind("+", 0) == 0) other.erase(0, 1);
    if (other != text && log.applies(Rule::kNotations)) text = other;
  }
}

}  // namespace

Reading read(std::string_view answer, Log& log) {
  Reading reading;
  std::string text(trim(answer));
  open_boxes(text, log);
  unify(text);
  drop_text_to_end(text, log);
  for (int i = 0; i < 2; ++i) {
    std::string shorter = text;
    if (drop_unit_word(shorter) && log.applies(Rule::kUnitWords)) text = shorter;
  }
  drop_spacing_at_end(text);
  reading.text = text;
  reading.readable = !unreadable(text, log);
  reading.name = reading.readable && words_in_front(text) && log.applies(Rule::kWordsAreLetters);
  if (!reading.readable) return reading;
  unify_notations(text, log);
  drop_bases(text, log);
  percent_values(text, log);
  add_neighbours(text, log);
  divide_at_colons(text, log);
  reading.text = std::string(trim(text));
  return reading;
}

std::string last_number(std::string_view answer) {
  static const RE2 kFraction(R"((-?\\frac\{-?\d+(?:[.,]\d+)?\}\{-?\d+(?:[.,]\d+)?\}))");
  static const RE2 kGrouped(R"((?:\s|=)[$]?(-?[1-9]\d{0,2}(?:[ ,]\d{3})+(?:\.\d+)?)(?:\D|$))");
  static const RE2 kNumber(R"((?:\s|=)[$]?(-?\d+[.,]\d+|\.\d+|-?\d+)\s*%?)");
  static const RE2 kQuotient(R"((?:\s|=)(-?\d+\s*/\s*\d+)[.,:\s)$])");
  const std::string text = std::string(answer) + "}";
  std::string found;
  std::size_t end = 0;
  const auto take = [&](const RE2& pattern) {
    re2::StringPiece match[2];
    for (std::size_t at = 0;
         at < text.size() && pattern.Match(text, at, text.size(), RE2::UNANCHORED, match, 2);) {
      const auto begin = static_cast<std::size_t>(match[1].data() - text.data());
      at = begin + match[1].size();
      if (at < end) continue;
      end = at;
      found = std::string(match[1]);
    }
  };
  take(kFraction);
  if (!found.empty()) return found;
  take(kNumber);
  found = replace_all(found, ",", ".");
  const std::string decimal = found;
  take(kGrouped);
  if (found != decimal) found = replace_all(replace_all(found, ",", ""), " ", "");
  take(kQuotient);
  return found;
}

}  // namespace quorum::math_verify
