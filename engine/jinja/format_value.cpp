// The format specification mini-language of Python for strings and numbers.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/jinja/formatting.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {
namespace {

constexpr std::int64_t kMaxWidth = 1 << 20, kMaxPrecision = 400;

std::string with_groups(const std::string& digits, char separator, int size) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % static_cast<std::size_t>(size) == 0) out += separator;
    out += digits[i];
  }
  return out;
}

std::string integer_digits(std::uint64_t magnitude, char type) {
  char buffer[32];
  switch (type) {
    case 'x':
      std::snprintf(buffer, sizeof buffer, "%llx", static_cast<unsigned long long>(magnitude));
      break;
    case 'X':
      std::snprintf(buffer, sizeof buffer, "%llX", static_cast<unsigned long long>(magnitude));
      break;
    case 'o':
      std::snprintf(buffer, sizeof buffer, "%llo", static_cast<unsigned long long>(magnitude));
      break;
    case 'b': {
      std::string out;
      for (; magnitude != 0; magnitude >>= 1) out += (magnitude & 1) != 0 ? '1' : '0';
      std::reverse(out.begin(), out.end());
      return out.empty() ? "0" : out;
    }
    default: return std::to_string(magnitude);
  }
  return buffer;
}

std::string float_digits(double magnitude, const FormatSpec& spec) {
  const char type = spec.type;
  if (std::isnan(magnitude) || std::isinf(magnitude)) {
    std::string word = std::isnan(magnitude) ? "nan" : "inf";
    if (type == 'F' || type == 'E' || type == 'G') word = upper(word);
    return type == '%' ? word + "%" : word;
  }
  if (type == '\0' && spec.precision < 0) return float_repr(magnitude);
  if (spec.precision > kMaxPrecision) throw Failure("a format's precision is too large");
  const int precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision);
  char layout[8] = "%.*f";
  if (type == 'e' || type == 'E' || type == 'g' || type == 'G') layout[3] = type;
  if (type == '\0') layout[3] = 'g';
  char buffer[1024];
  std::snprintf(buffer, sizeof buffer, layout, precision,
                type == '%' ? magnitude * 100 : magnitude);
  std::string out = buffer;
  if (type == '\0' && out.find_first_of(".e") == std::string::npos) out += ".0";
  return type == '%' ? out + "%" : out;
}

std::string pad(const std::string& head, const std::string& body, const FormatSpec& spec,
                char default_align) {
  const auto size = static_cast<std::int64_t>(decode(head).size() + decode(body).size());
  if (spec.width > kMaxWidth) throw Failure("a format's width is too large");
  const std::int64_t missing = std::max<std::int64_t>(spec.width - size, 0);
  char align = spec.align;
  std::string fill = spec.fill;
  if (align == '\0') align = spec.zero ? '=' : default_align;
  if (spec.zero && spec.align == '\0') fill = "0";
  const auto padding = [&](std::int64_t times) {
    std::string out;
    for (std::int64_t i = 0; i < times; ++i) out += fill;
    return out;
  };
  switch (align) {
    case '<': return head + body + padding(missing);
    case '^': return padding(missing / 2) + head + body + padding(missing - missing / 2);
    case '=': return head + padding(missing) + body;
    default: return padding(missing) + head + body;
  }
}

std::string format_number(const Value& value, const FormatSpec& spec) {
  const bool as_float = value.is(Kind::kFloat) ||
                        std::string_view("eEfFgG%").find(spec.type) != std::string_view::npos;
  const bool is_float = spec.type == '\0' ? value.is(Kind::kFloat) : as_float;
  std::string head, body;
  bool negative = false;
  if (is_float) {
    const double number = value.as_double();
    negative = std::signbit(number) && !std::isnan(number);
    body = float_digits(std::fabs(number), spec);
    if (spec.grouping != '\0') {
      const std::size_t whole = std::min(body.find_first_not_of("0123456789"), body.size());
      body = with_groups(body.substr(0, whole), spec.grouping, 3) + body.substr(whole);
    }
  } else {
    const std::int64_t number = value.as_int();
    negative = number < 0;
    const std::uint64_t magnitude =
        negative ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    body = integer_digits(magnitude, spec.type);
    if (spec.grouping != '\0') {
      const bool decimal = spec.type == '\0' || spec.type == 'd' || spec.type == 'n';
      body = with_groups(body, spec.grouping, decimal ? 3 : 4);
    }
    if (spec.alternate && std::string_view("xXob").find(spec.type) != std::string_view::npos)
      head = std::string("0") + spec.type;
  }
  const std::string sign = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  return pad(sign + head, body, spec, '>');
}

std::string format_text(std::string text, const FormatSpec& spec) {
  if (spec.precision >= 0) text.resize(byte_offset(text, spec.precision));
  FormatSpec layout = spec;
  if (spec.zero && spec.align == '\0') {
    layout.fill = "0";
    layout.zero = false;
  }
  return pad("", text, layout, '<');
}

}  // namespace

std::string format_value(const Value& value, const FormatSpec& spec) {
  const std::string type(1, spec.type);
  if (value.is_number()) {
    if (value.is_integral() && spec.type == 'c') {
      if (value.as_int() < 0 || value.as_int() > 0x10FFFF || (value.as_int() >> 11) == 0x1B)
        throw Failure("%c arg not in range(0x110000)");
      return format_text(encode(std::u32string(1, static_cast<char32_t>(value.as_int()))), spec);
    }
    const std::string_view allowed = value.is(Kind::kFloat)
                                         ? std::string_view("eEfFgGn%\0", 9)
                                         : std::string_view("bdnoxXeEfFgG%\0", 14);
    if (allowed.find(spec.type) == std::string_view::npos)
      throw Failure("Unknown format code '" + type + "' for object of type '" + type_name(value) +
                    "'");
    return format_number(value, spec);
  }
  if (!value.is_text())
    throw Failure("unsupported format string passed to " + type_name(value) + ".__format__");
  if (spec.type != '\0' && spec.type != 's')
    throw Failure("Unknown format code '" + type + "' for object of type 'str'");
  if (spec.align == '=' || spec.sign != '-' || spec.alternate || spec.grouping != '\0')
    throw Failure("a format specifier of numbers is used for a string");
  return format_text(value.as_text(), spec);
}

FormatSpec parse_format_spec(std::string_view text) {
  FormatSpec spec;
  const std::string_view all = text;
  const auto is_align = [](char c) { return c == '<' || c == '>' || c == '^' || c == '='; };
  const std::size_t first = byte_offset(text, 1);
  if (first < text.size() && is_align(text[first])) {
    spec.fill = text.substr(0, first);
    spec.align = text[first];
    text.remove_prefix(first + 1);
  } else if (!text.empty() && is_align(text[0])) {
    spec.align = text[0];
    text.remove_prefix(1);
  }
  const auto take = [&](std::string_view set) {
    if (text.empty() || set.find(text[0]) == std::string_view::npos) return '\0';
    const char c = text[0];
    text.remove_prefix(1);
    return c;
  };
  const auto number = [&]() -> std::int64_t {
    std::int64_t value = -1;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
      value =
          std::min<std::int64_t>(std::max<std::int64_t>(value, 0) * 10 + (text[0] - '0'), 1 << 30);
      text.remove_prefix(1);
    }
    return value;
  };
  if (const char sign = take("+- ")) spec.sign = sign;
  spec.alternate = take("#") != '\0';
  spec.zero = take("0") != '\0';
  spec.width = std::max<std::int64_t>(number(), 0);
  spec.grouping = take(",_");
  if (take(".") != '\0') {
    spec.precision = number();
    if (spec.precision < 0) throw Failure("Format specifier missing precision");
  }
  spec.type = take("bcdeEfFgGnosxX%");
  if (!text.empty()) throw Failure("Invalid format specifier '" + std::string(all) + "'");
  return spec;
}

}  // namespace quorum::jinja
