#include "engine/jinja/lexer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/unicode.h"
#include "engine/jinja/value.h"

namespace quorum::jinja {
namespace {

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

std::string normalize_newlines(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] != '\r') {
      out += source[i];
      continue;
    }
    out += '\n';
    if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
  }
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(normalize_newlines(source)) {}

  std::vector<Token> run() {
    while (at_ < source_.size()) lex_root();
    push(TokenKind::kEnd);
    return std::move(tokens_);
  }

 private:
  std::string_view rest() const { return std::string_view(source_).substr(at_); }
  bool looking_at(std::string_view text) const { return rest().substr(0, text.size()) == text; }

  void advance(std::size_t count) {
    line_ += static_cast<int>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         source_.begin() + static_cast<std::ptrdiff_t>(at_ + count),
                                         '\n'));
    at_ += count;
  }

  Token& push(TokenKind kind, std::string_view text = {}) {
    Token token;
    token.kind = kind;
    token.line = line_;
    token.text = text;
    return tokens_.emplace_back(std::move(token));
  }

  void skip_space() { advance(rest().size() - strip(rest(), Ends::kLeft).size()); }

  // The text before a tag that begins at `tag`; `sign` is what follows the tag's two characters.
  void lex_data(std::size_t tag, char sign, bool is_variable) {
    std::string_view data = std::string_view(source_).substr(at_, tag - at_);
    if (sign == '-') {
      data = strip(data, Ends::kRight);
    } else if (sign != '+' && !is_variable) {
      const std::size_t newline = data.rfind('\n');
      const std::size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
      const bool starts_line = line_start > 0 || at_ == 0 || source_[at_ - 1] == '\n';
      if (starts_line && strip(data.substr(line_start), Ends::kLeft).empty())
        data = data.substr(0, line_start);
    }
    if (!data.empty()) push(TokenKind::kData, data);
    advance(tag - at_);
  }

  void lex_root() {
    std::size_t tag = at_;
    for (;; ++tag) {
      tag = source_.find('{', tag);
      if (tag == std::string::npos || tag + 1 >= source_.size()) {
        push(TokenKind::kData, rest());
        advance(rest().size());
        return;
      }
      const char next = source_[tag + 1];
      if (next == '%' || next == '{' || next == '#') break;
    }
    const char type = source_[tag + 1];
    char sign = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
    if (sign != '-' && sign != '+') sign = '\0';
    lex_data(tag, sign, type == '{');
    const std::size_t opening = sign == '\0' ? 2 : 3;
    if (type == '%') {
      if (const std::size_t size = raw_begin(opening); size > 0) {
        advance(size);
        return lex_raw();
      }
    }
    const int begin_line = line_;
    advance(opening);
    if (type == '#') return lex_comment(begin_line);
    push(type == '%' ? TokenKind::kBlockBegin : TokenKind::kVariableBegin);
    for (;;) {
      skip_space();
      if (at_ >= source_.size()) return;  // the parser says what is missing
      if (lex_end(type == '%')) return;
      lex_token();
    }
  }

  // The end of a tag at this very place, with what it swallows.
  bool lex_end(bool is_block) {
    if (!balance_.empty()) return false;
    const std::string_view close = is_block ? "%}" : "}}";
    const TokenKind kind = is_block ? TokenKind::kBlockEnd : TokenKind::kVariableEnd;
    if (looking_at("-" + std::string(close))) {
      push(kind);
      advance(3);
      skip_space();
    } else if (is_block && looking_at("+%}")) {
      push(kind);
      advance(3);
    } else if (looking_at(close)) {
      push(kind);
      advance(2);
      if (is_block && looking_at("\n")) advance(1);
    } else {
      return false;
    }
    return true;
  }

  void lex_comment(int begin_line) {
    const std::size_t close = source_.find("#}", at_);
    if (close == std::string::npos) throw Failure("Missing end of comment tag", begin_line);
    const char sign = close > at_ ? source_[close - 1] : '\0';
    advance(close + 2 - at_);
    if (sign == '-')
      skip_space();
    else if (sign != '+' && looking_at("\n"))
      advance(1);
  }

  // The length of `{% raw %}` at this place, with the white space that it swallows; 0 where it is
  // another tag.
  std::size_t raw_begin(std::size_t opening) const {
    std::string_view text = strip(rest().substr(opening), Ends::kLeft);
    if (text.substr(0, 3) != "raw") return 0;
    text = strip(text.substr(3), Ends::kLeft);
    if (text.substr(0, 3) == "-%}")
      text = strip(text.substr(3), Ends::kLeft);
    else if (text.substr(0, 2) == "%}")
      text = text.substr(2);
    else
      return 0;
    return rest().size() - text.size();
  }

  void lex_raw() {
    const int begin_line = line_;
    for (std::size_t tag = source_.find("{%", at_); tag != std::string::npos;
         tag = source_.find("{%", tag + 1)) {
      std::string_view text = std::string_view(source_).substr(tag + 2);
      char sign = text.empty() ? '\0' : text[0];
      if (sign == '-' || sign == '+')
        text.remove_prefix(1);
      else
        sign = '\0';
      text = strip(text, Ends::kLeft);
      if (text.substr(0, 6) != "endraw") continue;
      text = strip(text.substr(6), Ends::kLeft);
      if (text.substr(0, 3) == "-%}")
        text = strip(text.substr(3), Ends::kLeft);
      else if (text.substr(0, 3) == "+%}")
        text.remove_prefix(3);
      else if (text.substr(0, 3) == "%}\n")
        text.remove_prefix(3);
      else if (text.substr(0, 2) == "%}")
        text.remove_prefix(2);
      else
        continue;
      const std::size_t end = source_.size() - text.size();
      lex_data(tag, sign, false);
      advance(end - at_);
      return;
    }
    throw Failure("Missing end of raw directive", begin_line);
  }

  void lex_token() {
    const char c = source_[at_];
    if (is_ascii_digit(c)) return lex_number();
    if (c == '"' || c == '\'') return lex_text(c);
    if (const std::size_t size = name_size(); size > 0) {
      push(TokenKind::kName, rest().substr(0, size));
      return advance(size);
    }
    lex_operator();
  }

  std::size_t name_size() const {
    std::size_t at = at_, end = at_;
    while (at < source_.size()) {
      const std::int32_t c = next_code_point(source_, at);
      if (c < 0) break;
      const auto letter = static_cast<char32_t>(c);
      if (c != '_' && !is_alphabetic(letter) && !is_numeric(letter)) break;
      end = at;
    }
    return end - at_;
  }

  // Digits with single underscores between them, from `at`; the end of them.
  std::size_t digits_end(std::size_t at, std::string_view digits) const {
    std::size_t end = at;
    while (end < source_.size()) {
      if (digits.find(source_[end]) != std::string_view::npos)
        ++end;
      else if (source_[end] == '_' && end > at && end + 1 < source_.size() &&
               digits.find(source_[end + 1]) != std::string_view::npos)
        end += 2;
      else
        break;
    }
    return end;
  }

  void lex_number() {
    static constexpr std::string_view kDecimal = "0123456789";
    const std::size_t whole = digits_end(at_, kDecimal);
    std::size_t end = whole;
    if (at_ == 0 || source_[at_ - 1] != '.') {
      const auto digit_at = [&](std::size_t at) {
        return at < source_.size() && is_ascii_digit(source_[at]);
      };
      if (end < source_.size() && source_[end] == '.' && digit_at(end + 1))
        end = digits_end(end + 1, kDecimal);
      if (end < source_.size() && (source_[end] | 0x20) == 'e') {
        std::size_t exponent = end + 1;
        if (exponent < source_.size() && (source_[exponent] == '+' || source_[exponent] == '-'))
          ++exponent;
        if (digit_at(exponent)) end = digits_end(exponent, kDecimal);
      }
    }
    if (end > whole) {
      const auto value = parse_float(rest().substr(0, end - at_));
      push(TokenKind::kFloat, rest().substr(0, end - at_)).real = value.value_or(0);
      return advance(end - at_);
    }
    end = integer_end(whole);
    const std::string_view literal = rest().substr(0, end - at_);
    std::optional<std::int64_t> value;
    try {
      value = parse_integer(literal, 0);
    } catch (const Failure& failure) {
      throw Failure(failure.what(), line_);
    }
    push(TokenKind::kInteger, literal).integer = value.value_or(0);
    advance(end - at_);
  }

  std::size_t integer_end(std::size_t whole) const {
    if (source_[at_] != '0') return whole;
    static constexpr std::array<std::pair<char, std::string_view>, 3> kBases = {
        {{'x', "0123456789abcdefABCDEF"}, {'o', "01234567"}, {'b', "01"}}};
    if (at_ + 2 < source_.size()) {
      for (const auto& [letter, digits] : kBases) {
        if ((source_[at_ + 1] | 0x20) != letter) continue;
        const std::size_t begin = source_[at_ + 2] == '_' ? at_ + 3 : at_ + 2;
        if (const std::size_t end = digits_end(begin, digits); end > begin) return end;
      }
    }
    return digits_end(at_, "0");
  }

  void lex_text(char mark) {
    std::size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != mark) end += source_[end] == '\\' ? 2 : 1;
    if (end >= source_.size()) throw Failure("a string literal is not closed", line_);
    const std::string_view literal = rest().substr(1, end - at_ - 1);
    push(TokenKind::kText, unescape(literal, line_));
    advance(end + 1 - at_);
  }

  void lex_operator() {
    static constexpr std::array<std::string_view, 26> kOperators = {
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
        "]",  "(",  ")",  "{",  "}",  ">",  "<", "=", ".", ":", "|", ",", ";"};
    for (const std::string_view op : kOperators) {
      if (!looking_at(op)) continue;
      const char c = op[0];
      if (c == '(' || c == '[' || c == '{') {
        balance_ += c == '(' ? ')' : c == '[' ? ']' : '}';
      } else if (c == ')' || c == ']' || c == '}') {
        if (balance_.empty()) throw Failure("unexpected '" + std::string(op) + "'", line_);
        const char expected = balance_.back();
        balance_.pop_back();
        if (expected != c)
          throw Failure("unexpected '" + std::string(op) + "', expected '" + expected + "'", line_);
      }
      push(TokenKind::kOperator, op);
      return advance(op.size());
    }
    std::size_t at = 0;
    next_code_point(rest(), at);
    throw Failure("unexpected char " + quote(rest().substr(0, at)), line_);
  }

  std::string source_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string balance_;
  std::vector<Token> tokens_;
};

}  // namespace

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kData: return "template data";
    case TokenKind::kBlockBegin: return "begin of statement block";
    case TokenKind::kBlockEnd: return "end of statement block";
    case TokenKind::kVariableBegin: return "begin of print statement";
    case TokenKind::kVariableEnd: return "end of print statement";
    case TokenKind::kText: return "a string";
    case TokenKind::kEnd: return "end of template";
    default: return "'" + token.text + "'";
  }
}

std::vector<Token> tokenize(std::string_view source) { return Lexer(source).run(); }

}  // namespace quorum::jinja
