#include "benchmarks/math/numbered_parts.h"

#include <array>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/spacing.h"

namespace quorum {
namespace {

constexpr int kMostParts = 6;
// How parts are numbered.
constexpr std::array<std::array<std::string_view, kMostParts>, 3> kNumbers = {
    {{"1", "2", "3", "4", "5", "6"},
     {"a", "b", "c", "d", "e", "f"},
     {"i", "ii", "iii", "iv", "v", "vi"}}};

// The length of "(1) " or \text{(1)} at the front, with what makes room behind it; 0: none.
std::size_t label_at(std::string_view text, std::string_view number) {
  const std::string label = "(" + std::string(number) + ")";
  std::size_t end = 0;
  bool room = false;
  if (text.starts_with(label)) {
    end = label.size();
  } else {
    for (const std::string_view command : {"\\text{", "\\textbf{", "\\mathrm{"}) {
      if (!text.starts_with(command)) continue;
      std::string_view inside = text.substr(command.size());
      inside = inside.substr(std::min(inside.find_first_not_of(' '), inside.size()));
      const std::size_t close = inside.find('}');
      if (close == std::string_view::npos || trim(inside.substr(0, close)) != label) continue;
      end = text.size() - inside.size() + close + 1;
      room = true;
    }
  }
  if (end == 0) return 0;
  for (;;) {
    const std::string_view rest = text.substr(end);
    const std::size_t space = rest.starts_with(' ') ? 1 : spacing_at_front(rest);
    if (space == 0) break;
    end += space;
    room = true;
  }
  return room ? end : 0;
}

// What of it is an answer: without what separates it from the next part.
std::string_view content_of(std::string_view part) {
  for (;;) {
    part = trim(part);
    std::size_t end = spacing_at_back(part);
    for (const std::string_view sign : {",", ";", "\\text{,}"})
      if (end == 0 && part.ends_with(sign)) end = sign.size();
    if (end == 0) return part;
    part.remove_suffix(end);
  }
}

bool is_answer(std::string_view content) {
  constexpr std::string_view kOpen = "+*/=^_&|<>)]}!,;.:", kUnfinished = "+-*/=^_&<>([{";
  if (content.empty() || kOpen.find(content.front()) != std::string_view::npos ||
      kUnfinished.find(content.back()) != std::string_view::npos)
    return false;
  for (const std::string_view joins : {"\\cdot", "\\times", "\\div", "\\pm", "\\le", "\\ge", "\\ne",
                                       "\\in", "\\to", "\\cup", "\\cap", "and ", "or "})
    if (content.starts_with(joins)) return false;
  int depth = 0;
  for (const char c : content) {
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth < 0 && c == '}') return false;
  }
  return true;
}

bool is_relation(std::string_view content) {
  for (const std::string_view sign : {"=", "<", ">", "\\le", "\\ge", "\\ne", "\\in"})
    if (content.find(sign) != std::string_view::npos) return true;
  return false;
}

std::vector<std::string_view> parts_of(std::string_view text,
                                       const std::array<std::string_view, kMostParts>& numbers) {
  std::vector<std::string_view> parts;
  std::size_t begin = label_at(text, numbers[0]);
  if (begin == 0) return parts;
  for (std::size_t next = 1;; ++next) {
    std::size_t at = text.size(), label = 0;
    if (next < numbers.size()) {
      for (std::size_t i = begin + 1; i < text.size(); ++i) {
        const char before = text[i - 1];
        const bool apart = std::string_view(" ,;~}\\").find(before) != std::string_view::npos ||
                           text.substr(0, i).ends_with("quad");
        if (!apart || (text[i] != '(' && text[i] != '\\')) continue;
        label = label_at(text.substr(i), numbers[next]);
        if (label == 0) continue;
        at = i;
        break;
      }
    }
    const std::string_view content = content_of(text.substr(begin, at - begin));
    if (!is_answer(content)) return {};
    parts.push_back(content);
    if (at == text.size()) return parts;
    begin = at + label;
  }
}

}  // namespace

std::string number_parts(std::string_view text) {
  if (text.empty() || (text[0] != '(' && text[0] != '\\')) return std::string(text);
  for (const auto& numbers : kNumbers) {
    const std::vector<std::string_view> parts = parts_of(text, numbers);
    if (parts.size() < 2) continue;
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) out += ", ";
      const std::string content(parts[i]);
      if (!is_relation(content)) out += "P_{" + std::to_string(i + 1) + "}=";
      out +=
          split_list(content).commas && !is_relation(content) ? "\\{" + content + "\\}" : content;
    }
    return out;
  }
  return std::string(text);
}

}  // namespace quorum
