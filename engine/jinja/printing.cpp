#include "engine/jinja/printing.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "engine/jinja/callable.h"
#include "engine/jinja/runtime.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {
namespace {

// Appends, and gives up before a value that shares its parts many times over can print
// exponentially much.
class Printer {
 public:
  void add(std::string_view text) {
    if (out_.size() + text.size() > kMaxTextBytes)
      throw Failure("a printed value grows beyond 16 MiB");
    out_ += text;
  }

  void repr(const Value& value, int depth) {
    if (depth > kMaxValueDepth) throw Failure("a value is nested too deep to be printed");
    switch (value.kind()) {
      case Kind::kUndefined: return add("Undefined");
      case Kind::kNone: return add("None");
      case Kind::kBool: return add(value.as_int() != 0 ? "True" : "False");
      case Kind::kInt: return add(std::to_string(value.as_int()));
      case Kind::kFloat: return add(float_repr(value.as_double()));
      case Kind::kText:
        if (!value.is_markup()) return add(quote(value.as_text()));
        return add("Markup(" + quote(value.as_text()) + ")");
      case Kind::kList: return items("[", value, "]", depth);
      case Kind::kTuple: return items("(", value, value.items().size() == 1 ? ",)" : ")", depth);
      case Kind::kView: add(value.view_name()); return items("([", value, "])", depth);
      case Kind::kDict: {
        std::string_view separator = "{";
        for (const auto& [key, entry] : value.as_dict().entries) {
          add(separator);
          repr(key, depth + 1);
          add(": ");
          repr(entry, depth + 1);
          separator = ", ";
        }
        return add(value.as_dict().entries.empty() ? "{}" : "}");
      }
      case Kind::kRange: {
        const RangeObject& range = value.as_range();
        add("range(" + std::to_string(range.start) + ", " + std::to_string(range.stop));
        return add(range.step == 1 ? ")" : ", " + std::to_string(range.step) + ")");
      }
      case Kind::kGenerator: return add("<generator object>");
      case Kind::kNamespace: {
        std::string_view separator = "<Namespace {";
        for (const auto& [name, member] : value.as_namespace().members) {
          add(separator);
          add(quote(name) + ": ");
          repr(member, depth + 1);
          separator = ", ";
        }
        return add(value.as_namespace().members.empty() ? "<Namespace {}>" : "}>");
      }
      case Kind::kLoop: {
        const LoopObject& loop = value.as_loop();
        return add("<LoopContext " + std::to_string(loop.index + 1) + "/" +
                   std::to_string(loop.items ? loop.items->size() : 0) + ">");
      }
      case Kind::kCallable: {
        const CallableObject& callable = value.as_callable();
        if (callable.macro != nullptr)
          return add(callable.name.empty() ? "<Macro anonymous>"
                                           : "<Macro " + quote(callable.name) + ">");
        return add("<built-in function " + callable.name + ">");
      }
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void items(std::string_view open, const Value& value, std::string_view close, int depth) {
    add(open);
    bool first = true;
    for (const Value& item : value.items()) {
      if (!first) add(", ");
      first = false;
      repr(item, depth + 1);
    }
    add(close);
  }

  std::string out_;
};

}  // namespace

std::string to_text(const Value& value) {
  if (value.is_text()) return value.as_text();
  if (value.is_undefined()) return {};
  return to_repr(value);
}

std::string to_repr(const Value& value) {
  Printer printer;
  printer.repr(value, 0);
  return printer.take();
}

std::string float_repr(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string_view scientific(buffer, static_cast<std::size_t>(end - buffer));
  std::string out;
  if (scientific[0] == '-') {
    out = "-";
    scientific.remove_prefix(1);
  }
  const std::size_t e = scientific.find('e');
  std::string digits(1, scientific[0]);
  if (e > 2) digits += scientific.substr(2, e - 2);
  const int exponent = std::atoi(std::string(scientific.substr(e + 1)).c_str());
  const int count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= 16) {
    out += digits[0];
    if (count > 1) out += "." + digits.substr(1);
    std::snprintf(buffer, sizeof buffer, "e%+03d", exponent);
    return out + buffer;
  }
  if (exponent < 0)
    return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1)
    return out + digits + std::string(static_cast<std::size_t>(exponent + 1 - count), '0') + ".0";
  return out + digits.substr(0, static_cast<std::size_t>(exponent) + 1) + "." +
         digits.substr(static_cast<std::size_t>(exponent) + 1);
}

std::string quote(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char mark = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out(1, mark);
  char buffer[16];
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::int32_t c = next_code_point(text, at);
    if (c == mark || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0 || !is_printable(static_cast<char32_t>(c))) {
      const char* format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
      std::snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(c < 0 ? 0xFFFD : c));
      out += buffer;
    } else {
      out += text.substr(begin, at - begin);
    }
  }
  return out + mark;
}

namespace {

// Digits with single underscores between them removed; nullopt where an underscore stands
// elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
      continue;
    }
    const auto is_alnum = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (i == 0 || i + 1 == text.size() || !is_alnum(text[i - 1]) || !is_alnum(text[i + 1]))
      return std::nullopt;
  }
  return out;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text, int base) {
  text = strip(text, Ends::kBoth);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const auto prefixed = [&](char lower_letter) {
    return text.size() > 1 && text[0] == '0' && (text[1] | 0x20) == lower_letter;
  };
  bool had_prefix = false;
  for (const auto& [letter, prefix_base] : {std::pair{'x', 16}, {'o', 8}, {'b', 2}}) {
    if (had_prefix || !prefixed(letter) || (base != 0 && base != prefix_base)) continue;
    base = prefix_base;
    had_prefix = true;
    text.remove_prefix(2);
    if (!text.empty() && text[0] == '_') text.remove_prefix(1);
  }
  const bool guessed = base == 0;
  if (guessed) base = 10;
  const auto digits = without_underscores(text);
  if (!digits || digits->empty()) return std::nullopt;
  if (guessed && (*digits)[0] == '0' && digits->find_first_not_of('0') != std::string::npos)
    return std::nullopt;
  __int128 value = 0;
  bool overflow = false;
  for (const char c : *digits) {
    const int digit = c >= '0' && c <= '9'                     ? c - '0'
                      : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (c | 0x20) - 'a' + 10
                                                               : 99;
    if (digit >= base) return std::nullopt;
    if (!overflow) value = value * base + digit;
    overflow = overflow || value > static_cast<__int128>(INT64_MAX) + 1;
  }
  if (negative) value = -value;
  if (overflow || value > INT64_MAX)
    throw Failure("an integer exceeds 64 bits, which is not supported");
  return static_cast<std::int64_t>(value);
}

std::optional<double> parse_float(std::string_view text) {
  const auto cleaned = without_underscores(strip(text, Ends::kBoth));
  if (!cleaned) return std::nullopt;
  std::string_view rest = *cleaned;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) rest.remove_prefix(1);
  const std::string word = to_lower_ascii(rest);
  if (word != "inf" && word != "infinity" && word != "nan") {
    const auto digits = [&] {
      std::size_t count = 0;
      while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
      rest.remove_prefix(count);
      return count;
    };
    std::size_t mantissa = digits();
    if (!rest.empty() && rest[0] == '.') {
      rest.remove_prefix(1);
      mantissa += digits();
    }
    if (mantissa == 0) return std::nullopt;
    if (!rest.empty() && (rest[0] | 0x20) == 'e') {
      rest.remove_prefix(1);
      if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) rest.remove_prefix(1);
      if (digits() == 0) return std::nullopt;
    }
    if (!rest.empty()) return std::nullopt;
  }
  return std::strtod(cleaned->c_str(), nullptr);
}

}  // namespace quorum::jinja
