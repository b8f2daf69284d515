// Parameters that run through the integers: the k of 2k\pi, k \in \mathbb{Z}.
#pragma once

#include <optional>
#include <string_view>

namespace quorum {

struct IntegerParameter {
  char symbol;
  std::string_view domain;  // "Z", "N", as it is written
};
// "k \in \mathbb{Z}", of integers or natural numbers. nullopt: the text is something else.
std::optional<IntegerParameter> integer_parameter(std::string_view normal_form);

// The text without ", k \in \mathbb{Z}" or "(k \in \mathbb{Z})" at its end, which says what k is
// known to be: where k occurs in front and no inequality does.
std::string_view without_parameter_range(std::string_view normal_form);

}  // namespace quorum
