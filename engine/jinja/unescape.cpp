// Escapes of string literals, as Python's unicode-escape codec resolves them.
#include <cstdio>
#include <string_view>

#include "base/text.h"
#include "engine/jinja/lexer.h"
#include "engine/jinja/value.h"

namespace quorum::jinja {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

char32_t read_hex(std::string_view text, std::size_t& at, int digits, int line) {
  char32_t value = 0;
  for (int i = 0; i < digits; ++i, ++at) {
    const int digit = at < text.size() ? hex_digit(text[at]) : -1;
    if (digit < 0) throw Failure("a string literal has a truncated hexadecimal escape", line);
    value = value * 16 + static_cast<char32_t>(digit);
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
    throw Failure("a string literal has an escape that is no Unicode character", line);
  return value;
}

// The codec sees non-ASCII characters as escapes already, so that a backslash before one only
// escapes that backslash.
std::string spelled_out(std::string_view text, std::size_t& at) {
  const auto c = static_cast<unsigned>(next_code_point(text, at));
  char buffer[16];
  std::snprintf(buffer, sizeof buffer,
                c < 0x100     ? "\\x%02x"
                : c < 0x10000 ? "\\u%04x"
                              : "\\U%08x",
                c);
  return buffer;
}

}  // namespace

std::string unescape(std::string_view text, int line) {
  static constexpr std::string_view kNames = "\\'\"abfnrtv", kValues = "\\'\"\a\b\f\n\r\t\v";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at++];
      continue;
    }
    const char c = text[++at];
    if (static_cast<unsigned char>(c) >= 0x80) {
      out += spelled_out(text, at);
      continue;
    }
    ++at;
    if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
      out += kValues[known];
    } else if (c == 'x' || c == 'u' || c == 'U') {
      append_utf8(out, read_hex(text, at, c == 'x' ? 2 : c == 'u' ? 4 : 8, line));
    } else if (c >= '0' && c <= '7') {
      char32_t value = static_cast<char32_t>(c - '0');
      for (int i = 0; i < 2 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++i)
        value = value * 8 + static_cast<char32_t>(text[at++] - '0');
      append_utf8(out, value);
    } else if (c == 'N') {
      throw Failure("\\N{name} escapes are not supported", line);
    } else if (c != '\n') {
      out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace quorum::jinja
