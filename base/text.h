// Small text helpers: trim, split, hex, UTF-8, and the nearest name for "did you mean".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

// Without ASCII white space at both ends.
std::string_view trim(std::string_view text);
// The parts between separators; an empty text gives one empty part.
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
std::string to_lower_ascii(std::string_view text);
// Lower-case hex, two digits a byte.
std::string to_hex(std::string_view bytes);

// Decodes one UTF-8 code point at `text[at]` and moves `at` past it. A malformed or truncated
// sequence gives -1 and moves one byte. Overlong forms, surrogates and values above U+10FFFF are
// malformed (RFC 3629).
std::int32_t next_code_point(std::string_view text, std::size_t& at);
void append_utf8(std::string& out, char32_t code_point);
bool is_valid_utf8(std::string_view text);
// Each malformed part replaced by U+FFFD as the Unicode standard recommends (maximal subparts).
std::string sanitize_utf8(std::string_view text);
// The number of bytes at the end of `text` that begin, but do not finish, a UTF-8 sequence: 0 to 3.
std::size_t incomplete_utf8_tail(std::string_view text);

// The candidate with the least edit distance to `word`, if that is at most a third of its length;
// empty otherwise.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

}  // namespace quorum
