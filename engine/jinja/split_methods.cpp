// Methods of str that cut it into pieces, and those that ask what it consists of.
#include <algorithm>

#include "engine/jinja/builtins.h"
#include "engine/jinja/methods.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {
namespace {

void add_part(std::vector<std::string>& parts, std::string_view part) {
  if (parts.size() >= kMaxParts) throw Failure("a string is split into too many parts");
  parts.emplace_back(part);
}

std::vector<std::string> split_at(std::string_view text, std::string_view separator,
                                  std::int64_t limit) {
  std::vector<std::string> parts;
  for (; limit != 0; --limit) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    add_part(parts, text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  add_part(parts, text);
  return parts;
}

std::vector<std::string> split_at_from_end(std::string_view text, std::string_view separator,
                                           std::int64_t limit) {
  std::vector<std::string> parts;
  for (; limit != 0; --limit) {
    const std::size_t at = text.rfind(separator);
    if (at == std::string_view::npos) break;
    add_part(parts, text.substr(at + separator.size()));
    text.remove_suffix(text.size() - at);
  }
  add_part(parts, text);
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::size_t word_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const std::string_view rest = text.substr(size);
    if (strip(rest, Ends::kLeft).size() != rest.size()) break;
    size += byte_offset(rest, 1);
  }
  return size;
}

std::vector<std::string> split_words(std::string_view text, std::int64_t limit) {
  std::vector<std::string> parts;
  for (text = strip(text, Ends::kLeft); !text.empty(); text = strip(text, Ends::kLeft)) {
    if (limit-- == 0) {
      add_part(parts, text);
      break;
    }
    const std::size_t size = word_size(text);
    add_part(parts, text.substr(0, size));
    text.remove_prefix(size);
  }
  return parts;
}

std::vector<std::string> split_words_from_end(std::string_view text, std::int64_t limit) {
  std::vector<std::string> parts;
  for (text = strip(text, Ends::kRight); !text.empty(); text = strip(text, Ends::kRight)) {
    if (limit-- == 0) {
      add_part(parts, text);
      break;
    }
    std::size_t begin = text.size();
    while (begin > 0) {
      const std::string_view head = text.substr(0, begin);
      if (strip(head, Ends::kRight).size() != head.size()) break;
      --begin;
      while (begin > 0 && (text[begin] & 0xC0) == 0x80) --begin;
    }
    add_part(parts, text.substr(begin));
    text = text.substr(0, begin);
  }
  std::reverse(parts.begin(), parts.end());
  return parts;
}

template <bool from_end>
Value split(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("split", arguments, {"sep", "maxsplit"});
  const std::int64_t limit = bound.integer(1, -1);
  runtime.charge(self.as_text().size() / 16);
  if (bound.optional(0) == nullptr)
    return runtime.texts(
        from_end ? split_words_from_end(self.as_text(), limit) : split_words(self.as_text(), limit),
        self.is_markup());
  const std::string& separator = bound.text(0);
  if (separator.empty()) throw Failure("empty separator");
  runtime.charge_search(self.as_text(), separator);
  return runtime.texts(from_end ? split_at_from_end(self.as_text(), separator, limit)
                                : split_at(self.as_text(), separator, limit),
                       self.is_markup());
}

Value lines(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("splitlines", arguments, {"keepends"});
  runtime.charge(self.as_text().size() / 16);
  return runtime.texts(split_lines(self.as_text(), bound.truth(0, false)), self.is_markup());
}

template <bool from_end>
Value partition(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("partition", arguments, {""}, 1);
  const std::string &text = self.as_text(), &separator = bound.text(0);
  if (separator.empty()) throw Failure("empty separator");
  runtime.charge_search(text, separator);
  const std::size_t at = from_end ? text.rfind(separator) : text.find(separator);
  std::string head = text, middle, tail;
  if (at != std::string::npos) {
    head = text.substr(0, at);
    middle = separator;
    tail = text.substr(at + separator.size());
  } else if (from_end) {
    std::swap(head, tail);
  }
  const bool markup = self.is_markup();
  return runtime.tuple({runtime.text(std::move(head), markup),
                        runtime.text(std::move(middle), markup),
                        runtime.text(std::move(tail), markup)});
}

template <bool (*predicate)(char32_t), bool of_empty = false>
Value all(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("str test", arguments, {});
  runtime.charge(self.as_text().size() / 8);
  const std::u32string text = decode(self.as_text());
  return Value::boolean(text.empty() ? of_empty : std::all_of(text.begin(), text.end(), predicate));
}

bool is_alphanumeric(char32_t c) { return is_alphabetic(c) || is_digit(c) || is_numeric(c); }
bool is_ascii(char32_t c) { return c < 0x80; }

template <bool upper>
Value is_case(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("str test", arguments, {});
  runtime.charge(self.as_text().size() / 8);
  bool has_cased = false;
  for (const char32_t c : decode(self.as_text())) {
    if (is_title(c) || (upper ? is_lower(c) : is_upper(c))) return Value::boolean(false);
    has_cased = has_cased || (upper ? is_upper(c) : is_lower(c));
  }
  return Value::boolean(has_cased);
}

Value is_title_case(Runtime& runtime, const Value& self, const Arguments& arguments) {
  const Bound bound("str test", arguments, {});
  runtime.charge(self.as_text().size() / 8);
  bool inside_word = false, has_cased = false;
  for (const char32_t c : decode(self.as_text())) {
    const bool begins = is_upper(c) || is_title(c);
    if (begins ? inside_word : is_lower(c) && !inside_word) return Value::boolean(false);
    inside_word = begins || is_lower(c);
    has_cased = has_cased || inside_word;
  }
  return Value::boolean(has_cased);
}

constexpr NamedBuiltin kSplits[] = {
    {"split", split<false>},         {"rsplit", split<true>},         {"splitlines", lines},
    {"partition", partition<false>}, {"rpartition", partition<true>},
};

constexpr NamedBuiltin kTests[] = {
    {"isalpha", all<is_alphabetic>},  {"isalnum", all<is_alphanumeric>},
    {"isdecimal", all<is_decimal>},   {"isdigit", all<is_digit>},
    {"isnumeric", all<is_numeric>},   {"isspace", all<is_space>},
    {"isascii", all<is_ascii, true>}, {"isprintable", all<is_printable, true>},
    {"isupper", is_case<true>},       {"islower", is_case<false>},
    {"istitle", is_title_case},
};

template <std::size_t N>
Builtin find(const NamedBuiltin (&table)[N], std::string_view name) {
  for (const NamedBuiltin& entry : table)
    if (entry.name == name) return entry.function;
  return nullptr;
}

}  // namespace

Builtin find_split_method(std::string_view name) { return find(kSplits, name); }
Builtin find_text_test_method(std::string_view name) { return find(kTests, name); }

}  // namespace quorum::jinja
