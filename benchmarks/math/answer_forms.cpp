#include "benchmarks/math/answer_forms.h"

#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

// Without the marks of words, in lower case.
std::string plain_lower(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != kWordsBegin && c != kWordsEnd) plain += c;
  }
  return to_lower_ascii(trim(plain));
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

int number_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value;
}

constexpr std::array<std::string_view, 15> kBaseNames = {
    "two", "three",  "four",   "five",     "six",      "seven",   "eight",  "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"};

// 2 … 36, in digits or words; 0: it is no base.
int base_of(std::string_view text) {
  text = trim(text);
  if (text.size() > 6 && text.substr(1, 4) == "base")  // {base 8}
    text = trim(text.substr(5, text.size() - 6));
  while (text.size() >= 2 && ((text.front() == '{' && text.back() == '}') ||
                              (text.front() == '(' && text.back() == ')')))
    text = trim(text.substr(1, text.size() - 2));
  for (std::size_t i = 0; i < kBaseNames.size(); ++i)
    if (text == kBaseNames[i]) return static_cast<int>(i) + 2;
  if (text.empty() || text.size() > 2 || digits_at(text, 0) != text.size()) return 0;
  const int base = number_of(text);
  return base >= 2 && base <= 36 ? base : 0;
}

}  // namespace

std::optional<std::string> time_text(std::string_view normal_form) {
  if (normal_form.size() > 40) return std::nullopt;
  const std::string text = plain_lower(normal_form);
  const std::size_t hours = digits_at(text, 0);
  if (hours == 0 || hours > 2) return std::nullopt;
  std::array<int, 3> parts = {number_of(text.substr(0, hours)), 0, 0};
  std::size_t at = hours, count = 1;
  while (count < 3 && at < text.size() && text[at] == ':') {
    if (digits_at(text, at + 1) != 2) return std::nullopt;
    parts[count++] = number_of(text.substr(at + 1, 2));
    at += 3;
  }
  if (parts[0] > 24 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  std::string half;
  for (const char c : text.substr(at))
    if (c != ' ' && c != '.') half += c;
  if (!half.empty() && half != "am" && half != "pm") return std::nullopt;
  // 6 p.m. is a time, 6 a number.
  if (count < 2 && (half.empty() || parts[0] == 0 || parts[0] > 12)) return std::nullopt;
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return "time " + std::to_string(parts[0]) + ":" + two(parts[1]) + ":" + two(parts[2]) +
         (half.empty() ? "" : " " + half);
}

std::optional<std::string> numeral_text(std::string_view normal_form) {
  if (normal_form.size() > 200) return std::nullopt;
  std::string text = plain_lower(normal_form);
  std::size_t split_at = text.find('_'), behind = split_at + 1;
  if (split_at == std::string::npos) {
    split_at = text.find("base");
    behind = split_at + 4;
    if (split_at == std::string::npos) return std::nullopt;
    // 52 (base 8)
    const std::size_t bracket = text.find_last_not_of(' ', split_at - 1);
    if (split_at > 0 && bracket != std::string::npos && text[bracket] == '(' &&
        text.back() == ')') {
      text.pop_back();
      split_at = bracket;
    }
    while (behind < text.size() && (text[behind] == ' ' || text[behind] == '-')) ++behind;
  }
  const int base = base_of(std::string_view(text).substr(behind));
  std::string_view digits = trim(std::string_view(text).substr(0, split_at));
  if (digits.size() > 2 && digits.front() == '(' && digits.back() == ')')
    digits = trim(digits.substr(1, digits.size() - 2));
  std::string sign;
  if (!digits.empty() && digits.front() == '-') {
    sign = "-";
    digits = trim(digits.substr(1));
  }
  for (const std::string_view command : {"\\overline", "\\bar", ""}) {
    if (!digits.starts_with(std::string(command) + "{") || !digits.ends_with('}')) continue;
    digits = trim(digits.substr(command.size() + 1, digits.size() - command.size() - 2));
    break;
  }
  // A letter in front is a symbol with an index, but BAD_{16} is a numeral.
  if (base == 0 || digits.empty()) return std::nullopt;
  const char first = trim(normal_form).front();
  const bool letters =
      base > 10 && digits.size() > 1 && (first == kWordsBegin || (first >= 'A' && first <= 'Z'));
  if (!is_digit(digits.front()) && !letters) return std::nullopt;
  std::string out;
  bool point = false;
  for (const char c : digits) {
    if (c == ' ') continue;
    if (c == '.' && !point) {
      point = true;
      out += c;
      continue;
    }
    if (!is_digit(c) && !is_letter(c)) return std::nullopt;
    const int value = is_digit(c) ? c - '0' : c - 'a' + 10;
    if (value >= base) return std::nullopt;
    out += c;
  }
  if (!point) out.erase(0, std::min(out.find_first_not_of('0'), out.size() - 1));
  return sign + out + "_" + std::to_string(base);
}

namespace {

// 2 to 3 in words between whole numbers.
std::vector<std::string_view> odds(std::string_view text) {
  const std::size_t first = digits_at(text, 0);
  std::size_t at = first;
  const auto skip = [&] {
    while (at < text.size() &&
           (text[at] == ' ' || text[at] == kWordsBegin || text[at] == kWordsEnd))
      ++at;
  };
  skip();
  if (first == 0 || at == first || text.substr(at, 2) != "to") return {};
  at += 2;
  const std::size_t behind = at;
  skip();
  if (at == behind || at == text.size() || digits_at(text, at) != text.size() - at) return {};
  return {text.substr(0, first), text.substr(at)};
}

}  // namespace

std::vector<std::string_view> ratio_parts(std::string_view normal_form) {
  std::vector<std::string_view> parts;
  if (!(parts = odds(normal_form)).empty()) return parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at < normal_form.size(); ++at) {
    const char c = normal_form[at];
    if (c == kWordsBegin || c == '|' || c == ',' || c == ';') return {};
    if (c == '{' || c == '(' || c == '[') ++depth;
    if (c == '}' || c == ')' || c == ']') --depth;
    if (c != ':' || depth != 0) continue;
    parts.push_back(trim(normal_form.substr(begin, at - begin)));
    begin = at + 1;
  }
  if (parts.empty()) return {};
  parts.push_back(trim(normal_form.substr(begin)));
  for (const std::string_view part : parts)
    if (part.empty()) return {};
  return parts;
}

std::optional<Congruence> congruence(std::string_view normal_form) {
  constexpr std::size_t kMostDigits = 9;
  const std::size_t at = normal_form.find("mod");
  if (at == std::string_view::npos || normal_form.size() > 80) return std::nullopt;
  const auto stripped = [](std::string_view text, std::string_view marks) {
    while (!text.empty() && marks.find(text.front()) != std::string_view::npos)
      text.remove_prefix(1);
    while (!text.empty() && marks.find(text.back()) != std::string_view::npos)
      text.remove_suffix(1);
    return text;
  };
  constexpr std::string_view kAround = " {}()\x01\x02";
  static_assert(kWordsBegin == '\x01' && kWordsEnd == '\x02');
  const std::string_view modulus = stripped(normal_form.substr(at + 3), kAround);
  std::string_view front = normal_form.substr(0, at);
  for (const std::string_view command : {"\\p", "\\b", "\\"})
    if (front.ends_with(command)) front.remove_suffix(command.size());
  front = stripped(front, kAround);
  Congruence value;
  constexpr std::string_view kSign = "\\equiv";
  if (const std::size_t sign = front.find(kSign); sign != std::string_view::npos) {
    const std::string_view symbol = trim(front.substr(0, sign));
    front = trim(front.substr(sign + kSign.size()));
    if (symbol.size() != 1 || !is_letter(symbol[0])) return std::nullopt;
    value.symbol = symbol;
  }
  const bool negative = !front.empty() && front.front() == '-';
  const std::string_view digits = trim(front.substr(negative ? 1 : 0));
  for (const std::string_view number : {digits, modulus})
    if (number.empty() || number.size() > kMostDigits || digits_at(number, 0) != number.size())
      return std::nullopt;
  value.modulus = std::stol(std::string(modulus));
  if (value.modulus == 0) return std::nullopt;
  value.residue = std::stol(std::string(digits)) % value.modulus;
  if (negative && value.residue != 0) value.residue = value.modulus - value.residue;
  return value;
}

}  // namespace quorum
