// Sets of real numbers: unions, intersections and differences of intervals and points.
#pragma once

#include <optional>
#include <vector>

#include "benchmarks/math/answer_value.h"

namespace quorum {

enum class SetOperation { kUnion, kIntersection, kDifference };

// Of intervals (tuples of two constants or infinities), sets of constants and unions of these, as
// the union of as few intervals and points as possible, from left to right: an interval, a set, a
// union or, of nothing, the text \emptyset. nullopt: a part is none of these, or the order of two
// bounds is not known.
std::optional<AnswerValue> combine_sets(const AnswerValue& a, const AnswerValue& b,
                                        SetOperation operation);

AnswerValue infinity(bool negative);
bool is_infinity(const AnswerValue& value);
// \mathbb{R}.
AnswerValue all_real_numbers();

// Whether all are intervals, and one is no point for sure: (1, 2], (3, \infty).
bool are_intervals(const std::vector<AnswerValue>& values);

}  // namespace quorum
