#include "engine/jinja/unicode.h"

#include <utf8proc.h>

#include <algorithm>

#include "base/text.h"
#include "engine/jinja/unicode_cases.h"
#include "engine/jinja/value.h"

namespace quorum::jinja {
namespace {

utf8proc_category_t category(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

template <std::size_t N>
const SpecialCase* special(const SpecialCase (&table)[N], char32_t c) {
  const auto* found = std::lower_bound(
      std::begin(table), std::end(table), c,
      [](const SpecialCase& entry, char32_t key) { return entry.code_point < key; });
  return found != std::end(table) && found->code_point == c ? found : nullptr;
}

void append_upper(std::u32string& out, char32_t c) {
  if (const SpecialCase* mapped = special(kSpecialUpper, c))
    out += mapped->mapped;
  else
    out += static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

void append_title(std::u32string& out, char32_t c) {
  if (const SpecialCase* mapped = special(kSpecialTitle, c))
    out += mapped->mapped;
  else
    out += static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(c)));
}

bool is_cased(char32_t c) { return is_upper(c) || is_lower(c) || is_title(c); }

bool is_case_ignorable(char32_t c) {
  const auto kind = category(c);
  return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_ME ||
         kind == UTF8PROC_CATEGORY_CF || kind == UTF8PROC_CATEGORY_LM ||
         kind == UTF8PROC_CATEGORY_SK || c == '\'' || c == '.' || c == ':' || c == 0xB7 ||
         c == 0x2018 || c == 0x2019;
}

// A sigma is final after a cased letter and before none, case-ignorable ones aside (Unicode 3.13,
// Final_Sigma).
bool is_final_sigma(std::u32string_view text, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && is_case_ignorable(text[before - 1])) --before;
  if (before == 0 || !is_cased(text[before - 1])) return false;
  std::size_t after = at + 1;
  while (after < text.size() && is_case_ignorable(text[after])) ++after;
  return after == text.size() || !is_cased(text[after]);
}

void append_lower(std::u32string& out, std::u32string_view text, std::size_t at) {
  const char32_t c = text[at];
  if (c == 0x130)
    out += U"i\u0307";
  else if (c == 0x3A3)
    out += is_final_sigma(text, at) ? U'\u03C2' : U'\u03C3';
  else
    out += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::vector<std::string> split_code_points(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    next_code_point(text, at);
    parts.emplace_back(text.substr(begin, at - begin));
  }
  return parts;
}

std::u32string decode(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::int32_t c = next_code_point(text, at);
    out += c < 0 ? U'\uFFFD' : static_cast<char32_t>(c);
  }
  return out;
}

std::string encode(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

std::size_t byte_offset(std::string_view text, std::int64_t index) {
  std::size_t at = 0;
  while (at < text.size() && index > 0) {
    ++at;
    while (at < text.size() && (text[at] & 0xC0) == 0x80) ++at;
    --index;
  }
  return at;
}

bool is_space(char32_t c) {
  return within(c, 9, 13) || within(c, 28, 32) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         within(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_alphabetic(char32_t c) {
  return within(category(c), UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO);
}
bool is_decimal(char32_t c) { return category(c) == UTF8PROC_CATEGORY_ND; }
bool is_digit(char32_t c) {
  return is_decimal(c) || c == 0xB2 || c == 0xB3 || c == 0xB9 || c == 0x2070 ||
         within(c, 0x2074, 0x2079) || within(c, 0x2080, 0x2089) || within(c, 0x2460, 0x2468) ||
         within(c, 0x2474, 0x247C) || within(c, 0x2488, 0x2490) || within(c, 0x2776, 0x277E) ||
         within(c, 0x2780, 0x2788) || within(c, 0x278A, 0x2792);
}
bool is_numeric(char32_t c) {
  return within(category(c), UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}
bool is_upper(char32_t c) {
  return category(c) == UTF8PROC_CATEGORY_LU || within(c, 0x2160, 0x216F) ||
         within(c, 0x24B6, 0x24CF) || within(c, 0x1F130, 0x1F149) || within(c, 0x1F150, 0x1F169) ||
         within(c, 0x1F170, 0x1F189);
}
bool is_lower(char32_t c) {
  return category(c) == UTF8PROC_CATEGORY_LL || c == 0xAA || c == 0xBA || within(c, 0x2B0, 0x2B8) ||
         within(c, 0x2C0, 0x2C1) || within(c, 0x2E0, 0x2E4) || within(c, 0x2170, 0x217F) ||
         within(c, 0x24D0, 0x24E9) || within(c, 0x1D2C, 0x1D6A) || c == 0x2071 || c == 0x207F ||
         within(c, 0x2090, 0x209C);
}
bool is_title(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LT; }

bool is_printable(char32_t c) {
  if (c == ' ') return true;
  switch (category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
  }
}

std::string upper(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    for (char& c : out)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
  }
  std::u32string out;
  for (const char32_t c : decode(text)) append_upper(out, c);
  return encode(out);
}

std::string lower(std::string_view text) {
  if (is_ascii(text)) return to_lower_ascii(text);
  const std::u32string in = decode(text);
  std::u32string out;
  for (std::size_t i = 0; i < in.size(); ++i) append_lower(out, in, i);
  return encode(out);
}

std::string title(std::string_view text) {
  const std::u32string in = decode(text);
  std::u32string out;
  bool inside_word = false;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (inside_word)
      append_lower(out, in, i);
    else
      append_title(out, in[i]);
    inside_word = is_cased(in[i]);
  }
  return encode(out);
}

std::string capitalize(std::string_view text) {
  const std::u32string in = decode(text);
  std::u32string out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (i == 0)
      append_title(out, in[i]);
    else
      append_lower(out, in, i);
  }
  return encode(out);
}

std::string swap_case(std::string_view text) {
  const std::u32string in = decode(text);
  std::u32string out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (is_upper(in[i]))
      append_lower(out, in, i);
    else if (is_lower(in[i]))
      append_upper(out, in[i]);
    else
      out += in[i];
  }
  return encode(out);
}

namespace {

template <class Predicate>
std::string_view strip_if(std::string_view text, Ends ends, Predicate drop) {
  if (ends != Ends::kRight) {
    while (!text.empty()) {
      std::size_t at = 0;
      const std::int32_t c = next_code_point(text, at);
      if (c < 0 || !drop(static_cast<char32_t>(c))) break;
      text.remove_prefix(at);
    }
  }
  if (ends != Ends::kLeft) {
    while (!text.empty()) {
      std::size_t begin = text.size() - 1;
      while (begin > 0 && (text[begin] & 0xC0) == 0x80) --begin;
      std::size_t at = begin;
      const std::int32_t c = next_code_point(text, at);
      if (c < 0 || !drop(static_cast<char32_t>(c))) break;
      text.remove_suffix(text.size() - begin);
    }
  }
  return text;
}

}  // namespace

std::string_view strip(std::string_view text, Ends ends) { return strip_if(text, ends, is_space); }

std::string_view strip(std::string_view text, Ends ends, std::string_view characters) {
  const std::u32string set = decode(characters);
  return strip_if(text, ends, [&](char32_t c) { return set.find(c) != std::u32string::npos; });
}

std::vector<std::string> split_lines(std::string_view text, bool keep_ends) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = at;
    const std::int32_t c = next_code_point(text, at);
    const bool breaks =
        (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
    if (!breaks) continue;
    if (lines.size() >= kMaxParts) throw Failure("a string is split into too many lines");
    if (c == '\r' && at < text.size() && text[at] == '\n') ++at;
    lines.emplace_back(text.substr(begin, (keep_ends ? at : end) - begin));
    begin = at;
  }
  if (begin < text.size()) lines.emplace_back(text.substr(begin));
  return lines;
}

}  // namespace quorum::jinja
