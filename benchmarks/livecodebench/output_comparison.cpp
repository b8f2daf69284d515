#include "benchmarks/livecodebench/output_comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/text.h"
#include "benchmarks/livecodebench/decimal_token.h"
#include "benchmarks/livecodebench/python_text.h"

namespace quorum::code {
namespace {

constexpr std::array<std::pair<OutputRule, std::string_view>, 4> kRules{
    {{OutputRule::kLcbDecimal, "lcb-decimal"},
     {OutputRule::kLcbDecimalEps, "lcb-decimal+eps"},
     {OutputRule::kTokens, "tokens"},
     {OutputRule::kExact, "exact"}}};

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return "\"" + sanitize_utf8(text) + "\"";
  return "\"" + sanitize_utf8(text.substr(0, kMost)) + "…\"";
}

OutputComparison different(std::string what, std::string_view output, std::string_view expected) {
  return {false, false, std::move(what) + ": " + shown(output) + " instead of " + shown(expected)};
}

// Every token as a number; nullopt when one is none.
std::optional<std::vector<DecimalToken>> as_numbers(const std::vector<std::string_view>& tokens) {
  std::vector<DecimalToken> numbers;
  for (const std::string_view token : tokens) {
    std::optional<DecimalToken> number = parse_decimal(token);
    if (!number) return std::nullopt;
    numbers.push_back(std::move(*number));
  }
  return numbers;
}

double to_double(const DecimalToken& number) {
  const std::string text =
      (number.negative ? "-" : "") + (number.digits.empty() ? "0" : number.digits) + "e" +
      std::to_string(std::clamp<std::int64_t>(number.exponent, -100'000, 100'000));
  return std::strtod(text.c_str(), nullptr);
}

// `written`: the expected token, which must not be written as an integer.
bool nearly_equal(const DecimalToken& number, const DecimalToken& expected,
                  std::string_view written) {
  using Kind = DecimalToken::Kind;
  if (number.kind != Kind::kFinite || expected.kind != Kind::kFinite) return false;
  if (written.find_first_of(".eE") == std::string_view::npos) return false;
  const double a = to_double(number), b = to_double(expected);
  return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(b));
}

// Two lines that are not the same text.
OutputComparison compare_line(bool eps, std::string_view line, std::string_view expected,
                              const std::string& where) {
  const auto tokens = python_split(line), written = python_split(expected);
  if (tokens.size() != written.size()) return different(where, line, expected);
  const auto numbers = as_numbers(tokens), wanted = numbers ? as_numbers(written) : std::nullopt;
  if (!wanted) return different(where, line, expected);
  for (std::size_t i = 0; i < wanted->size(); ++i) {
    const std::optional<bool> equal = decimals_equal((*numbers)[i], (*wanted)[i]);
    if (!equal) return {false, true, where + ": a signalling NaN cannot be compared"};
    if (*equal || (eps && nearly_equal((*numbers)[i], (*wanted)[i], written[i]))) continue;
    return different(where, line, expected);
  }
  return {true, false, {}};
}

OutputComparison compare_lines(bool eps, std::string_view output, std::string_view expected) {
  const auto lines = split_lines(python_strip(output)),
             wanted = split_lines(python_strip(expected));
  if (lines.size() != wanted.size())
    return {false, false,
            std::to_string(lines.size()) + " lines instead of " + std::to_string(wanted.size())};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = python_strip(lines[i]), want = python_strip(wanted[i]);
    if (line == want) continue;
    OutputComparison one = compare_line(eps, line, want, "line " + std::to_string(i + 1));
    if (!one.equal) return one;
  }
  return {true, false, {}};
}

OutputComparison compare_tokens(std::string_view output, std::string_view expected) {
  const auto tokens = python_split(output), wanted = python_split(expected);
  for (std::size_t i = 0; i < std::min(tokens.size(), wanted.size()); ++i)
    if (tokens[i] != wanted[i])
      return different("token " + std::to_string(i + 1), tokens[i], wanted[i]);
  if (tokens.size() == wanted.size()) return {true, false, {}};
  return {false, false,
          std::to_string(tokens.size()) + " tokens instead of " + std::to_string(wanted.size())};
}

}  // namespace

std::string output_rule_name(OutputRule rule) {
  for (const auto& [value, name] : kRules)
    if (value == rule) return std::string(name);
  return "?";
}

std::optional<OutputRule> parse_output_rule(std::string_view wanted) {
  for (const auto& [value, name] : kRules)
    if (name == wanted) return value;
  return std::nullopt;
}

OutputComparison compare_output(OutputRule rule, std::string_view output,
                                std::string_view expected) {
  switch (rule) {
    case OutputRule::kLcbDecimal: return compare_lines(false, output, expected);
    case OutputRule::kLcbDecimalEps: return compare_lines(true, output, expected);
    case OutputRule::kTokens: return compare_tokens(output, expected);
    case OutputRule::kExact: break;
  }
  if (output == expected) return {true, false, {}};
  return different("the output", output, expected);
}

}  // namespace quorum::code
