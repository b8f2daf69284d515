#include <array>

#include "base/text.h"
#include "benchmarks/aime/aime.h"

namespace quorum {
namespace {

// Every stretch from `open` to the next `close` replaced by a space.
std::string without_blocks(std::string_view text, std::string_view open, std::string_view close) {
  std::string out;
  for (;;) {
    const std::size_t begin = text.find(open);
    if (begin == std::string_view::npos) break;
    const std::size_t end = text.find(close, begin);
    if (end == std::string_view::npos) break;
    out.append(text.substr(0, begin)).push_back(' ');
    text.remove_prefix(end + close.size());
  }
  return out.append(text);
}

std::string one_space_between_words(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
      space = true;
      continue;
    }
    if (space && !out.empty()) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

// "Graph https://…" at the end, a link that one copy carries along.
std::string_view without_graph_link(std::string_view text) {
  const std::size_t at = text.rfind("Graph http");
  if (at == std::string_view::npos || text.find(' ', at + 6) != std::string_view::npos) return text;
  return trim(text.substr(0, at));
}

struct Change {
  std::string_view from, to;
};

}  // namespace

std::string canonical_aime_problem(std::string_view raw) {
  std::string text = without_blocks(raw, "[asy]", "[/asy]");
  constexpr std::array<Change, 11> kBefore = {{{"<br/>", " "},
                                               {"<br />", " "},
                                               {"<br>", " "},
                                               {"\\(", "$"},
                                               {"\\)", "$"},
                                               {"\\begin{equation*}", "\\["},
                                               {"\\begin{equation}", "\\["},
                                               {"\\end{equation*}", "\\]"},
                                               {"\\end{equation}", "\\]"},
                                               {"\\[", " \\[ "},
                                               {"\\]", " \\] "}}};
  for (const Change& change : kBefore) text = replace_all(text, change.from, change.to);
  text = one_space_between_words(text);
  text = std::string(without_graph_link(text));
  constexpr std::array<Change, 9> kAfter = {{{"\\[ ", "\\["},
                                             {" \\]", "\\]"},
                                             {" ,", ","},
                                             {" .", "."},
                                             {" ;", ";"},
                                             {" :", ":"},
                                             {" ?", "?"},
                                             {" )", ")"},
                                             {"( ", "("}}};
  for (const Change& change : kAfter) text = replace_all(text, change.from, change.to);
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    text = replace_all(text, std::string("$ -") + letter, std::string("$-") + letter);
  }
  text = replace_all(text, "$,$", "$, $");
  constexpr std::array<Change, 2> kSlips = {
      {{"be point on the hyperbola", "be points on the hyperbola"},
       {"rests on the outside of $S$, it is externally tangent to $S$ along a circle with radius "
        "$r_i$",
        "rests on the inside of $S$, it is internally tangent to $S$ along a circle with radius "
        "$r_i$"}}};
  for (const Change& slip : kSlips) text = replace_all(text, slip.from, slip.to);
  return text;
}

}  // namespace quorum
