#include "engine/tokenizer/unicode.h"

#include <oniguruma.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "engine/tokenizer/unicode_versions.h"

namespace quorum::tok {

namespace {

template <class Range>
const Range* find_range(std::span<const Range> ranges, char32_t c) {
  const auto found = std::partition_point(ranges.begin(), ranges.end(),
                                          [&](const Range& range) { return range.last < c; });
  return found != ranges.end() && found->first <= c ? &*found : nullptr;
}

bool contains(std::span<const CodeRange> ranges, char32_t c) {
  return find_range(ranges, c) != nullptr;
}

}  // namespace

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_numeric(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL ||
         category == UTF8PROC_CATEGORY_NO || contains(newer_numeric(), c);
}

bool is_punctuation(char32_t c) {
  if (c < 0x80)
    return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) ||
           (c >= 123 && c <= 126);
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  const bool is_now = category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
  return is_now ? !contains(newer_punctuation(), c) : contains(older_punctuation(), c);
}

bool is_word(char32_t c) {
  if (c < 0x80)
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  static const std::array<int, 4> classes = [] {
    std::array<int, 4> ctypes;
    constexpr std::string_view kNames[] = {"alphabetic", "m", "nd", "pc"};
    for (std::size_t i = 0; i < ctypes.size(); ++i) {
      std::string name(kNames[i]);
      auto* const begin = reinterpret_cast<OnigUChar*>(name.data());
      ctypes[i] = ONIG_ENCODING_UTF8->property_name_to_ctype(ONIG_ENCODING_UTF8, begin,
                                                             begin + name.size());
      QUORUM_CHECK(ctypes[i] >= 0, kNames[i]);
    }
    return ctypes;
  }();
  return c == 0x200C || c == 0x200D || contains(newer_words(), c) ||
         std::any_of(classes.begin(), classes.end(), [&](int ctype) {
           return ONIGENC_IS_CODE_CTYPE(ONIG_ENCODING_UTF8, c, static_cast<unsigned>(ctype)) != 0;
         });
}

char32_t next_char(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  return static_cast<char32_t>(std::max(next_code_point(text, at), 0));
}

char32_t previous_char(std::string_view text, std::size_t& end) {
  do {
    --end;
  } while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
  std::size_t at = end;
  return next_char(text, at);
}

std::string lower_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    // The only character whose lower case has two.
    if (c == 0x130)
      out += "i\xCC\x87";
    else if (const LowerRange* range = find_range(newer_lower_case(), c))
      append_utf8(out, static_cast<char32_t>(static_cast<std::int32_t>(c) + range->distance));
    else
      append_utf8(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
  }
  return out;
}

const std::array<std::string, 256>& byte_alphabet() {
  static const std::array<std::string, 256> alphabet = [] {
    std::array<std::string, 256> table;
    char32_t next = 256;
    for (char32_t byte = 0; byte < 256; ++byte) {
      const bool visible =
          (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      append_utf8(table[byte], visible ? byte : next++);
    }
    return table;
  }();
  return alphabet;
}

std::string bytes_to_alphabet(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 4);
  for (const char byte : bytes) out += byte_alphabet()[static_cast<unsigned char>(byte)];
  return out;
}

std::optional<std::string> alphabet_to_bytes(std::string_view token) {
  static const std::array<std::int16_t, 512> table = [] {
    std::array<std::int16_t, 512> bytes;
    bytes.fill(-1);
    for (std::int16_t byte = 0; byte < 256; ++byte) {
      std::size_t at = 0;
      bytes[next_char(byte_alphabet()[static_cast<std::size_t>(byte)], at)] = byte;
    }
    return bytes;
  }();
  std::string out;
  out.reserve(token.size());
  for (std::size_t at = 0; at < token.size();) {
    const char32_t c = next_char(token, at);
    if (c >= table.size() || table[c] < 0) return std::nullopt;
    out += static_cast<char>(table[c]);
  }
  return out;
}

}  // namespace quorum::tok
