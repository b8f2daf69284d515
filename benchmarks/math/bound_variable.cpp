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
  std::string function;   // with what stands behind its letter: "f", "f'", "f^{-1}"
  std::string arguments;  // their letters
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

// f(x) =, f^{-1}(x) =, g(x,y) = or a_n = at `at`.
std::optional<Head> head_at(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_letter(text[at])) return std::nullopt;
  Head head{std::string(1, text[at]), {}};
  std::size_t end = at + 1;
  while (end < text.size() && text[end] == '\'') head.function += text[end++];
  constexpr std::string_view kInverse = "^{-1}";
  if (text.substr(end, kInverse.size()) == kInverse) {
    head.function += kInverse;
    end += kInverse.size();
  }
  const bool index = text.substr(end, 1) == "_", braced = text.substr(end, 2) == "_{";
  if (!index && text.substr(end, 1) != "(") return std::nullopt;
  end += braced ? 2 : 1;
  for (;; ++end) {
    while (end < text.size() && text[end] == ' ') ++end;
    if (end >= text.size() || !is_letter(text[end])) return std::nullopt;
    head.arguments += text[end++];
    if (index && !braced) break;
    while (end < text.size() && text[end] == ' ') ++end;
    if (end < text.size() && text[end] == ',' && !index) continue;
    if (end >= text.size() || text[end] != (braced ? '}' : ')')) return std::nullopt;
    ++end;
    break;
  }
  while (end < text.size() && text[end] == ' ') ++end;
  if (end >= text.size() || text[end] != '=') return std::nullopt;
  return head;
}

// The head of a text that begins with one, if all its heads have the same arguments, all different.
std::optional<Head> head_of(std::string_view text) {
  const auto first = head_at(text, 0);
  if (!first) return std::nullopt;
  const std::string& arguments = first->arguments;
  bool same = std::set<char>(arguments.begin(), arguments.end()).size() == arguments.size();
  std::size_t heads = 0, uses = 0;
  for_each_symbol(text, [&](std::size_t at) {
    const auto other = head_at(text, at);
    same = same && (!other || other->arguments == arguments);
    heads += other.has_value() ? 1 : 0;
    uses += arguments.find(text[at]) != std::string::npos ? 1 : 0;
  });
  return same && uses > heads * arguments.size() ? first : std::nullopt;
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

namespace {

// With each letter of `from` as the one of `to` in its place.
std::string with_symbols(std::string normal_form, std::string_view from, std::string_view to) {
  for_each_symbol(normal_form, [&](std::size_t at) {
    const std::size_t which = from.find(normal_form[at]);
    if (which != std::string_view::npos) normal_form[at] = to[which];
  });
  return normal_form;
}

}  // namespace

bool use_one_argument(std::span<std::string* const> normal_forms) {
  struct Group {
    std::vector<std::pair<std::string*, std::string>> texts;  // with their arguments
    std::set<std::string> arguments;
    std::set<char> symbols;
  };
  // By the function and how many arguments it has.
  std::map<std::pair<std::string, std::size_t>, Group> groups;
  for (std::string* const text : normal_forms) {
    const auto head = head_of(*text);
    if (!head) continue;
    Group& group = groups[{head->function, head->arguments.size()}];
    group.texts.emplace_back(text, head->arguments);
    group.arguments.insert(head->arguments);
    for_each_symbol(*text, [&](std::size_t at) { group.symbols.insert((*text)[at]); });
  }
  bool changed = false;
  for (auto& [function, group] : groups) {
    if (group.arguments.size() < 2) continue;
    std::string fresh;
    for (const char name : std::string_view("xyztsuvwnmkpqrabcdjl"))
      if (group.symbols.count(name) == 0) fresh += name;
    if (fresh.size() < function.second) continue;
    for (const auto& [text, arguments] : group.texts) *text = with_symbols(*text, arguments, fresh);
    changed = true;
  }
  return changed;
}

}  // namespace quorum
