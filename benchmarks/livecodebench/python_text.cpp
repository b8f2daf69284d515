#include "benchmarks/livecodebench/python_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace quorum::code {
namespace {

// The zeros of the scripts that have decimal digits (general category Nd, Unicode 14, that of
// Python 3.11); the nine digits behind each follow it. tests/golden/python_text.py compares.
constexpr std::array<std::int32_t, 66> kZeros = {
    0x30,    0x660,   0x6f0,   0x7c0,   0x966,   0x9e6,   0xa66,   0xae6,   0xb66,   0xbe6,
    0xc66,   0xce6,   0xd66,   0xde6,   0xe50,   0xed0,   0xf20,   0x1040,  0x1090,  0x17e0,
    0x1810,  0x1946,  0x19d0,  0x1a80,  0x1a90,  0x1b50,  0x1bb0,  0x1c40,  0x1c50,  0xa620,
    0xa8d0,  0xa900,  0xa9d0,  0xa9f0,  0xaa50,  0xabf0,  0xff10,  0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0,
    0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2,
    0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0};

// The last code point of `text` and where it begins; malformed bytes give -1, one at a time.
std::int32_t last_code_point(std::string_view text, std::size_t& begin) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(4, text.size()); ++back) {
    begin = text.size() - back;
    std::size_t at = begin;
    const std::int32_t point = next_code_point(text, at);
    if (point >= 0 && at == text.size()) return point;
  }
  begin = text.size() - 1;
  return -1;
}

}  // namespace

bool is_python_space(std::int32_t c) {
  return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

int decimal_digit(std::int32_t c) {
  const auto above = std::upper_bound(kZeros.begin(), kZeros.end(), c);
  if (above == kZeros.begin()) return -1;
  const std::int32_t value = c - *(above - 1);
  return value < 10 ? value : -1;
}

std::string_view python_strip(std::string_view text) {
  while (!text.empty()) {
    std::size_t at = 0;
    if (!is_python_space(next_code_point(text, at))) break;
    text.remove_prefix(at);
  }
  while (!text.empty()) {
    std::size_t begin = 0;
    if (!is_python_space(last_code_point(text, begin))) break;
    text = text.substr(0, begin);
  }
  return text;
}

std::vector<std::string_view> python_split(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (!is_python_space(next_code_point(text, at))) continue;
    if (here > begin) parts.push_back(text.substr(begin, here - begin));
    begin = at;
  }
  if (begin < text.size()) parts.push_back(text.substr(begin));
  return parts;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) {
      lines.push_back(text.substr(at));
      return lines;
    }
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace quorum::code
