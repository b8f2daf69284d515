// json.loads of Python's standard library (its rules, Python 3.11).
#include <cstdlib>
#include <limits>
#include <map>

#include "base/text.h"
#include "benchmarks/livecodebench/typed_value.h"

namespace quorum::code {
namespace {

using Kind = TypedValue::Kind;

struct Stop {
  std::size_t at;
  const char* why;
};

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  TypedValue document() {
    TypedValue out = value(0);
    space();
    if (at_ < text_.size()) fail("something behind the value");
    return out;
  }

 private:
  [[noreturn]] void fail(const char* why) const { throw Stop{at_, why}; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void space() {
    while (at_ < text_.size() &&
           std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool take(std::string_view word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }

  TypedValue value(int depth) {
    if (depth > kMaxValueDepth) fail("nested too deep");
    space();
    const double infinity = std::numeric_limits<double>::infinity();
    switch (peek()) {
      case '{': return map(depth);
      case '[': return list(depth);
      case '"': return text();
      default: break;
    }
    if (take("null")) return {};
    if (take("true")) return TypedValue::integer("1");
    if (take("false")) return TypedValue::integer("0");
    if (take("NaN")) return TypedValue::number(std::numeric_limits<double>::quiet_NaN());
    if (take("Infinity")) return TypedValue::number(infinity);
    if (take("-Infinity")) return TypedValue::number(-infinity);
    return number();
  }

  TypedValue list(int depth) {
    TypedValue out;
    out.kind = Kind::kList;
    ++at_;
    space();
    if (take("]")) return out;
    for (;;) {
      out.items.push_back(value(depth + 1));
      space();
      if (take("]")) return out;
      if (!take(",")) fail("a comma or ] is missing");
    }
  }

  TypedValue map(int depth) {
    TypedValue out;
    out.kind = Kind::kMap;
    std::map<std::string, std::size_t> places;
    ++at_;
    space();
    if (take("}")) return out;
    for (;;) {
      space();
      if (peek() != '"') fail("a key is missing");
      TypedValue key = text();
      space();
      if (!take(":")) fail("a colon is missing");
      TypedValue item = value(depth + 1);
      const auto [place, fresh] = places.emplace(key.text, out.items.size());
      if (fresh) {
        out.items.push_back(std::move(key));
        out.items.push_back(std::move(item));
      } else {
        out.items[place->second + 1] = std::move(item);
      }
      space();
      if (take("}")) return out;
      if (!take(",")) fail("a comma or } is missing");
    }
  }

  TypedValue number() {
    const std::size_t begin = at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      return at_ > first;
    };
    take("-");
    if (!take("0") && !digits()) fail("no JSON value");
    bool integral = true;
    const std::size_t whole = at_;
    if (take(".")) {
      if (!digits())
        at_ = whole;
      else
        integral = false;
    }
    const std::size_t before = at_;
    if (take("e") || take("E")) {
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits())
        at_ = before;
      else
        integral = false;
    }
    const std::string written(text_.substr(begin, at_ - begin));
    return integral ? TypedValue::integer(written)
                    : TypedValue::number(std::strtod(written.c_str(), nullptr));
  }

  char32_t hex4() {
    char32_t out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      if (c >= '0' && c <= '9')
        out = out * 16 + static_cast<char32_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        out = out * 16 + static_cast<char32_t>(c - 'a' + 10);
      else if (c >= 'A' && c <= 'F')
        out = out * 16 + static_cast<char32_t>(c - 'A' + 10);
      else
        fail("a \\u escape without four hex digits");
    }
    return out;
  }

  static void append_any(std::string& out, char32_t point) {
    if (point < 0xD800 || point > 0xDFFF) return append_utf8(out, point);
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }

  TypedValue text() {
    TypedValue out;
    out.kind = Kind::kText;
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) fail("a text without its end");
      const char c = text_[at_++];
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) fail("a control character in a text");
      if (c != '\\') {
        out.text += c;
        continue;
      }
      constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
      const char name = peek();
      ++at_;
      if (name == 'u') {
        char32_t point = hex4();
        const std::size_t here = at_;
        if (point >= 0xD800 && point < 0xDC00 && take("\\u")) {
          const char32_t low = hex4();
          if (low >= 0xDC00 && low < 0xE000)
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
          else
            at_ = here;
        }
        append_any(out.text, point);
      } else if (const std::size_t which = kNames.find(name);
                 name != '\0' && which != std::string_view::npos) {
        out.text += kMeanings[which];
      } else {
        fail("an unknown escape");
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<TypedValue> parse_json_value(std::string_view text) {
  try {
    return JsonReader(text).document();
  } catch (const Stop& stop) {
    return Error(ErrorKind::kData, "is no JSON value",
                 std::string(stop.why) + " at byte " + std::to_string(stop.at));
  }
}

}  // namespace quorum::code
