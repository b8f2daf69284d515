#include <algorithm>

#include "base/text.h"
#include "engine/jinja/builtins.h"
#include "engine/jinja/filters.h"
#include "engine/jinja/formatting.h"
#include "engine/jinja/methods.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {
namespace {

// markupsafe.soft_str: a string stays what it is, Markup or not.
Value soft(Runtime& runtime, const Value& value) {
  return value.is_text() ? value : runtime.text(to_text(value));
}

Value method(Runtime& runtime, const Value& input, std::string_view name,
             const Arguments& arguments) {
  return find_text_method(name)(runtime, soft(runtime, input), arguments);
}

}  // namespace

Value filter_upper(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("upper", arguments, {});
  return method(runtime, input, "upper", {});
}

Value filter_lower(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("lower", arguments, {});
  return method(runtime, input, "lower", {});
}

Value filter_capitalize(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("capitalize", arguments, {});
  return method(runtime, input, "capitalize", {});
}

Value filter_trim(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("trim", arguments, {"chars"});
  return method(runtime, input, "strip", {{bound.has(0) ? bound[0] : Value::none()}, {}});
}

Value filter_center(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("center", arguments, {"width"});
  return method(runtime, input, "center", {{Value::integer(bound.integer(0, 80))}, {}});
}

// Every run between white space, hyphens and opening brackets: its first letter in upper case, the
// rest in lower.
Value filter_title(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("title", arguments, {});
  const std::string text = to_text(input);
  runtime.charge(text.size() / 4);
  std::string out;
  std::size_t at = 0;
  const auto starts_word = [](char32_t c) {
    return c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || is_space(c);
  };
  while (at < text.size()) {
    const std::size_t begin = at;
    const auto first = static_cast<char32_t>(next_code_point(text, at));
    std::size_t end = at;
    if (!starts_word(first)) {
      for (std::size_t next = at; next < text.size(); end = next) {
        const auto c = static_cast<char32_t>(next_code_point(text, next));
        if (starts_word(c)) break;
      }
    }
    out += upper(std::string_view(text).substr(begin, at - begin));
    out += lower(std::string_view(text).substr(at, end - at));
    at = end;
  }
  return runtime.text(std::move(out));
}

Value filter_replace(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("replace", arguments, {"old", "new", "count"}, 2);
  const std::int64_t count = bound.optional(2) == nullptr ? -1 : bound.integer(2, -1);
  const std::string text = to_text(input), from = to_text(bound[0]), to = to_text(bound[1]);
  runtime.charge_search(text, from);
  runtime.charge((text.size() + from.size() + to.size()) / 16);
  return runtime.text(replace_text(text, from, to, count));
}

Value filter_string(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("string", arguments, {});
  return soft(runtime, input);
}

Value filter_safe(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("safe", arguments, {});
  return runtime.text(to_text(input), true);
}

Value filter_escape(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("escape", arguments, {});
  return input.is_markup() ? input : runtime.text(escape_html(to_text(input)), true);
}

Value filter_forceescape(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("forceescape", arguments, {});
  return runtime.text(escape_html(to_text(input)), true);
}

Value filter_format(Runtime& runtime, const Value& input, const Arguments& arguments) {
  if (arguments.named.empty())
    return percent_format(runtime, soft(runtime, input), runtime.tuple(arguments.positional));
  if (!arguments.positional.empty())
    throw Failure("can't handle positional and keyword arguments at the same time");
  auto named = std::make_shared<DictObject>();
  for (const auto& [name, value] : arguments.named) named->set(name, value);
  return percent_format(runtime, soft(runtime, input), Value::dict(std::move(named)));
}

Value filter_indent(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("indent", arguments, {"width", "first", "blank"});
  if (input.is_undefined()) throw Failure(input.undefined_message());
  if (!input.is_text()) throw Failure("indent() needs a string, got " + type_name(input));
  std::string indention;
  if (bound.has(0) && bound[0].is_text()) {
    indention = bound[0].as_text();
    if (input.is_markup() && !bound[0].is_markup()) indention = escape_html(indention);
  } else {
    const std::int64_t width = bound.integer(0, 4);
    if (width > 1 << 20) throw Failure("indent(): the width is too large");
    indention.assign(static_cast<std::size_t>(std::max<std::int64_t>(width, 0)), ' ');
  }
  const bool first = bound.truth(1, false), blank = bound.truth(2, false);
  runtime.charge(input.as_text().size() / 8);
  std::string out;
  bool is_first = true;
  for (const std::string& line : split_lines(input.as_text() + "\n", false)) {
    if (!is_first) out += "\n";
    if (is_first ? first : blank || !line.empty()) out += indention;
    is_first = false;
    out += line;
    if (out.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  }
  return runtime.text(std::move(out), input.is_markup());
}

Value filter_join(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("join", arguments, {"d", "attribute"});
  const std::string separator = bound.has(0) ? to_text(bound[0]) : "";
  const AttributeGetter attribute(runtime, bound.optional(1) ? bound[1] : Value::none());
  std::string out;
  bool first = true;
  for (const Value& item : iterate(runtime, input)) {
    if (!first) out += separator;
    first = false;
    const std::size_t before = out.size();
    out += to_text(attribute(item));
    runtime.charge((out.size() - before) / 16);
    if (out.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  }
  return runtime.text(std::move(out));
}

Value filter_truncate(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("truncate", arguments, {"length", "killwords", "end", "leeway"});
  const std::int64_t limit = bound.integer(0, 255);
  const std::int64_t leeway = bound.optional(3) == nullptr ? 5 : bound.integer(3, 5);
  const std::string end = bound.has(2) ? bound.text(2) : "...";
  const std::int64_t kept = limit - Value::text(end).code_points();
  if (kept < 0) throw Failure("truncate(): expected a length of at least that of its end");
  if (leeway < 0) throw Failure("truncate(): expected leeway >= 0");
  if (length(input) - leeway <= limit) return input;
  if (!input.is_text()) throw Failure("truncate() needs a string, got " + type_name(input));
  std::string text = input.as_text().substr(0, byte_offset(input.as_text(), kept));
  if (!bound.truth(1, false)) text = text.substr(0, text.rfind(' '));
  return runtime.text(text + end, input.is_markup());
}

Value filter_wordcount(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("wordcount", arguments, {});
  const std::string text = to_text(input);
  runtime.charge(text.size() / 4);
  std::int64_t words = 0;
  bool inside = false;
  for (const char32_t c : decode(text)) {
    const bool is_word = c == '_' || is_alphabetic(c) || is_digit(c) || is_numeric(c);
    if (is_word && !inside) ++words;
    inside = is_word;
  }
  return Value::integer(words);
}

namespace {

std::string percent_encode(std::string_view text, bool in_query) {
  static constexpr std::string_view kSafe =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
  std::string out;
  for (const char c : text) {
    if (kSafe.find(c) != std::string_view::npos || (c == '/' && !in_query)) {
      out += c;
    } else if (c == ' ' && in_query) {
      out += '+';
    } else {
      static constexpr char kHex[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

}  // namespace

Value filter_urlencode(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("urlencode", arguments, {});
  if (input.is_text() || !is_iterable(input))
    return runtime.text(percent_encode(to_text(input), false));
  const Value pairs = input.is(Kind::kDict) ? filter_items(runtime, input, {}) : input;
  std::string out;
  for (const Value& pair : iterate(runtime, pairs)) {
    const std::vector<Value> parts = iterate(runtime, pair);
    if (parts.size() != 2) throw Failure("urlencode() needs pairs");
    if (!out.empty()) out += "&";
    out += percent_encode(to_text(parts[0]), true) + "=" + percent_encode(to_text(parts[1]), true);
    if (out.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  }
  return runtime.text(std::move(out));
}

}  // namespace quorum::jinja
