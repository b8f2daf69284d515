// An answer as a typed value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/math/number.h"

namespace quorum {

struct AnswerValue {
  enum class Type {
    kNumber,
    kText,    // anything else; compared as text
    kList,    // 1, 2 and 3: a multiset
    kSet,     // \{1, 2\}: repeats mean nothing
    kTuple,   // (1, 2), [0, 1): ordered, the brackets matter
    kMatrix,  // rows of cells
    kUnion,   // of intervals and sets: order means nothing
  };
  Type type = Type::kText;
  Quantity number;
  std::string text;     // kText: its key
  std::string algebra;  // kText: the key of its algebraic form; empty: it has none
  std::string form;     // kTuple: its brackets, "[)"; kMatrix: rows x columns
  std::vector<AnswerValue> items;
  std::string name;      // "x" of x = 5, "x\in" of x \in [0, 1]; empty: none
  std::string equation;  // the key of the equation that a whole answer is; empty: it is none
};

// Reads any text; what is not understood is kText. Nesting is bounded.
AnswerValue parse_answer(std::string_view answer);

// Which parts of a value do not count, because all answers of a question agree in them.
struct KeyRules {
  bool drop_units = false;
  bool drop_names = false;
  bool keep_percent = false;  // 25% and 25 differ
};
// Equal for values that are the same mathematically as far as this engine can prove.
std::string canonical_key(const AnswerValue& value, const KeyRules& rules);

}  // namespace quorum
