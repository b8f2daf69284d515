// Keys of the answers to one question: which of them are one vote.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

// A key for each answer; answers of equal keys are one class. What the keys leave out (a unit or a
// name that nobody disputes) depends on the set of the answers and on the gold one, never on an
// order.
std::vector<std::string> vote_keys(std::string_view gold, std::span<const std::string> answers,
                                   bool keep_percent);

}  // namespace quorum
