// Reads marks and commands of a normal form from left to right, for the parser of expressions.
#pragma once

#include <string_view>

#include "benchmarks/math/ascii.h"

namespace quorum {

// Ends the reading of what is no expression, or no unambiguous one.
struct NotRead {};

class ExpressionScanner {
 public:
  explicit ExpressionScanner(std::string_view text) : text_(text) {}

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  char peek() {
    skip_spaces();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool at_end() { return peek() == '\0'; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) throw NotRead{};
  }
  // The name of a command at this place, "": there is none.
  std::string_view command() {
    if (peek() != '\\') return {};
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    return text_.substr(at_ + 1, end - at_ - 1);
  }
  bool take_command(std::string_view name) {
    if (command() != name) return false;
    at_ += 1 + name.size();
    return true;
  }

 protected:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace quorum
