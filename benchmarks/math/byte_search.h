// Searches over whole outputs, sixteen bytes at a time: an output has a hundred thousand bytes, of
// which a grader needs a few hundred.
#pragma once

#include <cstddef>
#include <string_view>

namespace quorum {

// Where the three bytes of `wanted` stand first at or behind `from`; npos: nowhere. Linear.
std::size_t find_three(std::string_view text, std::string_view wanted, std::size_t from);

// Where they begin last before `end`, letters of ASCII in either case; `wanted` is in lower case.
std::size_t find_last_three_folded(std::string_view text, std::string_view wanted, std::size_t end);

// A byte that no text has: a control character other than tab, line feed and carriage return.
inline bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
}
bool has_control(std::string_view text);

}  // namespace quorum
