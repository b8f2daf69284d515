#include "benchmarks/math/labelled_choice.h"

#include "base/text.h"

namespace quorum {
namespace {

bool is_choice(char c) { return c >= 'A' && c <= 'H'; }

std::optional<LabelledChoice> with_content(char letter, std::string_view content) {
  content = trim(content);
  if (content.empty()) return std::nullopt;
  return LabelledChoice{letter, content};
}

}  // namespace

std::optional<LabelledChoice> labelled_choice(std::string_view answer) {
  const std::string_view text = trim(answer);
  if (text.size() > 3 && is_choice(text[0]) && (text[1] == '.' || text[1] == ')') && text[2] == ' ')
    return with_content(text[0], text.substr(2));
  if (text.size() > 4 && text[0] == '(' && is_choice(text[1]) && text.substr(2, 2) == ") ")
    return with_content(text[1], text.substr(3));
  for (const std::string_view command : {"\\text{", "\\textbf{", "\\mathrm{", "\\mathbf{"}) {
    if (!text.starts_with(command)) continue;
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view label = text.substr(command.size(), end - command.size());
    while (!label.empty() && (label.back() == ' ' || label.back() == '~' || label.back() == '\\'))
      label.remove_suffix(1);
    if (label.size() == 3 && label[0] == '(' && label[2] == ')' && is_choice(label[1]))
      return with_content(label[1], text.substr(end + 1));
  }
  return std::nullopt;
}

}  // namespace quorum
