// Points and vectors: names of coordinates, and what C(8,3) counts.
#pragma once

#include <optional>
#include <vector>

#include "benchmarks/math/answer_value.h"

namespace quorum {

// (y,x) = (3,-1) becomes (x,y) = (-1,3), so that it is compared with pairs that name nothing.
void order_coordinates(AnswerValue& value);

// What a tuple or list, or a tuple in a set, is for sure by its names and elements: x \in (1, 2)
// and (1, \infty) are intervals, (x,y) = (1, 2) and \{(1, 2)\} points, x = 1, x = 2 and x = 1, 2
// sets.
void settle_nature(AnswerValue& value);

// `value` with the coordinates in the order of `model`, where both name the same ones: (b,a) =
// (1,2) for (a,b). nullopt: they do not, or are in this order already.
std::optional<AnswerValue> in_order_of(const AnswerValue& model, const AnswerValue& value);

// Whether some have the names of different symbols; an index makes no other symbol.
bool names_differ(const std::vector<AnswerValue>& items);
bool has_no_names(const std::vector<AnswerValue>& items);
// y = 2, x = 1 as x = 1, y = 2; values of other names as they are.
std::vector<AnswerValue> in_order_of_coordinates(std::vector<AnswerValue> items);

// x = 1, y = 2 of a system, among others of a list, as the point (x,y) = (1,2). Others stay.
void point_of_system(AnswerValue& value);

// The number of combinations or arrangements that the point C(8,3) or P(8,3) may be meant as.
// nullopt: it is no such point.
std::optional<AnswerValue> counted(const AnswerValue& value);

}  // namespace quorum
