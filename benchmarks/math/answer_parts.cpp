#include "benchmarks/math/answer_parts.h"

#include <algorithm>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/expression.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

struct JoiningWord {
  std::size_t bytes = 0;  // that it spans, 0: none
  bool is_and = false;
};
// A word of the list "and", "or" at `at`, in a \text mark or plain between spaces.
JoiningWord joining_word(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  const bool marked = text[at] == kWordsBegin;
  if (marked) ++begin;
  while (begin < text.size() && (text[begin] == ' ' || (marked && text[begin] == ','))) ++begin;
  for (const std::string_view word : {"and", "or"}) {
    if (to_lower_ascii(text.substr(begin, word.size())) != word) continue;
    std::size_t end = begin + word.size();
    if (marked) {
      while (end < text.size() && text[end] == ' ') ++end;
      if (end >= text.size() || text[end] != kWordsEnd) continue;
      return {end + 1 - at, word == "and"};
    }
    const bool before = at > 0 && (text[at - 1] == ' ' || text[at - 1] == kWordsEnd ||
                                   text[at - 1] == ')' || text[at - 1] == ']');
    const bool behind = end < text.size() && (text[end] == ' ' || text[end] == kWordsBegin ||
                                              text[end] == '(' || text[end] == '\\');
    if (before && behind) return {end - at, word == "and"};
  }
  return {};
}

// A \cap B.
bool is_symbol_of_sets(std::string_view text) {
  for (const std::string_view sign : {"\\cap", "\\cup", "\\setminus"}) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    const std::string_view behind = text.substr(at + sign.size());
    return !behind.empty() && !is_letter(behind[0]) && is_symbol(text.substr(0, at)) &&
           is_symbol(behind);
  }
  return false;
}

// \sin A, \cos\angle ABC, \tan\alpha: of an angle that has a value, not of a variable.
bool is_function_of_angle(std::string_view text) {
  for (const std::string_view name : {"\\sin", "\\cos", "\\tan", "\\cot"}) {
    if (!starts_with(text, name)) continue;
    const std::string_view angle = trim(text.substr(name.size()));
    return !angle.empty() && (angle[0] == '\\' || (angle[0] >= 'A' && angle[0] <= 'Z')) &&
           is_symbol(angle);
  }
  return false;
}

// Whether the left side of an equation is a name: a symbol, a ratio V_1:V_2 or \frac{AB}{CD} of
// them, a tuple (p,q).
bool is_name(std::string_view text) {
  text = trim(text);
  if (is_symbol(text)) return true;
  if (text.size() > 40) return false;
  const auto all_symbols = [](const std::string_view list, char separator) {
    for (const std::string& part : split(list, separator)) {
      if (!is_symbol(part)) return false;
    }
    return true;
  };
  if (text.find(':') != std::string_view::npos) return all_symbols(text, ':');
  if (is_symbol_of_sets(text) || is_function_of_angle(text)) return true;
  if (text.size() > 2 && text.front() == '(' && group_end(text, 0) == text.size()) {
    return all_symbols(text.substr(1, text.size() - 2), ',');
  }
  if (starts_with(text, "\\frac{")) {
    const std::size_t top = group_end(text, 5);
    if (top == std::string_view::npos || top >= text.size() || text[top] != '{' ||
        group_end(text, top) != text.size())
      return false;
    const std::string_view above = text.substr(6, top - 7),
                           below = text.substr(top + 1, text.size() - top - 2);
    const auto is_differential = [](std::string_view part) {
      constexpr std::string_view kPartial = "\\partial ";
      if (part.starts_with(kPartial)) return is_symbol(part.substr(kPartial.size()));
      return part.size() == 2 && part[0] == 'd' && is_letter(part[1]);
    };
    return (is_symbol(above) && is_symbol(below)) ||
           (is_differential(above) && is_differential(below));
  }
  return false;
}

}  // namespace

bool starts_with(std::string_view text, std::string_view what) {
  return text.substr(0, what.size()) == what;
}

Parts split_list(std::string_view text) {
  Parts parts;
  std::size_t begin = 0, at = 0;
  bool in_words = false;
  std::vector<std::size_t> ends_by_or, ends_by_and;  // of groups
  const auto cut = [&](std::size_t end, std::size_t next) {
    parts.list.push_back(trim(text.substr(begin, end - begin)));
    begin = at = next;
  };
  while (at < text.size()) {
    const char c = text[at];
    if (!in_words && (c == kWordsBegin || c == 'a' || c == 'o' || c == 'A' || c == 'O')) {
      if (const JoiningWord word = joining_word(text, at); word.bytes > 0) {
        // "1, 2, and 3": the comma has cut already.
        if (trim(text.substr(begin, at - begin)).empty() && !parts.list.empty()) {
          begin = at = at + word.bytes;
        } else {
          cut(at, at + word.bytes);
        }
        parts.words = true;
        (word.is_and ? parts.and_words : parts.or_words) = true;
        (word.is_and ? ends_by_and : ends_by_or).push_back(parts.list.size());
        continue;
      }
    }
    if (c == kWordsBegin) in_words = true;
    if (c == kWordsEnd) in_words = false;
    // \{ \begin{array} … \end{array} \right.: the brace of a system has no other.
    if (c == '\\' && starts_with(text.substr(at), "\\{") &&
        starts_with(trim(text.substr(at + 2)), "\\begin{") &&
        group_end(text, at) == std::string_view::npos) {
      at += 2;
      continue;
    }
    if (c == '{' || c == '(' || c == '[' ||
        (c == '\\' && at + 1 < text.size() && text[at + 1] == '{')) {
      const std::size_t end = group_end(text, at);
      if (end == std::string_view::npos) {
        at = text.size();
        break;
      }
      at = end;
      continue;
    }
    if (c == '\\' && starts_with(text.substr(at), "\\begin{")) {
      const std::size_t end = text.find("\\end{", at);
      if (end == std::string_view::npos) break;
      at = std::min(text.size(), end + 5);
      continue;
    }
    if (c == '\\') {
      at += 2;
      continue;
    }
    if (!in_words && (c == ',' || c == ';')) {
      parts.commas = true;
      cut(at, at + 1);
      if (c == ';') ends_by_or.push_back(parts.list.size());
      continue;
    }
    ++at;
  }
  parts.list.push_back(trim(text.substr(begin)));
  if (parts.list.size() > 1 && parts.list.back().empty()) parts.list.pop_back();
  const bool within = parts.commas || (!ends_by_or.empty() && !ends_by_and.empty());
  std::vector<std::size_t>& group_ends = ends_by_or.empty() ? ends_by_and : ends_by_or;
  if (group_ends.empty() || !within) return parts;
  if (group_ends.back() < parts.list.size()) group_ends.push_back(parts.list.size());
  for (std::size_t first = 0; const std::size_t end : group_ends) {
    const std::size_t last = std::min(end, parts.list.size());
    parts.groups.emplace_back(parts.list.begin() + static_cast<std::ptrdiff_t>(first),
                              parts.list.begin() + static_cast<std::ptrdiff_t>(last));
    first = last;
  }
  return parts;
}

bool has_relation(std::string_view text) {
  for (const std::string_view relation :
       {"<", ">", "\\le ", "\\ge ", "\\ne ", "\\le", "\\ge", "\\ne", "\\equiv"}) {
    const std::size_t at = text.find(relation);
    if (at == std::string_view::npos) continue;
    const std::size_t end = at + relation.size();
    if (relation[0] == '\\' && relation.back() != ' ' && end < text.size() && is_letter(text[end]))
      continue;
    return true;
  }
  return false;
}

namespace {

// \angle A, \overline{AB}, \vec{v}, \lim_{x \to 0} f(x): what has a value and no arithmetic of its
// own.
bool is_decorated(std::string_view text) {
  for (const std::string_view sign : {"\\lim", "\\int", "\\sum", "\\prod"})
    if (starts_with(text, sign) && text.size() > sign.size() && !is_letter(text[sign.size()]))
      return true;
  for (const std::string_view sign :
       {"\\angle", "\\triangle", "\\overline", "\\vec", "\\overrightarrow", "\\widehat", "\\hat",
        "\\bar", "\\tilde", "\\mathcal", "\\mathbf", "\\nabla"}) {
    if (!starts_with(text, sign)) continue;
    std::string_view rest = text.substr(sign.size());
    if (!rest.empty() && is_letter(rest[0])) continue;
    rest = trim(rest);
    if (rest.size() > 2 && rest.front() == '{' && group_end(rest, 0) == rest.size())
      rest = trim(rest.substr(1, rest.size() - 2));
    return is_symbol(rest);
  }
  return false;
}

// n(n - 1), x(y + 1), as f(x + 1) is not.
bool is_product(char factor, std::string_view inside) {
  constexpr std::string_view kFactors = "abceijklmnrstxyz";
  return kFactors.find(factor) != std::string_view::npos &&
         inside.find_first_of("+-", 1) != std::string_view::npos;
}

// sinx, lnx.
bool is_function_of_letter(std::string_view run) {
  for (const std::string_view name : {"sin", "cos", "tan", "cot", "sec", "csc", "log", "ln"})
    if (run.size() == name.size() + 1 && starts_with(run, name)) return true;
  return false;
}

}  // namespace

bool is_symbol(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > 40) return false;
  for (int bars = 0; bars < 2; ++bars)  // |AB|, ||v||
    if (text.front() == '|' && text.back() == '|' && text.size() > 2)
      text = text.substr(1, text.size() - 2);
  if (text.front() == kWordsBegin && text.back() == kWordsEnd && text.size() > 2) return true;
  std::size_t at = 0;
  if (starts_with(text, "m\\angle")) text.remove_prefix(1);
  if (is_decorated(text)) return true;
  if (text[0] == '\\') {
    ++at;
    const std::size_t begin = at;
    while (at < text.size() && is_letter(text[at])) ++at;
    const std::string_view name = text.substr(begin, at - begin);
    if (name.empty() || name == "frac" || name == "sqrt" || name == "sin" || name == "cos" ||
        name == "tan" || name == "log" || name == "ln" || name == "pm" || name == "pi") {
      return false;
    }
    while (at < text.size() && text[at] == ' ') ++at;
  } else {
    // One symbol, or a label of capitals (AB).
    const std::size_t begin = at;
    while (at < text.size() && is_letter(text[at])) ++at;
    const std::string_view run = text.substr(begin, at - begin);
    if (run.empty()) return false;
    bool capitals = true;
    for (const char c : run) capitals = capitals && c >= 'A' && c <= 'Z';
    // "Perimeter" is a name, "xy" a product.
    if (run.size() > 1 && !capitals && run.size() < 4) return false;
    if (run.size() > 1 && is_function_of_letter(run)) return false;
  }
  if (at < text.size() && text[at] == '_') {
    ++at;
    if (at < text.size() && text[at] == '{') {
      const std::size_t end = group_end(text, at);
      if (end == std::string_view::npos) return false;
      at = end;
    } else {
      ++at;
    }
  }
  if (at > text.size()) return false;
  while (at < text.size() && text[at] == '\'') ++at;
  if (text.substr(at) == "^{-1}" && text[0] >= 'A' && text[0] <= 'Z') return true;  // of a matrix
  if (starts_with(text.substr(at), "^{-1}(")) at += 5;
  if (at < text.size() && text[at] == '(') {
    const std::size_t end = group_end(text, at);
    if (end == std::string_view::npos || end - at > 24) return false;
    if (at == 1 && is_product(text[0], text.substr(at + 1, end - at - 2))) return false;
    at = end;
    if (starts_with(text.substr(at), "_{")) at = std::min(text.size(), group_end(text, at + 1));
  }
  return at >= text.size();
}

namespace {

// \vec{v} is v; the vector from A to B is not AB.
std::string key_of_name(std::string_view name) {
  std::string key = text_key(name);
  for (const std::string_view arrow : {"\\vec{", "\\overrightarrow{"})
    if (key.starts_with(arrow) && key.size() == arrow.size() + 2 && key.back() == '}')
      return key.substr(arrow.size(), 1);
  return key;
}

}  // namespace

std::string take_name(std::string_view& text) {
  std::size_t equals = std::string_view::npos;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{' || c == '(' || c == '[') ++depth;
    if (c == '}' || c == ')' || c == ']') --depth;
    if (c != '=' || depth != 0) continue;
    if (equals != std::string_view::npos) return {};  // a chain is not an assignment
    equals = at;
  }
  if (equals != std::string_view::npos) {
    const std::string_view left = text.substr(0, equals), right = trim(text.substr(equals + 1));
    if (right.empty() || has_relation(text)) return {};
    if (trim(left).empty()) {  // = 11
      text = right;
      return take_name(text);
    }
    if (is_name(left)) {
      text = right;
      return key_of_name(left);
    }
    const auto value = is_symbol(right) ? parse_expression(left) : std::nullopt;
    if (!value || !is_constant(*value)) return {};
    text = trim(left);  // 11 = x
    return text_key(right);
  }
  std::size_t in = text.find("\\in");
  while (in != std::string_view::npos && in + 3 < text.size() && is_letter(text[in + 3]))
    in = text.find("\\in", in + 3);
  if (in != std::string_view::npos && in + 3 < text.size() && is_name(text.substr(0, in))) {
    std::string name = text_key(text.substr(0, in)) + "\\in";
    text = trim(text.substr(in + 3));
    return name;
  }
  return {};
}

Approximation split_approximation(std::string_view text) {
  constexpr std::string_view kSign = "\\approx";
  const Approximation none{text, {}};
  if (text.find(kSign) == std::string_view::npos || split_list(text).list.size() > 1) return none;
  std::size_t at = 0;
  while (at < text.size() && !starts_with(text.substr(at), kSign)) {
    const bool opens = text[at] == '{' || text[at] == '(' || text[at] == '[' ||
                       starts_with(text.substr(at), "\\{");
    const std::size_t end = opens ? group_end(text, at) : at + 1;
    if (end == std::string_view::npos) return none;
    at = end;
  }
  if (at >= text.size()) return none;
  const std::string_view exact = trim(text.substr(0, at));
  return exact.empty() ? none : Approximation{exact, trim(text.substr(at + kSign.size()))};
}

}  // namespace quorum
