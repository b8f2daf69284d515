#include "benchmarks/livecodebench/python_literal.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"

namespace quorum::code {
namespace {

constexpr int kMaxDepth = 100;

class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : text_(text) {}

  bool value(std::string& out, int depth) {
    if (depth > kMaxDepth) return false;
    space();
    switch (peek()) {
      case '[': return sequence(out, ']', depth);
      case '(': return sequence(out, ')', depth);
      case '{': return dict(out, depth);
      case '\'':
      case '"': return text(out);
      default: break;
    }
    // inf and nan are no literals, but what repr() writes for floats; JSON for Python.
    static constexpr std::pair<const char*, const char*> kWords[] = {
        {"None", "null"},    {"True", "true"},      {"False", "false"},
        {"inf", "Infinity"}, {"-inf", "-Infinity"}, {"nan", "NaN"}};
    for (const auto& [word, json] : kWords) {
      if (!take(word)) continue;
      out += json;
      return true;
    }
    return number(out);
  }

  bool elements(std::vector<std::string>& out) {
    space();
    if (!take("[")) return false;
    space();
    if (take("]")) return true;
    for (;;) {
      if (!value(out.emplace_back(), 1)) return false;
      space();
      if (take("]")) return true;
      if (!take(",")) return false;
    }
  }

  bool at_end() {
    space();
    return at_ == text_.size();
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }
  void space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t') ++at_;
  }

  bool sequence(std::string& out, char close, int depth) {
    ++at_;
    out += '[';
    for (bool first = true;; first = false) {
      space();
      if (peek() == close) break;
      if (!first) out += ',';
      if (!value(out, depth + 1)) return false;
      space();
      if (!take(",") && peek() != close) return false;
    }
    ++at_;
    out += ']';
    return true;
  }

  bool dict(std::string& out, int depth) {
    ++at_;
    out += '{';
    for (bool first = true;; first = false) {
      space();
      if (peek() == '}') break;
      if (!first) out += ',';
      if (peek() != '\'' && peek() != '"') return false;
      if (!text(out)) return false;
      space();
      if (!take(":")) return false;
      out += ':';
      if (!value(out, depth + 1)) return false;
      space();
      if (!take(",") && peek() != '}') return false;
    }
    ++at_;
    out += '}';
    return true;
  }

  bool number(std::string& out) {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    const std::size_t digits = at_;
    while (std::string_view("0123456789.eE+-").find(peek()) != std::string_view::npos &&
           peek() != '\0')
      ++at_;
    const std::string written(text_.substr(begin, at_ - begin));
    if (at_ == digits || !nlohmann::json::accept(written)) return false;
    out += written;
    return true;
  }

  bool hex(int digits, char32_t& point) {
    point = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const std::size_t value = std::string_view("0123456789abcdef").find(peek());
      if (value == std::string_view::npos || peek() == '\0') return false;
      point = point * 16 + static_cast<char32_t>(value);
    }
    return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
  }

  bool text(std::string& out) {
    const char quote = text_[at_++];
    std::string meaning;
    for (;;) {
      if (at_ >= text_.size()) return false;
      const char c = text_[at_++];
      if (c == quote) break;
      if (c != '\\') {
        meaning += c;
        continue;
      }
      char32_t point = 0;
      const char name = peek();
      ++at_;
      switch (name) {
        case '\\':
        case '\'':
        case '"': meaning += name; break;
        case 'n': meaning += '\n'; break;
        case 'r': meaning += '\r'; break;
        case 't': meaning += '\t'; break;
        case 'x':
        case 'u':
        case 'U':
          if (!hex(name == 'x' ? 2 : name == 'u' ? 4 : 8, point)) return false;
          append_utf8(meaning, point);
          break;
        default: return false;
      }
    }
    if (!is_valid_utf8(meaning)) return false;
    out += nlohmann::json(meaning).dump();
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> literal_to_json(std::string_view literal) {
  LiteralReader reader(literal);
  std::string out;
  if (!reader.value(out, 0) || !reader.at_end()) return std::nullopt;
  return out;
}

std::optional<std::vector<std::string>> list_to_json(std::string_view literal) {
  LiteralReader reader(literal);
  std::vector<std::string> out;
  if (!reader.elements(out) || !reader.at_end()) return std::nullopt;
  return out;
}

}  // namespace quorum::code
