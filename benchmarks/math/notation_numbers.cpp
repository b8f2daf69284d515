#include "benchmarks/math/notation_numbers.h"

#include <algorithm>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

// Digits from `at`; their count.
std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// The length of a thousands separator at `at`; 0: none. `plain` allows a bare comma or space.
// Spaces may stand around \! with or without a comma, and around \, without one: "3, \, 500" is a
// list.
std::size_t separator_at(std::string_view text, std::size_t at, bool plain) {
  std::size_t end = at;
  const auto spaces = [&] {
    while (end < text.size() && text[end] == ' ') ++end;
  };
  const auto take = [&](std::string_view sign) {
    if (text.substr(end, sign.size()) != sign) return false;
    end += sign.size();
    return true;
  };
  spaces();
  const bool braced = take("{,}"), comma = braced || take(",");
  const std::size_t behind_comma = end;
  spaces();
  if (take("\\!")) {
    spaces();
    return end - at;
  }
  const bool space_behind_comma = comma && end > behind_comma;
  // "(2,\,100)" is a pair.
  if (!space_behind_comma && (plain || !comma || braced) && (take("\\,") || take("{\\,}"))) {
    spaces();
    return end - at;
  }
  end = behind_comma;
  if (braced || (!comma && end == at && (take("\\ ") || take("~") || take("\\;") || take("\\:")))) {
    if (text[end - 1] != ' ') spaces();
    return end - at;
  }
  return plain && (text[at] == ',' || text[at] == ' ') ? 1 : 0;
}

}  // namespace

std::string join_thousands(std::string_view text) {
  // Six answers in ten are plain numbers: there is nothing to change.
  if (text.find_first_of(", \\~") == std::string_view::npos) return std::string(text);
  std::string out;
  int depth = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == '{' && at > 0 && text[at - 1] == '\\') ++depth;
    if (c == '}' && at > 0 && text[at - 1] == '\\') --depth;
    if (c == '\\') {
      const std::string_view rest = text.substr(at);
      if (rest.starts_with("\\lbrace") || rest.starts_with("\\langle")) ++depth;
      if (rest.starts_with("\\rbrace") || rest.starts_with("\\rangle")) --depth;
    }
    const bool starts =
        is_digit(c) && (at == 0 || (!is_digit(text[at - 1]) && text[at - 1] != '.'));
    if (!starts) {
      out += c;
      ++at;
      continue;
    }
    std::size_t count = digits_at(text, at);
    out += text.substr(at, count);
    // An index or exponent without braces is one digit: \log_4 640 is no \log of base 4640.
    const bool index = at > 0 && (text[at - 1] == '_' || text[at - 1] == '^');
    // The digits of \frac12 are two numbers.
    const bool fraction = at >= 4 && text.substr(at - 4, 4) == "frac";
    const bool groups = count <= 3 && c != '0' && !index && !fraction;
    // "2,3,100" is a list: commas without spaces stand between its numbers.
    const bool of_list = at >= 2 && text[at - 1] == ',' && is_digit(text[at - 2]);
    at += count;
    if (!groups) continue;
    std::string joined;
    std::size_t end = at, kind = 0;
    for (;;) {
      if (end >= text.size()) break;
      const std::size_t separator = separator_at(text, end, depth <= 0);
      if (separator == 0 || digits_at(text, end + separator) != 3) break;
      const std::size_t this_kind = text[end] == ' '                     ? 1
                                    : text[end] == ',' && separator == 1 ? 2
                                                                         : 3;
      if ((kind != 0 && kind != this_kind) || (of_list && this_kind == 2)) break;
      kind = this_kind;
      joined += text.substr(end + separator, 3);
      end += separator + 3;
    }
    // "1 125/1000" is a mixed number.
    const bool mixed = kind == 1 && end < text.size() &&
                       text.substr(end).find_first_not_of(' ') != std::string_view::npos &&
                       trim(text.substr(end)).front() == '/';
    // "1,250,3" too.
    const bool list =
        kind == 2 && end + 1 < text.size() && text[end] == ',' && is_digit(text[end + 1]);
    if (kind != 0 && !mixed && !list) {
      out += joined;
      at = end;
    }
  }
  return out;
}

std::string repeating_decimals(std::string text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.find("\\overline") != std::string::npos) return text;
  const auto all_digits = [](std::string_view part) {
    return part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view whole = std::string_view(text).substr(0, point);
  if (!all_digits(whole.substr(std::min<std::size_t>(whole.size(), whole.find('-') == 0))))
    return text;
  const std::string front = text.substr(0, point + 1);
  std::string_view behind = std::string_view(text).substr(point + 1);
  // 0.1\bar{6} and 0.1(6).
  const std::size_t digits_end = std::min(behind.find_first_not_of("0123456789"), behind.size());
  std::string_view repeated = behind.substr(digits_end);
  for (const std::string_view open : {"\\bar{", "("}) {
    if (!repeated.starts_with(open) || repeated.back() != (open == "(" ? ')' : '}')) continue;
    repeated = repeated.substr(open.size(), repeated.size() - open.size() - 1);
    if (repeated.empty() || !all_digits(repeated)) return text;
    return front + std::string(behind.substr(0, digits_end)) + "\\overline{" +
           std::string(repeated) + "}";
  }
  constexpr std::string_view kDot = "\\dot{", kAndSoOn = "\\ldots";
  if (const std::size_t first = behind.find(kDot); first != std::string_view::npos) {
    std::string period;
    std::string_view rest = behind.substr(first);
    for (; !rest.empty();) {
      const bool dot = rest.substr(0, kDot.size()) == kDot;
      const std::size_t at = dot ? kDot.size() : 0;
      if (at >= rest.size() || !is_digit(rest[at]) || (dot && rest.substr(at + 1, 1) != "}"))
        return text;
      period += rest[at];
      rest.remove_prefix(at + (dot ? 2 : 1));
    }
    if (behind.back() != '}' || !all_digits(behind.substr(0, first))) return text;
    return front + std::string(behind.substr(0, first)) + "\\overline{" + period + "}";
  }
  for (const std::string_view end : {kAndSoOn, std::string_view("...")}) {
    const std::size_t at = behind.find(end);
    if (at == std::string_view::npos || !trim(behind.substr(at + end.size())).empty()) continue;
    const std::string_view digits = trim(behind.substr(0, at));
    if (!all_digits(digits)) continue;
    // The shortest period that is written twice, one digit three times.
    for (std::size_t size = 1; 2 * size <= digits.size(); ++size) {
      const std::size_t times = size == 1 ? 3 : 2;
      if (times * size > digits.size()) continue;
      const std::string_view tail = digits.substr(digits.size() - size);
      bool repeats = true;
      for (std::size_t i = 2; i <= times; ++i)
        repeats = repeats && digits.substr(digits.size() - i * size, size) == tail;
      if (!repeats) continue;
      std::size_t begin = digits.size() - size;
      while (begin >= size && digits.substr(begin - size, size) == tail) begin -= size;
      return front + std::string(digits.substr(0, begin)) + "\\overline{" + std::string(tail) + "}";
    }
  }
  return text;
}

}  // namespace quorum
