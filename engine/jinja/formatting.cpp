#include "engine/jinja/formatting.h"

#include <algorithm>
#include <cmath>

#include "engine/jinja/builtins.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"

namespace quorum::jinja {
namespace {

void append(Runtime& runtime, std::string& out, std::string_view text) {
  runtime.charge(text.size() / 16);
  if (out.size() + text.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  out += text;
}

class PercentFormatter {
 public:
  PercentFormatter(Runtime& runtime, const Value& format, const Value& values)
      : runtime_(runtime), markup_(format.is_markup()), rest_(format.as_text()), values_(values) {}

  std::string run() {
    std::string out;
    while (!rest_.empty()) {
      const std::size_t percent = rest_.find('%');
      append(runtime_, out, rest_.substr(0, percent));
      if (percent == std::string_view::npos) break;
      rest_.remove_prefix(percent + 1);
      append(runtime_, out, conversion());
    }
    // What can be subscripted counts as a mapping, which may have more than the format asks for.
    const bool mapping_like = values_.is(Kind::kDict) || values_.is(Kind::kList) ||
                              values_.is(Kind::kRange) || values_.is_undefined();
    const bool left_over =
        values_.is(Kind::kTuple) ? used_ < values_.items().size() : used_ == 0 && !mapping_like;
    if (left_over) throw Failure("not all arguments converted during string formatting");
    return out;
  }

 private:
  char peek() const { return rest_.empty() ? '\0' : rest_[0]; }

  Value next_value() {
    if (!values_.is(Kind::kTuple)) {
      if (used_++ > 0) throw Failure("not enough arguments for format string");
      return values_;
    }
    if (used_ >= values_.items().size()) throw Failure("not enough arguments for format string");
    return values_.items()[used_++];
  }

  std::int64_t number() {
    if (peek() == '*') throw Failure("'*' in a format is not supported");
    std::int64_t value = 0;
    for (; peek() >= '0' && peek() <= '9'; rest_.remove_prefix(1))
      value = std::min<std::int64_t>(value * 10 + (peek() - '0'), 1 << 30);
    return value;
  }

  std::string conversion() {
    std::optional<Value> value;
    if (peek() == '(') {
      const std::size_t close = rest_.find(')');
      if (close == std::string_view::npos) throw Failure("incomplete format key");
      if (!values_.is(Kind::kDict)) throw Failure("format requires a mapping");
      const Value* found = values_.as_dict().find(rest_.substr(1, close - 1));
      if (found == nullptr) throw Failure("a format names a key that is missing");
      value = *found;
      rest_.remove_prefix(close + 1);
    }
    FormatSpec spec;
    spec.align = '>';
    bool zero = false;
    for (; !rest_.empty() && std::string_view("#0- +").find(peek()) != std::string_view::npos;
         rest_.remove_prefix(1)) {
      if (peek() == '-') spec.align = '<';
      if (peek() == '0') zero = true;
      if (peek() == '+' || (peek() == ' ' && spec.sign != '+')) spec.sign = peek();
      if (peek() == '#') spec.alternate = true;
    }
    spec.width = number();
    if (peek() == '.') {
      rest_.remove_prefix(1);
      spec.precision = number();
    }
    while (peek() == 'h' || peek() == 'l' || peek() == 'L') rest_.remove_prefix(1);
    if (rest_.empty()) throw Failure("incomplete format");
    const char type = rest_[0];
    rest_.remove_prefix(1);
    if (type == '%') return "%";
    if (!value) value = next_value();
    return converted(*value, type, spec, zero);
  }

  std::string converted(const Value& value, char type, FormatSpec spec, bool zero) {
    if (type == 's' || type == 'r' || type == 'a') {
      std::string text = type == 's' ? to_text(value) : to_repr(value);
      if (markup_ && !value.is_markup()) text = escape_html(text);
      return format_value(Value::text(std::move(text)), spec);
    }
    if (type == 'c' && value.is_text()) {
      if (value.code_points() != 1) throw Failure("%c requires int or char");
      return format_value(value, spec);
    }
    if (std::string_view("diuxXoeEfFgGc").find(type) == std::string_view::npos)
      throw Failure("unsupported format character '" + std::string(1, type) + "'");
    if (value.is_undefined()) throw Failure(value.undefined_message());
    if (!value.is_number())
      throw Failure("%" + std::string(1, type) + " format: a real number is required, not " +
                    type_name(value));
    if (zero && spec.align == '>') {
      spec.zero = true;
      spec.align = '\0';
    }
    spec.type = type == 'i' || type == 'u' ? 'd' : type;
    const bool wants_float = std::string_view("eEfFgG").find(type) != std::string_view::npos;
    if (wants_float) return format_value(Value::real(value.as_double()), spec);
    if (!value.is(Kind::kFloat)) return whole(value.as_int(), spec);
    if (spec.type != 'd')
      throw Failure("%" + std::string(1, type) + " format: an integer is required, not float");
    if (!std::isfinite(value.as_double()) || std::fabs(value.as_double()) > 9.2e18)
      throw Failure("an integer exceeds 64 bits, which is not supported");
    return whole(static_cast<std::int64_t>(value.as_double()), spec);
  }

  static std::string whole(std::int64_t number, FormatSpec spec) {
    if (spec.precision > 0) throw Failure("a precision for an integer is not supported");
    spec.precision = -1;
    return format_value(Value::integer(number), spec);
  }

  Runtime& runtime_;
  bool markup_;
  std::string_view rest_;
  const Value& values_;
  std::size_t used_ = 0;
};

class BraceFormatter {
 public:
  BraceFormatter(Runtime& runtime, const Arguments& arguments, bool markup)
      : runtime_(runtime), arguments_(arguments), markup_(markup) {}

  std::string run(std::string_view format, int depth) {
    if (depth > 2) throw Failure("Max string recursion exceeded");
    std::string out;
    while (!format.empty()) {
      const std::size_t brace = format.find_first_of("{}");
      append(runtime_, out, format.substr(0, brace));
      if (brace == std::string_view::npos) break;
      const char mark = format[brace];
      format.remove_prefix(brace + 1);
      if (!format.empty() && format[0] == mark) {
        append(runtime_, out, std::string_view(&mark, 1));
        format.remove_prefix(1);
        continue;
      }
      if (mark == '}') throw Failure("Single '}' encountered in format string");
      std::size_t end = 0;
      for (int open = 1; end < format.size(); ++end) {
        if (format[end] == '{') ++open;
        if (format[end] == '}' && --open == 0) break;
      }
      if (end == format.size()) throw Failure("expected '}' before end of string");
      append(runtime_, out, field(format.substr(0, end), depth));
      format.remove_prefix(end + 1);
    }
    return out;
  }

 private:
  std::string field(std::string_view text, int depth) {
    const std::size_t name_end = std::min(text.find_first_of(":!"), text.size());
    Value value = resolve(text.substr(0, name_end));
    std::string_view rest = text.substr(name_end);
    if (rest.starts_with('!')) {
      if (rest.size() < 2 || (rest.size() > 2 && rest[2] != ':'))
        throw Failure("expected ':' after conversion specifier");
      if (rest[1] != 's' && rest[1] != 'r' && rest[1] != 'a')
        throw Failure("Unknown conversion specifier " + std::string(rest.substr(1, 1)));
      value = Value::text(rest[1] == 's' ? to_text(value) : to_repr(value));
      rest.remove_prefix(2);
    }
    if (rest.starts_with(':')) rest.remove_prefix(1);
    const std::string spec = run(rest, depth + 1);
    const std::string out =
        spec.empty() ? to_text(value) : format_value(value, parse_format_spec(spec));
    return markup_ && !value.is_markup() ? escape_html(out) : out;
  }

  Value resolve(std::string_view path) {
    const std::size_t first_end = std::min(path.find_first_of(".["), path.size());
    Value value = first(path.substr(0, first_end));
    path.remove_prefix(first_end);
    while (!path.empty()) {
      if (path[0] == '.') {
        const std::size_t end = std::min(path.find_first_of(".[", 1), path.size());
        if (end == 1) throw Failure("Empty attribute in format string");
        value = get_attribute(runtime_, value, path.substr(1, end - 1));
        path.remove_prefix(end);
        continue;
      }
      const std::size_t close = path.find(']');
      if (path[0] != '[' || close == std::string_view::npos)
        throw Failure("Missing ']' in format string");
      if (close == 1) throw Failure("Empty attribute in format string");
      value = get_item(runtime_, value, key(path.substr(1, close - 1)));
      path.remove_prefix(close + 1);
    }
    return value;
  }

  static Value key(std::string_view text) {
    const bool digits = text.find_first_not_of("0123456789") == std::string_view::npos;
    if (!digits) return Value::text(std::string(text));
    return Value::integer(parse_integer(text, 10).value_or(0));
  }

  Value first(std::string_view name) {
    if (name.empty()) {
      if (manual_)
        throw Failure("cannot switch from manual field specification to automatic field numbering");
      automatic_ = true;
      return positional(next_++);
    }
    const Value which = key(name);
    if (which.is(Kind::kInt)) {
      if (automatic_)
        throw Failure("cannot switch from automatic field numbering to manual field specification");
      manual_ = true;
      return positional(static_cast<std::size_t>(which.as_int()));
    }
    for (const auto& [other, value] : arguments_.named)
      if (other == name) return value;
    throw Failure("a format names an argument that is missing: '" + std::string(name) + "'");
  }

  Value positional(std::size_t index) const {
    if (index >= arguments_.positional.size())
      throw Failure("Replacement index " + std::to_string(index) +
                    " out of range for positional args tuple");
    return arguments_.positional[index];
  }

  Runtime& runtime_;
  const Arguments& arguments_;
  bool markup_;
  std::size_t next_ = 0;
  bool automatic_ = false, manual_ = false;
};

}  // namespace

Value percent_format(Runtime& runtime, const Value& format, const Value& values) {
  runtime.charge(format.as_text().size() / 8);
  return runtime.text(PercentFormatter(runtime, format, values).run(), format.is_markup());
}

Value brace_format(Runtime& runtime, const Value& format, const Arguments& arguments) {
  const bool markup = format.is_markup();
  runtime.charge(format.as_text().size() / 4);
  return runtime.text(BraceFormatter(runtime, arguments, markup).run(format.as_text(), 0), markup);
}

}  // namespace quorum::jinja
