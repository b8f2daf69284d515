#include "benchmarks/math/policy_rewrite.h"

#include <array>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum::reading {
namespace {

constexpr std::array<std::string_view, 2> kPercentWords = {"percent", "percentage"};

// The words between marks at `at`; their bytes with the marks, 0: none begin there.
std::size_t words_at(std::string_view text, std::size_t at, std::string_view& words) {
  if (at >= text.size() || text[at] != kWordsBegin) return 0;
  const std::size_t end = text.find(kWordsEnd, at);
  if (end == std::string_view::npos) return 0;
  words = trim(text.substr(at + 1, end - at - 1));
  return end + 1 - at;
}

// A percent sign, or the word for it, at `at`; its bytes.
std::size_t percent_at(std::string_view text, std::size_t at) {
  if (text[at] == '%') return 1;
  std::string_view words;
  if (const std::size_t bytes = words_at(text, at, words)) {
    for (const std::string_view word : kPercentWords)
      if (to_lower_ascii(words) == word) return bytes;
    return 0;
  }
  if (at > 0 && is_letter(text[at - 1])) return 0;
  for (const std::string_view word : {kPercentWords[1], kPercentWords[0]}) {
    if (to_lower_ascii(text.substr(at, word.size())) != word) continue;
    if (at + word.size() < text.size() && is_letter(text[at + word.size()])) continue;
    return word.size();
  }
  return 0;
}

std::string replace_percent(std::string_view text, std::string_view by) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t bytes = percent_at(text, at)) {
      while (!out.empty() && out.back() == ' ') out.pop_back();
      out += by;
      at += bytes;
    } else {
      out += text[at++];
    }
  }
  return std::string(trim(out));
}

// "^\circ" or "^{\circ}" at `at`; its bytes with a space behind it.
std::size_t degree_at(std::string_view text, std::size_t at) {
  for (const std::string_view mark : {"^\\circ", "^{\\circ}", "^{\\circ }"}) {
    if (text.substr(at, mark.size()) != mark) continue;
    const std::size_t end = at + mark.size();
    return mark.size() + (end < text.size() && text[end] == ' ' ? 1 : 0);
  }
  std::string_view words;
  const std::size_t bytes = words_at(text, at, words);
  const std::string lower = to_lower_ascii(words);
  return bytes != 0 && (lower == "degrees" || lower == "degree") ? bytes : 0;
}

std::string_view skip_digits(std::string_view text) {
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  return text;
}

// What stands behind the digits of "52_8" and "52_{8}"; empty: it is no such number.
std::string_view base_of(std::string_view text) {
  text = trim(text);
  const std::string_view rest = skip_digits(text);
  if (rest.size() == text.size() || rest.size() < 2 || rest.front() != '_') return {};
  const std::string_view base = rest.substr(1);
  if (base.front() == '{') return group_end(base, 0) == base.size() ? rest : std::string_view();
  return skip_digits(base).empty() ? rest : std::string_view();
}

bool is_parameter(std::string_view text, std::size_t at) {
  if (std::string_view("klmn").find(text[at]) == std::string_view::npos) return false;
  const bool letter_before = at > 0 && is_letter(text[at - 1]);
  const bool letter_behind = at + 1 < text.size() && is_letter(text[at + 1]);
  return !letter_before && !letter_behind;
}

// Calls `visit` at every byte outside of commands and words.
template <class Visit>
void outside_commands(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\') {
      ++at;
      while (at < text.size() && is_letter(text[at])) ++at;
    } else if (text[at] == kWordsBegin) {
      const std::size_t end = text.find(kWordsEnd, at);
      if (end == std::string_view::npos) return;
      at = end + 1;
    } else {
      visit(at++);
    }
  }
}

}  // namespace

bool has_percent(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (percent_at(text, at) != 0) return true;
  return false;
}
std::string percent_as_value(std::string_view text) {
  return replace_percent(text, "\\times 10^{-2}");
}
std::string without_percent(std::string_view text) { return replace_percent(text, ""); }

std::string last_of_chain(std::string_view text) {
  std::vector<std::string_view> sides;
  std::size_t begin = 0;
  int depth = 0, equals = 0;
  bool approximate = false, list = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{' || c == '(' || c == '[') ++depth;
    if (c == '}' || c == ')' || c == ']') --depth;
    if (depth != 0) continue;
    if (c == ',' || c == ';' || c == '<' || c == '>') list = true;
    const bool approx = starts_with(text.substr(at), "\\approx");
    if (c != '=' && !approx) continue;
    // What is only near stands behind what is equal and does not count; "x \approx 3" is all
    // there is.
    if (approx && equals > 0) {
      sides.push_back(trim(text.substr(begin, at - begin)));
      begin = text.size();
      break;
    }
    sides.push_back(trim(text.substr(begin, at - begin)));
    approximate = approximate || approx;
    equals += approx ? 0 : 1;
    at += approx ? 6 : 0;
    begin = at + 1;
  }
  if (begin < text.size()) sides.push_back(trim(text.substr(begin)));
  if (list || sides.empty() || sides.back().empty() || (equals < 2 && !approximate))
    return std::string(text);
  const std::string last(sides.back());
  if (sides.size() > 1 && is_symbol(sides.front())) return std::string(sides.front()) + "=" + last;
  // "\frac{1}{3} \approx 0.33" states its value first.
  if (equals == 0) return std::string(sides.front());
  return last;
}

std::string with_decimal_point(std::string_view text) {
  const std::string_view number = trim(text);
  std::string_view rest = number;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  const std::string_view behind = skip_digits(rest);
  if (behind.size() == rest.size() || behind.size() < 2 || behind.front() != ',' ||
      !skip_digits(behind.substr(1)).empty())
    return std::string(text);
  return replace_all(number, ",", ".");
}

std::string ratio_as_quotient(std::string_view text) {
  std::size_t colon = std::string_view::npos;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == kWordsBegin || c == '=' || c == '<' || c == '>' || c == ',') return std::string(text);
    if (c == '{' || c == '(' || c == '[') ++depth;
    if (c == '}' || c == ')' || c == ']') --depth;
    if (c != ':') continue;
    if (depth != 0 || colon != std::string_view::npos) return std::string(text);
    colon = at;
  }
  if (colon == std::string_view::npos) return std::string(text);
  const std::string top(trim(text.substr(0, colon))), bottom(trim(text.substr(colon + 1)));
  if (top.empty() || bottom.empty()) return std::string(text);
  return "\\frac{" + top + "}{" + bottom + "}";
}

bool has_words(std::string_view text) { return without_words(text) != trim(text); }

std::string without_words(std::string_view text) {
  std::string out;
  bool behind_number = false;
  for (std::size_t at = 0; at < text.size();) {
    std::string_view words;
    if (const std::size_t bytes = words_at(text, at, words); bytes != 0 && behind_number) {
      // "goats and" ends one number and joins the next.
      for (const std::string_view joint : {"and", "or"}) {
        if (words == joint ||
            (words.size() > joint.size() &&
             words.substr(words.size() - joint.size() - 1) == " " + std::string(joint)))
          out += ", ";
      }
      at += bytes;
      // An exponent of the unit.
      if (at + 1 < text.size() && text[at] == '^')
        at = text[at + 1] == '{' ? std::min(group_end(text, at + 1), text.size()) : at + 2;
      continue;
    }
    const char c = text[at];
    if (c != ' ') behind_number = is_digit(c) || c == '}' || c == '.';
    out += c;
    ++at;
  }
  // Letters at the end of a plain number.
  std::string_view rest = trim(out);
  std::string_view digits = rest;
  while (!digits.empty() && (is_letter(digits.back()) || digits.back() == ' '))
    digits.remove_suffix(1);
  const bool plain = !digits.empty() && is_digit(digits.back()) &&
                     digits.find_first_not_of("0123456789.-,") == std::string_view::npos;
  return std::string(plain ? digits : rest);
}

bool has_base(std::string_view text) { return !base_of(text).empty(); }
std::string without_base(std::string_view text) {
  text = trim(text);
  return std::string(text.substr(0, text.size() - base_of(text).size()));
}

bool has_degrees(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (degree_at(text, at) != 0) return true;
  return false;
}
std::string degrees_as_radians(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t bytes = degree_at(text, at)) {
      out += "\\cdot\\frac{\\pi}{180}";
      at += bytes;
    } else {
      out += text[at++];
    }
  }
  return out;
}

char parameter_of(std::string_view text) {
  char found = 0;
  bool several = false;
  outside_commands(text, [&](std::size_t at) {
    if (!is_parameter(text, at)) return;
    several = several || (found != 0 && found != text[at]);
    found = text[at];
  });
  return several ? 0 : found;
}
std::string with_parameter(std::string_view text, char from, char to) {
  std::string out(text);
  outside_commands(text, [&](std::size_t at) {
    if (text[at] == from && is_parameter(text, at)) out[at] = to;
  });
  return out;
}

std::optional<ClockTime> clock_time(std::string_view text) {
  std::string plain;
  for (const char c : to_lower_ascii(text))
    if (c != ' ' && c != '.' && c != kWordsBegin && c != kWordsEnd) plain += c;
  const std::string_view all = plain;
  const std::size_t colon = all.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || all.size() < colon + 3)
    return std::nullopt;
  for (std::size_t at = 0; at < colon + 3; ++at)
    if (at != colon && !is_digit(all[at])) return std::nullopt;
  int hour = std::stoi(plain.substr(0, colon));
  const int minute = std::stoi(plain.substr(colon + 1, 2));
  const std::string_view half = all.substr(colon + 3);
  if (minute > 59 || hour > 24) return std::nullopt;
  if (half.empty()) return ClockTime{hour * 60 + minute, hour == 0 || hour > 12};
  if ((half != "am" && half != "pm") || hour > 12 || hour == 0) return std::nullopt;
  hour = hour % 12 + (half == "pm" ? 12 : 0);
  return ClockTime{hour * 60 + minute, true};
}

bool same_time(const ClockTime& a, const ClockTime& b) {
  if (a.half_known && b.half_known) return a.minutes == b.minutes;
  return a.minutes % 720 == b.minutes % 720;
}

std::string form_of(std::string_view text) {
  text = trim(text);
  std::size_t equals = 0, approximations = 0;
  bool ordinal = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    equals += text[at] == '=' ? 1 : 0;
    approximations += starts_with(text.substr(at), "\\approx") ? 1 : 0;
    if (at == 0 || !(is_digit(text[at - 1]) || text[at - 1] == '^' || text[at - 1] == '{'))
      continue;
    std::string_view words;
    if (words_at(text, at, words) == 0) words = text.substr(at, 2);
    for (const std::string_view ending : {"st", "nd", "rd", "th"})
      ordinal = ordinal || words == ending;
  }
  std::string form = "=" + std::to_string(equals) + " ~" + std::to_string(approximations);
  if (ordinal) form += " th";
  const bool bracket =
      !text.empty() && std::string_view("([{\\").find(text.front()) != std::string_view::npos;
  if (bracket && group_end(text, 0) == text.size())
    form += text.front() == '\\' ? std::string(" \\{") : std::string(" ") + text.front();
  return form;
}

}  // namespace quorum::reading
