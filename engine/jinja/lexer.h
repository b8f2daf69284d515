// Splits a template into tokens as Jinja does with trim_blocks and lstrip_blocks on and
// keep_trailing_newline off.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quorum::jinja {

enum class TokenKind : std::uint8_t {
  kData,
  kBlockBegin,
  kBlockEnd,
  kVariableBegin,
  kVariableEnd,
  kName,
  kText,
  kInteger,
  kFloat,
  kOperator,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  int line = 1;
  std::string text;  // the name, the operator, or the unescaped text
  std::int64_t integer = 0;
  double real = 0;
};

// How an error message calls the token.
std::string describe(const Token& token);

// Throws Failure with the line. The source is valid UTF-8.
std::vector<Token> tokenize(std::string_view source);

// A string literal's inside with its escapes resolved. Throws Failure.
std::string unescape(std::string_view literal, int line);

}  // namespace quorum::jinja
