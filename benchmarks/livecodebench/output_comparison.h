// Whether what a program printed is what it should have printed, under one of several named rules.
// Pure functions over bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quorum::code {

// How outputs are compared.
enum class OutputRule {
  // LiveCodeBench's own: lines without white space at their ends, blank lines at both ends of the
  // output left out; two lines are equal as texts, or token by token as exact decimal numbers.
  kLcbDecimal,
  // The same, and where the expected token is a number with a fraction or an exponent, numbers that
  // differ by at most 1e-6 · max(1, |expected|) are equal.
  kLcbDecimalEps,
  kTokens,  // the same tokens between any white space, as testlib's wcmp
  kExact,   // the same bytes
};
std::string output_rule_name(
    OutputRule rule);  // "lcb-decimal", "lcb-decimal+eps", "tokens", "exact"
std::optional<OutputRule> parse_output_rule(std::string_view name);

struct OutputComparison {
  bool equal = false;
  // Comparing itself fails in the official checker: a line has a signalling NaN. Not equal.
  bool raises = false;
  std::string why;  // for people; empty when equal
};

OutputComparison compare_output(OutputRule rule, std::string_view output,
                                std::string_view expected);

}  // namespace quorum::code
