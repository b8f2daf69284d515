// The comparison of two parsed answers.
#pragma once

#include "benchmarks/math/answer.h"
#include "benchmarks/math/answer_value.h"

namespace quorum {

// Of a gold answer and another one: the rules of docs/GRADING.md, those that only the gold answer
// may relax among them.
EquivalenceVerdict compare_answers(const AnswerValue& gold, const AnswerValue& prediction);
// Of two elements of a set, list, tuple or matrix, where \{2\} is another one than 2.
EquivalenceVerdict compare_elements(const AnswerValue& gold, const AnswerValue& prediction);

// Two numbers with their units; 25% is 25 and 0.25 where `percent_is_free`.
EquivalenceVerdict compare_numbers(const Quantity& gold, const Quantity& prediction,
                                   bool percent_is_free);

}  // namespace quorum
