#include "benchmarks/math/box_scanner.h"

#include <algorithm>
#include <array>
#include <optional>

#include "benchmarks/math/ascii.h"
#include "benchmarks/math/byte_search.h"

namespace quorum {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// A TeX token that is not a braced group is short in every real answer; a longer one is not
// followed, which bounds the work that overlapping tokens can cause.
constexpr std::size_t kMaxToken = 256;

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  const std::size_t limit = std::min(text.size(), at + 64);
  while (at < limit && is_space(text[at])) ++at;
  return at;
}

// One past the group that opens at `at` with `open`; nullopt when it does not close within
// kMaxToken bytes.
std::optional<std::size_t> end_of_group(std::string_view text, std::size_t at, char open,
                                        char close) {
  const std::size_t limit = std::min(text.size(), at + kMaxToken);
  int depth = 0;
  for (; at < limit; ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == open) {
      ++depth;
    } else if (text[at] == close && --depth == 0) {
      return at + 1;
    }
  }
  return std::nullopt;
}

std::size_t end_of_number(std::string_view text, std::size_t at) {
  const std::size_t limit = std::min(text.size(), at + kMaxToken);
  while (at < limit && is_digit(text[at])) ++at;
  if (at + 1 < limit && text[at] == '.' && is_digit(text[at + 1])) {
    ++at;
    while (at < limit && is_digit(text[at])) ++at;
  }
  return at;
}

// One argument of a command: a group, or a single character, or a command name.
std::optional<std::size_t> end_of_argument(std::string_view text, std::size_t at) {
  at = skip_spaces(text, at);
  if (at >= text.size()) return std::nullopt;
  if (text[at] == '{') return end_of_group(text, at, '{', '}');
  if (text[at] == '\\') {
    std::size_t end = at + 1;
    while (end < text.size() && end < at + 64 && is_letter(text[end])) ++end;
    return end > at + 1 ? std::optional(end) : std::nullopt;
  }
  return is_digit(text[at]) || is_letter(text[at]) ? std::optional(at + 1) : std::nullopt;
}

// One past the unbraced TeX token at `at`; nullopt when nothing there can be an answer.
std::optional<std::size_t> end_of_token(std::string_view text, std::size_t at) {
  std::size_t digits = at;
  if (text[at] == '-' || text[at] == '+') ++digits;
  if (digits < text.size() && is_digit(text[digits])) return end_of_number(text, digits);
  if (digits != at) return std::nullopt;
  if (is_letter(text[at])) {
    // A letter alone is a variable; a word is prose that only speaks of the command.
    const bool word = at + 1 < text.size() && is_letter(text[at + 1]);
    return word ? std::nullopt : std::optional(at + 1);
  }
  if (text[at] != '\\') return std::nullopt;
  std::size_t end = at + 1;
  while (end < text.size() && end < at + 64 && is_letter(text[end])) ++end;
  if (end == at + 1) return std::nullopt;
  const std::string_view name = text.substr(at + 1, end - at - 1);
  constexpr std::array<std::string_view, 6> kTwoArguments = {"frac",  "dfrac", "tfrac",
                                                             "cfrac", "binom", "textcolor"};
  int arguments = 0;
  for (const std::string_view two : kTwoArguments) {
    if (name == two) arguments = 2;
  }
  if (name == "sqrt") arguments = 1;
  if (end < text.size() && text[end] == '[') {
    const auto option = end_of_group(text, end, '[', ']');
    if (!option) return std::nullopt;
    end = *option;
  }
  for (; arguments > 0; --arguments) {
    const auto argument = end_of_argument(text, end);
    if (!argument) return std::nullopt;
    end = *argument;
  }
  while (end < text.size() && text[end] == '{') {
    const auto group = end_of_group(text, end, '{', '}');
    if (!group) return std::nullopt;
    end = *group;
  }
  return end;
}

// The length of a box command's name at `at` (behind the backslash); 0: none.
std::size_t box_command(std::string_view text, std::size_t at) {
  for (const std::string_view name : {"boxed", "fbox", "beginboxed"}) {
    if (text.substr(at, name.size()) != name) continue;
    const std::size_t end = at + name.size();
    return end < text.size() && is_letter(text[end]) ? 0 : name.size();
  }
  return 0;
}

// Where the next box command begins, at or behind `at`, with its backslash or, doubly escaped, its
// two; text.size(): there is none.
std::size_t next_box_command(std::string_view text, std::size_t at) {
  for (std::size_t found = at; (found = find_three(text, "box", found)) != std::string_view::npos;
       found += 3) {
    for (const std::size_t in_front : {0, 1, 5}) {  // boxed, fbox, beginboxed
      if (found < at + in_front + 1) continue;
      const std::size_t name = found - in_front;
      if (text[name - 1] != '\\' || box_command(text, name) == 0) continue;
      std::size_t begin = name - 1;
      while (begin > at && text[begin - 1] == '\\') --begin;
      return (name - begin) % 2 == 0 ? name - 2 : name - 1;
    }
  }
  return text.size();
}

struct OpenBox {
  Box box;
  long depth;  // of braces before the box
};

}  // namespace

BoxScan scan_boxes(std::string_view text) {
  BoxScan scan;
  std::vector<OpenBox> open;
  long depth = 0;
  std::size_t last_opened = 0, last_closed_begin = 0;
  bool any_opened = false, any_closed = false;

  const auto complete = [&](Box box) {
    while (!scan.boxes.empty() && scan.boxes.back().begin > box.begin) scan.boxes.pop_back();
    if (!any_closed || box.begin > last_closed_begin) last_closed_begin = box.begin;
    any_closed = true;
    scan.boxes.push_back(box);
  };

  std::size_t at = 0;
  while (at < text.size()) {
    // Outside every box braces mean nothing: jump to the next command.
    if (open.empty()) {
      const std::size_t next = next_box_command(text, at);
      scan.steps += next - at + 1;
      if (next == text.size()) break;
      at = next;
    } else {
      ++scan.steps;
    }
    const char c = text[at];
    if (c == '{') {
      ++depth;
      ++at;
      continue;
    }
    if (c == '}') {
      ++at;
      if (depth > open.back().depth + 1) {
        --depth;
        continue;
      }
      Box box = open.back().box;
      depth = open.back().depth;
      open.pop_back();
      box.content_end = at - 1;
      box.end = at;
      complete(box);
      continue;
    }
    if (c != '\\') {
      ++at;
      continue;
    }

    const std::size_t slashes_begin = at;
    std::size_t name_at = at + 1;
    bool doubled = false;
    if (name_at < text.size() && text[name_at] == '\\' && box_command(text, name_at + 1) > 0) {
      doubled = true;
      ++name_at;
    }
    const std::size_t name = box_command(text, name_at);
    if (name == 0) {
      at += 2;  // an escaped character, \{ among them
      continue;
    }
    const std::size_t after_name = name_at + name;
    const std::size_t argument = skip_spaces(text, after_name);
    scan.steps += argument - at;
    Box box;
    box.begin = slashes_begin;
    box.double_escaped = doubled;
    if (argument >= text.size()) {  // cut right behind the command
      last_opened = slashes_begin;
      any_opened = true;
      at = argument;
      continue;
    }
    if (text[argument] == '{') {
      last_opened = slashes_begin;
      any_opened = true;
      box.content_begin = argument + 1;
      open.push_back({box, depth});
      ++depth;
      at = argument + 1;
      continue;
    }
    const auto token_end = end_of_token(text, argument);
    if (!token_end) {
      at = after_name;
      continue;
    }
    scan.steps += *token_end - argument;
    box.braced = false;
    box.content_begin = argument;
    box.content_end = box.end = *token_end;
    last_opened = slashes_begin;
    any_opened = true;
    complete(box);
    at = *token_end;
  }
  scan.unbalanced = any_opened && (!any_closed || last_opened > last_closed_begin);
  return scan;
}

std::string unwrap_inner_boxes(std::string_view content) {
  // Real nesting is one or two deep; more is an attack on the repeated scans.
  constexpr int kMaxNesting = 8;
  for (int nesting = 0; nesting < kMaxNesting; ++nesting) {
    const BoxScan scan = scan_boxes(content);
    if (scan.boxes.empty()) return std::string(content);
    const Box& last = scan.boxes.back();
    std::size_t rest = last.end;
    while (rest < content.size() && (is_space(content[rest]) || content[rest] == '$')) ++rest;
    if (rest == content.size()) {
      content = content.substr(last.content_begin, last.content_end - last.content_begin);
      continue;
    }
    std::string out;
    std::size_t at = 0;
    for (const Box& box : scan.boxes) {
      out.append(content, at, box.begin - at);
      out.append(content, box.content_begin, box.content_end - box.content_begin);
      at = box.end;
    }
    out.append(content, at);
    return out;
  }
  return {};
}

}  // namespace quorum
