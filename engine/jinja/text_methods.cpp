// Methods of str. Those of Markup escape the strings they are given, as markupsafe does.
#include <algorithm>

#include "engine/jinja/builtins.h"
#include "engine/jinja/formatting.h"
#include "engine/jinja/methods.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {
namespace {

// An argument as it enters the result.
std::string inserted(const Value& self, const Value& value) {
  return self.is_markup() && !value.is_markup() ? escape_html(value.as_text()) : value.as_text();
}

Value same_kind(Runtime& runtime, const Value& self, std::string text) {
  return runtime.text(std::move(text), self.is_markup());
}

template <std::string (*function)(std::string_view)>
Value mapped(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("str method", arguments, {});
  runtime.charge(self.as_text().size() / 8);
  return same_kind(runtime, self, function(self.as_text()));
}

template <Ends ends>
Value stripped(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("strip", arguments, {""});
  runtime.charge(self.as_text().size() / 16);
  if (bound.optional(0) == nullptr)
    return same_kind(runtime, self, std::string(strip(self.as_text(), ends)));
  runtime.charge_search(self.as_text(), bound.text(0));
  runtime.charge(bound.text(0).size() / 16);
  return same_kind(runtime, self, std::string(strip(self.as_text(), ends, bound.text(0))));
}

// The part between the second and third argument; the whole text where they are absent.
Value bounded(Runtime& runtime, const Value& self, const Bound& bound) {
  if (!bound.has(1) && !bound.has(2)) return self;
  return get_slice(runtime, self, bound.has(1) ? bound[1] : Value::none(),
                   bound.has(2) ? bound[2] : Value::none(), Value::none());
}

template <bool at_end>
Value affixed(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const char* name = at_end ? "endswith" : "startswith";
  const Bound bound(name, arguments, {"", "", ""}, 1);
  const Value part = bounded(runtime, self, bound);
  const std::string_view text = part.as_text();
  const bool beyond = bound.has(1) && bound.integer(1, 0) > self.code_points();
  const auto matches = [&](const Value& affix) {
    runtime.charge(1);
    if (!affix.is_text())
      throw Failure(std::string(name) + " first arg must be str or a tuple of str, not " +
                    type_name(affix));
    return !beyond &&
           (at_end ? text.ends_with(affix.as_text()) : text.starts_with(affix.as_text()));
  };
  if (!bound[0].is(Kind::kTuple)) return Value::boolean(matches(bound[0]));
  for (const Value& affix : bound[0].items())
    if (matches(affix)) return Value::boolean(true);
  return Value::boolean(false);
}

template <bool from_end, bool must_exist>
Value found(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("find", arguments, {"", "", ""}, 1);
  const std::string& needle = bound.text(0);
  const Value part = bounded(runtime, self, bound);
  runtime.charge_search(part.as_text(), needle);
  std::int64_t start = bound.has(1) && !bound[1].is_none() ? bound.integer(1, 0) : 0;
  if (start < 0) start = std::max<std::int64_t>(start + self.code_points(), 0);
  const std::size_t at = start > self.code_points() ? std::string::npos
                         : from_end                 ? part.as_text().rfind(needle)
                                                    : part.as_text().find(needle);
  if (at != std::string::npos) {
    const std::string_view before = std::string_view(part.as_text()).substr(0, at);
    return Value::integer(start + std::count_if(before.begin(), before.end(),
                                                [](char c) { return (c & 0xC0) != 0x80; }));
  }
  if (must_exist) throw Failure("substring not found");
  return Value::integer(-1);
}

Value count(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("count", arguments, {"", "", ""}, 1);
  const std::string& needle = bound.text(0);
  const Value part = bounded(runtime, self, bound);
  if (bound.has(1) && bound.integer(1, 0) > self.code_points()) return Value::integer(0);
  if (needle.empty()) return Value::integer(part.code_points() + 1);
  runtime.charge_search(part.as_text(), needle);
  std::int64_t result = 0;
  for (std::size_t at = part.as_text().find(needle); at != std::string::npos;
       at = part.as_text().find(needle, at + needle.size()))
    ++result;
  return Value::integer(result);
}

Value replace(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("replace", arguments, {"", "", ""}, 2);
  bound.text(0);
  bound.text(1);
  const std::int64_t limit = bound.integer(2, -1);
  runtime.charge_search(self.as_text(), bound[0].as_text());
  runtime.charge((self.as_text().size() + bound[1].as_text().size()) / 16);
  return same_kind(
      runtime, self,
      replace_text(self.as_text(), bound[0].as_text(), inserted(self, bound[1]), limit));
}

Value join(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("join", arguments, {""}, 1);
  std::string out;
  bool first = true;
  for (const Value& item : iterate(runtime, bound[0])) {
    if (!item.is_text())
      throw Failure("sequence item: expected str instance, " + type_name(item) + " found");
    if (!first) out += self.as_text();
    first = false;
    out += inserted(self, item);
    if (out.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  }
  return same_kind(runtime, self, std::move(out));
}

template <bool at_end>
Value without_affix(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("removeprefix", arguments, {""}, 1);
  std::string_view text = self.as_text();
  const std::string& affix = bound.text(0);
  if (at_end ? text.ends_with(affix) : text.starts_with(affix)) {
    if (at_end)
      text.remove_suffix(affix.size());
    else
      text.remove_prefix(affix.size());
  }
  return same_kind(runtime, self, std::string(text));
}

template <Ends padded>
Value justified(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("ljust", arguments, {"", ""}, 1);
  std::string fill = bound.has(1) ? bound.text(1) : " ";
  if (bound.has(1) && bound[1].code_points() != 1)
    throw Failure("The fill character must be exactly one character long");
  const std::int64_t width = bound.integer(0, 0), missing = width - self.code_points();
  if (missing <= 0) return self;
  if (missing > static_cast<std::int64_t>(kMaxTextBytes))
    throw Failure("a string grows beyond 16 MiB");
  const auto padding = [&](std::int64_t times) {
    std::string out;
    for (std::int64_t i = 0; i < times; ++i) out += fill;
    return out;
  };
  runtime.charge(static_cast<std::size_t>(missing));
  const std::int64_t left = padded == Ends::kLeft    ? missing
                            : padded == Ends::kRight ? 0
                                                     : missing / 2 + (missing & width & 1);
  return same_kind(runtime, self, padding(left) + self.as_text() + padding(missing - left));
}

Value zero_filled(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("zfill", arguments, {""}, 1);
  const std::int64_t missing = bound.integer(0, 0) - self.code_points();
  if (missing <= 0) return self;
  if (missing > static_cast<std::int64_t>(kMaxTextBytes))
    throw Failure("a string grows beyond 16 MiB");
  std::string text = self.as_text();
  const bool has_sign = !text.empty() && (text[0] == '+' || text[0] == '-');
  text.insert(has_sign ? 1 : 0, static_cast<std::size_t>(missing), '0');
  return same_kind(runtime, self, std::move(text));
}

Value expand_tabs(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("expandtabs", arguments, {"tabsize"});
  const std::int64_t size = std::min<std::int64_t>(bound.integer(0, 8), 1 << 20);
  std::string out;
  std::int64_t column = 0;
  for (const char c : self.as_text()) {
    if (c == '\t') {
      const std::int64_t spaces = size > 0 ? size - column % size : 0;
      runtime.charge(static_cast<std::size_t>(spaces) / 16);
      out.append(static_cast<std::size_t>(spaces), ' ');
      column += spaces;
      if (out.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
      continue;
    }
    out += c;
    if (c == '\n' || c == '\r')
      column = 0;
    else if ((c & 0xC0) != 0x80)
      ++column;
  }
  return same_kind(runtime, self, std::move(out));
}

Value format(Runtime& runtime, const Value& self, const Arguments& arguments) {
  return brace_format(runtime, self, arguments);
}

Value format_map(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("format_map", arguments, {""}, 1);
  if (!bound[0].is(Kind::kDict)) throw Failure("format_map() takes a mapping");
  Arguments named;
  for (const auto& [key, value] : bound[0].as_dict().entries)
    if (key.is_text()) named.named.emplace_back(key.as_text(), value);
  return brace_format(runtime, self, named);
}

constexpr NamedBuiltin kMethods[] = {
    {"upper", mapped<upper>},
    {"lower", mapped<lower>},
    {"casefold", mapped<lower>},
    {"title", mapped<title>},
    {"capitalize", mapped<capitalize>},
    {"swapcase", mapped<swap_case>},
    {"strip", stripped<Ends::kBoth>},
    {"lstrip", stripped<Ends::kLeft>},
    {"rstrip", stripped<Ends::kRight>},
    {"startswith", affixed<false>},
    {"endswith", affixed<true>},
    {"find", found<false, false>},
    {"rfind", found<true, false>},
    {"index", found<false, true>},
    {"rindex", found<true, true>},
    {"count", count},
    {"replace", replace},
    {"join", join},
    {"removeprefix", without_affix<false>},
    {"removesuffix", without_affix<true>},
    {"rjust", justified<Ends::kLeft>},
    {"ljust", justified<Ends::kRight>},
    {"center", justified<Ends::kBoth>},
    {"zfill", zero_filled},
    {"expandtabs", expand_tabs},
    {"format", format},
    {"format_map", format_map},
};

}  // namespace

Builtin find_text_method(std::string_view name) {
  for (const NamedBuiltin& method : kMethods)
    if (method.name == name) return method.function;
  return find_split_method(name);
}

std::string replace_text(const std::string& text, const std::string& from, const std::string& to,
                         std::int64_t count) {
  std::string out;
  std::size_t at = 0;
  const auto check = [&] {
    if (out.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  };
  if (from.empty()) {  // matches before every character and at the end
    for (; count != 0 && at <= text.size(); --count) {
      out += to;
      check();
      if (at == text.size()) return out;
      const std::size_t size = byte_offset(std::string_view(text).substr(at), 1);
      out.append(text, at, size);
      at += size;
    }
    return out.append(text, at, std::string::npos);
  }
  for (; count != 0; --count) {
    const std::size_t next = text.find(from, at);
    if (next == std::string::npos) break;
    out.append(text, at, next - at);
    out += to;
    check();
    at = next + from.size();
  }
  return out.append(text, at, std::string::npos);
}

}  // namespace quorum::jinja
