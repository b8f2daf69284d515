// The structure that Math-Verify reads into a cleaned answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/math/compat_math_verify.h"

namespace quorum::math_verify {

inline constexpr int kMaxDepth = 6;

// An answer by its outer structure.
struct Value {
  enum class Type { kLeaf, kSet, kTuple, kInterval, kUnion, kMatrix, kRelation };
  Type type = Type::kLeaf;
  std::string text;                    // a normal form
  std::vector<Value> items;            // of a relation: its sides
  std::string form;                    // kInterval: brackets, kMatrix: rows x columns
  std::vector<std::string> relations;  // "=", "<", "\\le", …

  bool equation() const {
    if (type != Type::kRelation) return false;
    for (const std::string& relation : relations)
      if (relation != "=") return false;
    return true;
  }
};

// Of a normal form (notation.h).
Value read_value(std::string_view normal_form, Log& log);

// The real number that a text is, infinite ones too; nullopt: it is none.
std::optional<long double> number_of(std::string_view text);

// Whether an equation with this on its left is an assignment: a product or sum of symbols, f(x),
// (x, y).
bool symbols_only(std::string_view text);

}  // namespace quorum::math_verify
