// The comparison of an answer with the gold one under policies: equivalent() and what they add.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/math/answer.h"
#include "benchmarks/math/policy.h"

namespace quorum {

// As equivalent(). Policies change it for the kind `math` only: readings that they allow make
// answers equal ("equal_by_policy"), readings that they forbid (percent, form) make them unequal
// ("unequal_by_policy").
EquivalenceVerdict compare_under_policy(std::string_view gold, std::string_view prediction,
                                        GraderKind kind, const Policy& policy);

// The policies without which the verdict would be another one: a smallest choice of them that gives
// the verdict of all. Empty when it is that of equivalent(). Each as "name=value".
std::vector<std::string> deciding_policies(std::string_view gold, std::string_view prediction,
                                           GraderKind kind, const Policy& policy);

}  // namespace quorum
