#include "benchmarks/math/comparison.h"

#include <optional>

#include "base/text.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/approximate.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/policy_rewrite.h"
#include "benchmarks/math/relation.h"
#include "benchmarks/math/rounding.h"

namespace quorum {
namespace {

using Percent = Policy::Percent;

struct Pair {
  std::string gold, prediction;
};

EquivalenceVerdict verdict_now(const Pair& pair) {
  return equivalent(as_latex(pair.gold), as_latex(pair.prediction), GraderKind::kMath);
}

// y = 2x is 2x: with `expression` for a symbol that it does not have the equation holds.
bool solves(std::string_view equation, std::string_view expression) {
  const auto chain = split_relations(equation);
  if (!chain || chain->relations != std::vector<Relation>{Relation::kEqual} ||
      expression.find('=') != std::string_view::npos)
    return false;
  const auto left = parse_expression(chain->sides[0]), right = parse_expression(chain->sides[1]);
  const auto value = parse_expression(expression);
  if (!left || !right || !value) return false;
  const Expression whole = difference(*left, *right);
  const auto key = equation_key(whole);
  if (!key) return false;
  const std::vector<std::string> taken = symbols_of(*value);
  for (const std::string& symbol : symbols_of(whole)) {
    bool free = true;
    for (const std::string& other : taken) free = free && other != symbol;
    if (!free) continue;
    Expression alone;
    alone.nodes.push_back({Expression::Kind::kSymbol, {}, symbol, {}});
    if (equation_key(difference(alone, *value)) == key) return true;
  }
  return false;
}

Pair rewritten(Pair pair, const Policy& policy, bool decimal_comma) {
  const auto both = [&pair](const auto& change) {
    pair.gold = change(pair.gold);
    pair.prediction = change(pair.prediction);
  };
  if (policy.chain_last) both(reading::last_of_chain);
  if (decimal_comma) both(reading::with_decimal_point);
  if (policy.units_prose && reading::has_words(pair.gold) != reading::has_words(pair.prediction))
    both(reading::without_words);
  if (policy.ratio_value) both(reading::ratio_as_quotient);
  if (policy.base_dropped && reading::has_base(pair.gold) != reading::has_base(pair.prediction))
    both(reading::without_base);
  if (policy.angle_radians) {
    const auto turn = [](std::string& one, const std::string& other) {
      if (reading::has_degrees(one) && !reading::has_degrees(other) &&
          other.find("\\pi") != std::string::npos)
        one = reading::degrees_as_radians(one);
    };
    turn(pair.gold, pair.prediction);
    turn(pair.prediction, pair.gold);
  }
  if (policy.parameter_renamed) {
    const char to = reading::parameter_of(pair.gold), from = reading::parameter_of(pair.prediction);
    if (to != 0 && from != 0 && to != from)
      pair.prediction = reading::with_parameter(pair.prediction, from, to);
  }
  return pair;
}

// How sure it is that the readings which the policy allows make the pair equal; nullopt: they do
// not.
std::optional<Certainty> equal_by_policy(const Pair& pair, const Policy& policy) {
  if (policy.time_clock) {
    const auto a = reading::clock_time(pair.gold), b = reading::clock_time(pair.prediction);
    if (a && b && reading::same_time(*a, *b)) return Certainty::kCertified;
  }
  for (const bool decimal_comma : {false, true}) {
    if (decimal_comma && !policy.comma_decimal) continue;
    const Pair read = rewritten(pair, policy, decimal_comma);
    if (const EquivalenceVerdict verdict = verdict_now(read); verdict.equal)
      return verdict.certainty;
    if (policy.equation_solved &&
        (solves(read.gold, read.prediction) || solves(read.prediction, read.gold)))
      return Certainty::kCertified;
    const RoundingRule rule{policy.rounding_digits, policy.rounding_relative};
    if (!policy.rounding.empty() && equal_but_for_rounding(read.gold, read.prediction, rule))
      return Certainty::kNumeric;
  }
  return std::nullopt;
}

// The pair with its percent signs read in each way that the policy allows; none: the signs forbid
// equality.
std::vector<Pair> percent_readings(const Pair& pair, Percent percent) {
  const bool gold = reading::has_percent(pair.gold),
             prediction = reading::has_percent(pair.prediction);
  if (!gold && !prediction) return {pair};
  const Pair value{reading::percent_as_value(pair.gold),
                   reading::percent_as_value(pair.prediction)};
  const Pair sign{reading::without_percent(pair.gold), reading::without_percent(pair.prediction)};
  if (gold && prediction) return {value};
  switch (percent) {
    case Percent::kEither: return {value, sign};
    case Percent::kValue: return {value};
    case Percent::kSign: return {sign};
    case Percent::kNone: return {};
  }
  return {};
}

}  // namespace

EquivalenceVerdict compare_under_policy(std::string_view gold, std::string_view prediction,
                                        GraderKind kind, const Policy& policy) {
  const EquivalenceVerdict strict = equivalent(gold, prediction, kind);
  if (kind != GraderKind::kMath || policy == Policy{}) return strict;
  if (strict.equal && policy.percent == Percent::kEither && !policy.form_kept) return strict;
  if (trim(gold).empty() || trim(prediction).empty()) return strict;
  const Pair pair{normalise_notation(gold), normalise_notation(prediction)};
  EquivalenceVerdict forbidden{false, "unequal_by_policy"};
  if (policy.form_kept && reading::form_of(pair.gold) != reading::form_of(pair.prediction))
    return strict.equal ? forbidden : strict;
  const std::vector<Pair> readings = percent_readings(pair, policy.percent);
  if (strict.equal) {
    if (readings.size() == 1 && readings.front().gold == pair.gold &&
        readings.front().prediction == pair.prediction)
      return strict;
    for (const Pair& read : readings) {
      const EquivalenceVerdict verdict = verdict_now(read);
      if (verdict.equal) return strict;
      if (verdict.certainty == Certainty::kUnproven) forbidden.certainty = Certainty::kUnproven;
    }
  }
  for (const Pair& read : readings)
    if (const auto certainty = equal_by_policy(read, policy))
      return {true, "equal_by_policy", *certainty};
  return strict.equal ? forbidden : strict;
}

std::vector<std::string> deciding_policies(std::string_view gold, std::string_view prediction,
                                           GraderKind kind, const Policy& policy) {
  const bool verdict = compare_under_policy(gold, prediction, kind, policy).equal;
  std::vector<std::string> names;
  if (verdict == equivalent(gold, prediction, kind).equal) return names;
  std::vector<Policy> kept = single_policies(policy);
  for (std::size_t i = 0; i < kept.size();) {
    std::vector<Policy> fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (compare_under_policy(gold, prediction, kind, join_policies(fewer)).equal == verdict)
      kept = std::move(fewer);
    else
      ++i;
  }
  for (const Policy& one : kept) names.push_back(to_text(one));
  return names;
}

}  // namespace quorum
