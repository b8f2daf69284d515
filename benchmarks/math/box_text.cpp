#include "benchmarks/math/box_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/number.h"

namespace quorum {
namespace {

bool starts_with(std::string_view text, std::string_view what) {
  return text.substr(0, what.size()) == what;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// \text{and}, \mbox{ or } at the front of `text`; its length, 0: none.
std::size_t joining_words(std::string_view text) {
  for (const std::string_view command : {"\\text{", "\\mbox{", "\\textrm{", "\\mathrm{"}) {
    if (!starts_with(text, command)) continue;
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) return 0;
    std::string_view words = trim(text.substr(command.size(), close - command.size()));
    if (!words.empty() && words.front() == ',') words = trim(words.substr(1));
    const bool joining =
        words.empty() ? text[command.size()] == ',' : words == "and" || words == "or";
    return joining ? close + 1 : 0;
  }
  return 0;
}

// A joiner at the front of `text`; its length, 0: none.
std::size_t joiner_at_front(std::string_view text) {
  if (text[0] == ',' || text[0] == ';') return 1;
  for (const std::string_view space : {"\\qquad", "\\quad"})
    if (starts_with(text, space)) return space.size();
  if (const std::size_t words = joining_words(text)) return words;
  std::size_t end = 0;
  while (end < text.size() && is_letter(text[end])) ++end;
  const std::string word = to_lower_ascii(text.substr(0, end));
  return word == "and" || word == "or" ? end : 0;
}

// A unit in \text{…} at the front of `text`, its exponent included; its length, 0: none.
std::size_t unit_at_front(std::string_view text) {
  for (const std::string_view command : {"\\text{", "\\mathrm{", "\\mbox{", "\\textrm{"}) {
    if (!starts_with(text, command)) continue;
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) return 0;
    const std::string_view words = trim(text.substr(command.size(), close - command.size()));
    if (std::none_of(words.begin(), words.end(), is_letter) ||
        std::count(words.begin(), words.end(), ' ') > 2)
      return 0;
    std::size_t end = close + 1;
    for (const std::string_view power : {"^2", "^3", "^{2}", "^{3}"})
      if (starts_with(text.substr(end), power)) end += power.size();
    // A unit is what makes a quantity of a number; "is the answer" does not.
    return parse_quantity(normalise_notation("1" + std::string(text.substr(0, end)))) ? end : 0;
  }
  return 0;
}

}  // namespace

bool joins(std::string_view between) {
  if (between.size() > kMaxJoinerBytes) return false;
  constexpr std::array<std::string_view, 10> kNeutral = {"$",   "\\(", "\\)", "\\[", "\\]",
                                                         "\\,", "\\;", "\\ ", "\\!", "~"};
  bool joined = false;
  while (!between.empty()) {
    if (is_space(between[0])) {
      between.remove_prefix(1);
      continue;
    }
    std::size_t matched = joiner_at_front(between);
    joined = joined || matched > 0;
    for (const std::string_view neutral : kNeutral)
      if (matched == 0 && starts_with(between, neutral)) matched = neutral.size();
    if (matched == 0) return false;
    between.remove_prefix(matched);
  }
  return joined;
}

bool is_placeholder(std::string_view tidied) {
  const std::string_view text = trim(tidied);
  // Words: only such as name the place of an answer, one of which does.
  std::string words;
  bool dots = true, mathematics = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      std::size_t end = at + 1;
      while (end < text.size() && is_letter(text[end])) ++end;
      const std::string_view name = text.substr(at + 1, end - at - 1);
      at = std::max(end, at + 2);
      bool blank =
          name.empty() && std::string_view("_,;:! ").find(text[at - 1]) != std::string_view::npos;
      for (const std::string_view other :
           {"text", "textbf", "textit", "texttt", "mathrm", "mathbf", "mbox", "ldots", "dots",
            "cdots", "cdot", "square", "quad", "qquad", "boxed", "fbox", "underline"})
        blank = blank || name == other;
      // What takes room and shows nothing takes its arguments with it.
      for (const std::string_view room : {"phantom", "hspace", "rule", "vspace", "hphantom"}) {
        if (name != room) continue;
        blank = true;
        while (at < text.size() && (text[at] == '{' || text[at] == '*')) {
          const std::size_t close = text[at] == '*' ? at : text.find('}', at);
          at = close == std::string_view::npos ? text.size() : close + 1;
        }
      }
      mathematics = mathematics || !blank;
      words += ' ';
      continue;
    }
    if (is_letter(c)) {
      words += c;
    } else {
      words += ' ';
      constexpr std::string_view kBlank = " \t\r\n._?{}[]()<>$\"'`*|";
      const bool ellipsis = starts_with(text.substr(at), "…");
      if (ellipsis) at += std::string_view("…").size() - 1;
      mathematics = mathematics || (!ellipsis && kBlank.find(c) == std::string_view::npos);
    }
    ++at;
  }
  if (mathematics) return false;
  bool names_answer = false;
  for (const std::string& word : split(to_lower_ascii(words), ' ')) {
    if (word.empty()) continue;
    dots = false;
    const bool answer = word == "answer" || word == "answers";
    names_answer = names_answer || answer;
    bool filler = answer;
    for (const std::string_view other :
         {"your", "the", "my", "final", "here", "insert", "put", "goes", "is", "an", "numerical"})
      filler = filler || word == other;
    if (!filler) return false;
  }
  return dots || names_answer;
}

Attribute attribute_behind(std::string_view behind) {
  behind = behind.substr(0, 64);
  std::string_view rest = behind;
  const auto found = [&](std::string text, std::size_t bytes) {
    return Attribute{std::move(text), behind.size() - rest.size() + bytes};
  };
  // In mathematics a space means nothing, so the LaTeX forms may follow one.
  while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
  for (const std::string_view degree : {"^\\circ", "^{\\circ}", "\\degree", "^{\\degree}"}) {
    if (starts_with(rest, degree)) return found("^\\circ", degree.size());
  }
  if (starts_with(rest, "\\%")) return found("%", 2);
  for (const std::string_view space : {"\\,", "\\;", "\\ ", "~"})
    if (starts_with(rest, space)) rest = rest.substr(space.size());
  while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
  if (const std::size_t unit = unit_at_front(rest))
    return found(std::string(rest.substr(0, unit)), unit);
  rest = behind;
  for (const std::string_view close : {"$", "\\)"}) {
    if (starts_with(rest, close)) {
      rest = rest.substr(close.size());
      break;
    }
  }
  if (starts_with(rest, "\\%")) return found("%", 2);
  if (starts_with(rest, "%")) return found("%", 1);
  if (starts_with(rest, "°")) return found("^\\circ", std::string_view("°").size());
  return {};
}

}  // namespace quorum
