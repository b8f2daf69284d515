// Texts as Python's str sees them: its white space and its decimal digits are those of Unicode.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace quorum::code {

// The code points for which str.isspace() holds, which str.strip() and str.split() take for white
// space.
bool is_python_space(std::int32_t code_point);
// The value of a decimal digit of any script, as unicodedata.decimal() gives it; -1: none.
int decimal_digit(std::int32_t code_point);

// str.strip(). Bytes that are not UTF-8 are no white space.
std::string_view python_strip(std::string_view text);
// str.split(): the parts between runs of white space, no empty ones.
std::vector<std::string_view> python_split(std::string_view text);
// str.split("\n"): at least one part.
std::vector<std::string_view> split_lines(std::string_view text);

}  // namespace quorum::code
