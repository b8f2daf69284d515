// What goes between exact_decider.h and its processes.
//
// A request is its length as 4 bytes (little-endian) and as many bytes of text: a line an operation
// on a stack of numbers, in postfix order, that leaves the two numbers to be compared. The answer
// is one byte: kYes, kNo or kDontKnow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "benchmarks/math/expression.h"

namespace quorum {

inline constexpr std::uint32_t kMaxExactRequestBytes = 1u << 16;
inline constexpr char kYes = 'y', kNo = 'n', kDontKnow = '?';

// nullopt: it is too large, or has symbols.
std::optional<std::string> exact_request(const Expression& a, const Expression& b);

// Runs the operations on Calcium.
char answer_exact_request(const std::string& request);

}  // namespace quorum
