// Unicode as Python's str sees it: UTF-8 text addressed by code points, white space, case,
// printability.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quorum::jinja {

std::vector<std::string> split_code_points(std::string_view text);
std::u32string decode(std::string_view text);
std::string encode(std::u32string_view text);
// Byte offset of the code point with this index; the end of the text beyond it.
std::size_t byte_offset(std::string_view text, std::int64_t index);

bool is_space(char32_t c);
bool is_alphabetic(char32_t c);  // str.isalpha
bool is_decimal(char32_t c);     // str.isdecimal
bool is_digit(char32_t c);       // str.isdigit
bool is_numeric(char32_t c);     // str.isnumeric, as far as the general category tells
bool is_upper(char32_t c);
bool is_lower(char32_t c);
bool is_title(char32_t c);
bool is_printable(char32_t c);

std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string title(std::string_view text);  // str.title
std::string capitalize(std::string_view text);
std::string swap_case(std::string_view text);

// str.strip with white space, or with a set of code points.
enum class Ends { kLeft, kRight, kBoth };
std::string_view strip(std::string_view text, Ends ends);
std::string_view strip(std::string_view text, Ends ends, std::string_view characters);

// str.splitlines.
std::vector<std::string> split_lines(std::string_view text, bool keep_ends);

}  // namespace quorum::jinja
