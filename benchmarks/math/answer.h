// Whether two answers are equal, and which of many are the same: the place of the equivalence
// engine.
//
// The engine decides exact rationals in all everyday notations, expressions that have the same
// algebraic form (algebra.h) or the same values (decide.h), equations that differ by a factor,
// solved inequalities as sets of numbers, and lists, sets, tuples, intervals, unions and matrices
// of these; everything else is compared as normalised text. What it cannot prove equal is unequal:
// a failure to parse is never equality. docs/GRADING.md lists rules and reason codes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/task.h"

namespace quorum {

// How sure a verdict is.
enum class Certainty {
  kCertified,  // proven, as far as the reading of the two texts is right
  kNumeric,    // equal in all digits that were looked at; counted, because nothing proves it
  kUnproven    // "not equal" only because equality was not found
};
// "certified", "numeric", "unproven".
const char* to_string(Certainty certainty);

struct EquivalenceVerdict {
  bool equal = false;
  std::string reason;  // a code: "equal_text", "equal_exact", "equal_algebra", "equal_numeric",
                       // "equal_elements", "equal_choice", "unequal_value", "unequal_certified",
                       // "unequal_unit", "unequal_type", "unequal_elements", "unequal_name",
                       // "unequal_text", "not_proven", "unknown_limit", "unknown_timeout"
  Certainty certainty = Certainty::kCertified;
};

// Symmetric but for rules that only the gold answer may relax: a unit, a name ("x =") or a percent
// sign that one side lacks, (1, 2) for a bare list in the same order or for a vector. Options that
// change what is equal come around this function, as readings of the two texts, not into it.
EquivalenceVerdict equivalent(std::string_view gold, std::string_view prediction, GraderKind kind);

// A class number for each answer, by first appearance. Two answers share a class if and only if
// their canonical keys are equal, so this is an equivalence relation and does not depend on the
// order but for the numbers. Expressions of one value share a key (scalar_classes.h). Units and
// names count only when the answers (the gold one included) disagree in them; a percent sign only
// does for integers.
std::vector<int> answer_classes(std::string_view gold, std::span<const std::string> answers,
                                GraderKind kind);

// Whether the text is an integer, in any everyday notation.
bool is_integer_text(std::string_view text);

// The letter of a choice: D, (D), \text{(D)}, "D.", "Option D", "D) 42". nullopt: it names none.
std::optional<char> choice_letter(std::string_view text);

}  // namespace quorum
