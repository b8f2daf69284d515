#include "benchmarks/math/connectives.h"

#include <algorithm>
#include <vector>

#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

// The bytes of \land or \lor at the front; 0: neither is there.
std::size_t connective_at(std::string_view text) {
  for (const std::string_view name : {"\\land", "\\lor"})
    if (starts_with(text, name) && (text.size() == name.size() || !is_letter(text[name.size()])))
      return name.size();
  return 0;
}

// x < 1, y = 2, x \in A.
bool is_statement(std::string_view text) {
  return has_relation(text) || text.find('=') != std::string_view::npos ||
         text.find("\\in ") != std::string_view::npos ||
         text.find("\\in\\") != std::string_view::npos ||
         text.find("\\notin") != std::string_view::npos;
}

// Of one level of brackets.
struct Statements {
  std::size_t begin = 0;  // of the statement that is read
  std::vector<std::size_t> connectives;
  std::vector<bool> left, right;  // whether a statement stands there, of each connective
};

bool has_connective(std::string_view normal_form) {
  for (std::size_t at = normal_form.find("\\l"); at != std::string_view::npos;
       at = normal_form.find("\\l", at + 1))
    if (connective_at(normal_form.substr(at)) != 0) return true;
  return false;
}

}  // namespace

std::string connectives_as_words(std::string_view text) {
  if (!has_connective(text)) return std::string(text);
  std::vector<Statements> levels(1);
  std::vector<std::size_t> joining;  // the places of those that become words
  // Ends the statement of the innermost level, by a connective or otherwise.
  const auto end_statement = [&](std::size_t at, bool connective) {
    Statements& level = levels.back();
    const bool statement = is_statement(text.substr(level.begin, at - level.begin));
    if (level.right.size() < level.connectives.size()) level.right.push_back(statement);
    if (connective) {
      level.connectives.push_back(at);
      level.left.push_back(statement);
    }
  };
  const auto close = [&](std::size_t at) {
    end_statement(at, false);
    const Statements& level = levels.back();
    for (std::size_t i = 0; i < level.connectives.size(); ++i)
      if (level.left[i] && level.right[i]) joining.push_back(level.connectives[i]);
    levels.pop_back();
    if (levels.empty()) levels.emplace_back();
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t sign = connective_at(text.substr(at));
    const bool escaped = c == '\\' && at + 1 < text.size() && !is_letter(text[at + 1]);
    const char bracket = escaped ? text[at + 1] : c;
    const std::size_t bytes = sign != 0 ? sign : escaped ? 2 : 1;
    if (sign != 0) {
      end_statement(at, true);
      levels.back().begin = at + bytes;
    } else if (bracket == '{' || bracket == '(' || bracket == '[') {
      levels.emplace_back().begin = at + bytes;
    } else if (bracket == '}' || bracket == ')' || bracket == ']') {
      close(at);
    } else if (c == ',' || c == ';') {
      end_statement(at, false);
      levels.back().begin = at + bytes;
    }
    at += bytes;
  }
  while (levels.size() > 1) close(text.size());
  close(text.size());
  std::sort(joining.begin(), joining.end());
  std::string out;
  std::size_t begin = 0;
  for (const std::size_t at : joining) {
    out += text.substr(begin, at - begin);
    const bool all = starts_with(text.substr(at), "\\land");
    out += kWordsBegin + std::string(all ? "and" : "or") + kWordsEnd;
    begin = at + (all ? 5 : 4);
  }
  out += text.substr(begin);
  return out;
}

}  // namespace quorum
