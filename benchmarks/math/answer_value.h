// An answer as a typed value.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/math/expression.h"
#include "benchmarks/math/number.h"

namespace quorum {

struct AnswerValue {
  enum class Type {
    kNumber,
    kText,      // anything else: an expression where `expression` is set, else compared as text
    kList,      // 1, 2 and 3: a multiset; of tuples a set
    kSet,       // \{1, 2\}: repeats mean nothing
    kTuple,     // (1, 2), [0, 1): ordered, the brackets matter; ratios 1:2 have the form ":"
    kMatrix,    // rows of cells
    kUnion,     // of intervals and sets: order means nothing
    kRelation,  // of its items: a < b <= c, a \ne b, a = b = c; what is less stands first
  };
  // (1, 2) may be a point or an open interval, and 1, 2 a point or a set, unless it says what it
  // is.
  enum class Nature {
    kOpen,
    kSet,   // 1 < x < 2, x \in (1, 2), (1, \infty); x = 1 or x = 2, x = 1, 2, \pm 1: no point
    kPoint  // P(1, 2), (x,y) = (1, 2), -(1, 2), in \{(1, 2)\}: no interval
  };
  Type type = Type::kText;
  Nature nature = Nature::kOpen;  // kTuple, kList
  Quantity number;                // kNumber; of other expressions only its unit
  std::string text;               // the key of its text
  std::string algebra;            // kText: the key of its algebraic form; empty: it has none
  std::shared_ptr<const Expression> expression;  // kText: what it is if it is one
  std::string form;  // kTuple: its brackets, "[)"; kMatrix: rows x columns; kRelation: "<L" (L:
                     // <=); kList: "or" of alternatives that name different symbols, else empty
  std::vector<AnswerValue> items;
  std::string name;      // "x" of x = 5, "x\in" of x \in [0, 1]; empty: none
  std::string relation;  // the key of the equation or inequality that a whole answer is; or empty
  // Left minus right of the equation that a whole answer is.
  std::shared_ptr<const Expression> equation;
};

// A number, or an expression.
bool is_scalar(const AnswerValue& value);
// The expression of a scalar.
Expression expression_of(const AnswerValue& value);

// Matrices of one column or row, which are vectors.
bool is_column(const AnswerValue& value);
bool is_row(const AnswerValue& value);
// (1, 2), which may be a point.
bool is_round_tuple(const AnswerValue& value);
// \{1, 2\}, \emptyset, a union; not (1, 2), which may be a point.
bool is_set_of_elements(const AnswerValue& value);
// (1, 2), (3, 4): of points or solutions, where repeats mean nothing.
bool is_list_of_tuples(const AnswerValue& value);

// Reads any text; what is not understood is kText. Nesting is bounded.
AnswerValue parse_answer(std::string_view answer);
// The same of its normal form (notation.h).
AnswerValue parse_normal_form(std::string_view normal_form);
// 58,500 may be the list that `other`, a normal form, is by more than a space: 500, 58 and 58
// \text{ and } 500 are, 58, 500 is not. nullopt: the answer has no such reading, as 12,000 has
// none.
std::optional<AnswerValue> list_of_thousands(std::string_view answer, std::string_view other);

// What stands for a scalar in a key: equal for scalars that are equal.
using ScalarKey = std::function<std::string(const AnswerValue&)>;
// Of what is known when each scalar is seen alone: numbers by value, expressions by algebraic form.
std::string own_key(const AnswerValue& scalar);

// Which parts of a value do not count, because all answers of a question agree in them.
struct KeyRules {
  bool drop_units = false;
  bool drop_names = false;
  bool keep_percent = false;    // 25% and 25 differ
  bool keep_rows = false;       // a row of a matrix is no tuple: (1, 2) is the column
  bool keep_intervals = false;  // 1 < x < 2 is no point: (1, 2) is the column, not this
  bool element = false;         // of a set, say: \{2\} is not 2
  ScalarKey scalar_key = own_key;
};
// Equal for values that are the same mathematically as far as this engine can prove.
std::string canonical_key(const AnswerValue& value, const KeyRules& rules);

}  // namespace quorum
