#include "benchmarks/math/relation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

constexpr std::array<std::pair<std::string_view, Relation>, 8> kRelations = {{
    {"<=", Relation::kLessEqual},
    {">=", Relation::kGreaterEqual},
    {"\\le", Relation::kLessEqual},
    {"\\ge", Relation::kGreaterEqual},
    {"\\ne", Relation::kNotEqual},
    {"<", Relation::kLess},
    {">", Relation::kGreater},
    {"=", Relation::kEqual},
}};

// The relation at the front of the text, and its bytes; 0: there is none.
std::pair<Relation, std::size_t> relation_at(std::string_view text) {
  for (const auto& [name, relation] : kRelations) {
    if (text.substr(0, name.size()) != name) continue;
    if (name[0] == '\\' && name.size() < text.size() && is_letter(text[name.size()])) continue;
    return {relation, name.size()};
  }
  return {Relation::kEqual, 0};
}

}  // namespace

Relation turned(Relation relation) {
  switch (relation) {
    case Relation::kLess: return Relation::kGreater;
    case Relation::kLessEqual: return Relation::kGreaterEqual;
    case Relation::kGreater: return Relation::kLess;
    case Relation::kGreaterEqual: return Relation::kLessEqual;
    default: return relation;
  }
}

std::optional<RelationChain> split_relations(std::string_view text) {
  RelationChain chain;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == kWordsBegin || c == ':') return std::nullopt;
    if (c == '{' || c == '(' || c == '[') ++depth;
    if (c == '}' || c == ')' || c == ']') --depth;
    const auto [relation, bytes] = relation_at(text.substr(at));
    if (bytes == 0 || depth != 0) {
      if (c == '\\') {
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        if (next == '{') ++depth;
        if (next == '}') --depth;
        std::size_t end = at + 1;
        while (end < text.size() && is_letter(text[end])) ++end;
        const std::string_view name = text.substr(at + 1, end - at - 1);
        for (const std::string_view other : {"in", "approx", "equiv", "sim", "to"})
          if (name == other) return std::nullopt;
        at = std::max(end, at + 2);
      } else {
        ++at;
      }
      continue;
    }
    chain.sides.push_back(trim(text.substr(begin, at - begin)));
    chain.relations.push_back(relation);
    at += bytes;
    begin = at;
  }
  chain.sides.push_back(trim(text.substr(begin)));
  if (chain.relations.empty() || chain.relations.size() > 7) return std::nullopt;
  for (const std::string_view side : chain.sides)
    if (side.empty()) return std::nullopt;
  return chain;
}

}  // namespace quorum
