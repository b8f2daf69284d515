#include "benchmarks/math/bound_variable.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

struct Head {
  char function, argument;
};

// Calls `visit` with the place of every letter that is a symbol: none of a command, of words, or of
// a long run.
template <class Visit>
void for_each_symbol(std::string_view text, const Visit& visit) {
  bool in_words = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == kWordsBegin || text[at] == kWordsEnd) in_words = text[at] == kWordsBegin;
    const bool command = text[at] == '\\';
    std::size_t end = at + 1;
    if (!command && !is_letter(text[at])) {
      ++at;
      continue;
    }
    while (end < text.size() && is_letter(text[end])) ++end;
    if (!command && !in_words && end - at <= 3)
      for (std::size_t i = at; i < end; ++i) visit(i);
    at = end;
  }
}

// f(x) = or a_n = at `at`.
std::optional<Head> head_at(std::string_view text, std::size_t at) {
  if (at + 3 > text.size() || !is_letter(text[at])) return std::nullopt;
  std::size_t argument = at + 2, end = at + 4;
  const bool braced = text.substr(at + 1, 2) == "_{";
  if (braced) {
    argument = at + 3;
    end = at + 5;
  } else if (text[at + 1] == '_') {
    end = at + 3;
  } else if (text[at + 1] != '(') {
    return std::nullopt;
  }
  if (end > text.size() || !is_letter(text[argument])) return std::nullopt;
  if (end > argument + 1 && text[end - 1] != (braced ? '}' : ')')) return std::nullopt;
  while (end < text.size() && text[end] == ' ') ++end;
  if (end >= text.size() || text[end] != '=') return std::nullopt;
  return Head{text[at], text[argument]};
}

// The head of a text that begins with one, if all its heads have the same argument.
std::optional<Head> head_of(std::string_view text) {
  const auto first = head_at(text, 0);
  if (!first) return std::nullopt;
  bool same = true;
  int heads = 0, uses = 0;
  for_each_symbol(text, [&](std::size_t at) {
    const auto other = head_at(text, at);
    same = same && (!other || other->argument == first->argument);
    heads += other.has_value();
    uses += text[at] == first->argument;
  });
  return same && uses > heads ? first : std::nullopt;
}

}  // namespace

bool has_symbol(std::string_view normal_form, char symbol) {
  bool found = false;
  for_each_symbol(normal_form, [&](std::size_t at) { found = found || normal_form[at] == symbol; });
  return found;
}

std::string with_symbol(std::string normal_form, char from, char to) {
  for_each_symbol(normal_form, [&](std::size_t at) {
    if (normal_form[at] == from) normal_form[at] = to;
  });
  return normal_form;
}

bool use_one_argument(std::span<std::string* const> normal_forms) {
  struct Group {
    std::vector<std::pair<std::string*, char>> texts;
    std::set<char> arguments, symbols;
  };
  std::map<char, Group> groups;  // by the function's letter
  for (std::string* const text : normal_forms) {
    const auto head = head_of(*text);
    if (!head) continue;
    Group& group = groups[head->function];
    group.texts.emplace_back(text, head->argument);
    group.arguments.insert(head->argument);
    for_each_symbol(*text, [&](std::size_t at) { group.symbols.insert((*text)[at]); });
  }
  bool changed = false;
  for (auto& [function, group] : groups) {
    if (group.arguments.size() < 2) continue;
    for (const char name : std::string_view("xyztsuvwnmkpqrabcdjl")) {
      if (group.symbols.count(name) != 0) continue;
      for (const auto& [text, argument] : group.texts) *text = with_symbol(*text, argument, name);
      changed = true;
      break;
    }
  }
  return changed;
}

}  // namespace quorum
