#include "benchmarks/livecodebench/starter_code.h"

#include "base/text.h"

namespace quorum::code {
namespace {

// Where the bracket that opens at `at` closes; npos: nowhere.
std::size_t closing(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '(' || text[at] == '[') ++depth;
    if ((text[at] == ')' || text[at] == ']') && --depth == 0) return at;
  }
  return std::string_view::npos;
}

// The names of "self, nums: List[int], k: int = 0".
std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= list.size(); ++at) {
    if (at < list.size()) {
      if (list[at] == '[' || list[at] == '(') ++depth;
      if (list[at] == ']' || list[at] == ')') --depth;
      if (list[at] != ',' || depth > 0) continue;
    }
    const std::string_view parameter = list.substr(begin, at - begin);
    const std::string_view name = trim(parameter.substr(0, parameter.find_first_of(":=")));
    if (!name.empty() && name != "self") names.emplace_back(name);
    begin = at + 1;
  }
  return names;
}

}  // namespace

StarterCode parse_starter_code(std::string_view text) {
  StarterCode out;
  const std::size_t def = text.find("def ");
  if (def == std::string_view::npos) return out;
  const std::size_t open = text.find('(', def);
  out.function = std::string(trim(text.substr(def + 4, open - def - 4)));
  if (open == std::string_view::npos) return out;
  const std::size_t close = closing(text, open);
  if (close == std::string_view::npos) return out;
  out.parameters = names_of(text.substr(open + 1, close - open - 1));
  const std::string_view rest = trim(text.substr(close + 1));
  if (rest.substr(0, 2) == "->") out.result = std::string(trim(rest.substr(2, rest.find(':') - 2)));
  return out;
}

}  // namespace quorum::code
