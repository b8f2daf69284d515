// Answers that are equal but for the rounding of a decimal in one of them.
#pragma once

#include <string_view>

namespace quorum {

struct RoundingRule {
  int digits = 0;  // a decimal of at least so many significant digits is what it rounds; 0: off
  double relative = 0;  // what a decimal may differ by, relatively; 0: off
};

// Normal forms (notation.h). Their structure must be the same: lists, sets, tuples with their
// brackets, matrices, unions and chains of relations are compared part by part, lists and sets
// without order. Of each pair of parts that differ at least one must be written with a decimal
// point: 1/3 and 333/1000 are two exact numbers.
bool equal_but_for_rounding(std::string_view gold, std::string_view prediction,
                            const RoundingRule& rule);

}  // namespace quorum
