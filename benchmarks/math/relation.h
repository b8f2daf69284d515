// Chains of relations: x < 5, 0 \\le x \\le 1, y = 2x + 1.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

enum class Relation { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

// A side of a chain from the other end: < of >.
Relation turned(Relation relation);

struct RelationChain {
  std::vector<std::string_view> sides;  // two to eight, trimmed, none empty
  std::vector<Relation> relations;      // between them
};

// Cuts a normal form (notation.h) at its relations outside of brackets. nullopt: there are none,
// more than seven, others than these, or words.
std::optional<RelationChain> split_relations(std::string_view text);

}  // namespace quorum
