// The integers of a set of real numbers: \{x \in \mathbb{Z} \mid 1 \le x \le 3\}.
#pragma once

#include <optional>
#include <string_view>

#include "benchmarks/math/answer_value.h"

namespace quorum {

// Which integers a domain has.
enum class IntegerRange { kAll, kNatural, kPositive };

// Of the text key of a domain (notation.h): \mathbb{Z}, \mathbb{N}^* and the like; nullopt: it is
// another one.
std::optional<IntegerRange> integer_range(std::string_view key);

// The integers of a set of numbers that lies in [-64, 64]; nullopt: it does not, or has 0 or less
// where it is not agreed on whether the natural numbers begin with 0.
std::optional<AnswerValue> integers_of(const AnswerValue& set, IntegerRange range);

}  // namespace quorum
