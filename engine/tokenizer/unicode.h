// The character classes and normal forms that Hugging Face tokenizers use, by the Unicode versions
// that it uses, and the alphabet that writes bytes as visible characters (GPT-2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quorum::tok {

bool is_white_space(char32_t c);  // Unicode White_Space
bool is_numeric(char32_t c);      // general categories Nd, Nl, No
bool is_punctuation(char32_t c);  // ASCII punctuation and general categories P*
bool is_word(char32_t c);         // \w of UTS #18: Alphabetic, M*, Nd, Pc, Join_Control

enum class NormalForm { kNfc, kNfd, kNfkc, kNfkd };
// `text` must be valid UTF-8.
std::string normal_form(std::string_view text, NormalForm form);
std::string lower_case(std::string_view text);

// Every byte as one character of one or two UTF-8 bytes: printable Latin-1 as itself, the rest from
// U+0100 on.
const std::array<std::string, 256>& byte_alphabet();
std::string bytes_to_alphabet(std::string_view bytes);
// The bytes that a token stands for; nullopt when one of its characters is not of the alphabet.
std::optional<std::string> alphabet_to_bytes(std::string_view token);

// Code points of valid UTF-8: the one at `at`, which moves past it.
char32_t next_char(std::string_view text, std::size_t& at);
// The last one before `end`, which moves to its beginning. Precondition: end > 0.
char32_t previous_char(std::string_view text, std::size_t& end);

}  // namespace quorum::tok
