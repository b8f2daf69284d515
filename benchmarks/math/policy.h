// Readings of an answer that are a choice, not mathematics: rounding, percent, a dropped base.
//
// All are off by default. They concern the comparison of an answer with the gold one; votes
// (answer_classes) never follow them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace quorum {

struct Policy {
  // Which readings of "25%" an answer without the sign may have.
  enum class Percent {
    kEither,  // 25 and 0.25: the default
    kValue,   // 0.25
    kSign,    // 25
    kNone,    // neither: a percent sign must be there on both sides
  };

  int rounding_digits = 0;       // significant digits that a rounded decimal must have; 0: off
  double rounding_relative = 0;  // relative difference that a decimal may have; 0: off
  std::string rounding;          // as it was given; empty: off
  Percent percent = Percent::kEither;
  bool base_dropped = false;
  bool angle_radians = false;
  bool units_prose = false;
  bool time_clock = false;
  bool ratio_value = false;
  bool comma_decimal = false;
  bool chain_last = false;
  bool parameter_renamed = false;
  bool equation_solved = false;
  bool form_kept = false;

  bool operator==(const Policy&) const = default;
};

// A policy by name, for --help, documents and errors.
struct PolicyName {
  std::string_view name;     // "base"
  std::string_view values;   // "dropped"
  std::string_view meaning;  // one line
};
const std::vector<PolicyName>& policy_names();

// Reads "rounding=6,percent=value"; an empty text is the default. Error(kUsage) for an unknown name
// or value, with those that there are; a name given twice is one too.
Result<Policy> parse_policy(std::string_view text);

// The names that are not at their default with their values, in the order of policy_names(), as
// parse_policy reads them; empty for the default. Equal texts: equal policies.
std::string to_text(const Policy& policy);

// Each choice of a policy by itself: what to_text() lists, apart. Joined they are the policy.
std::vector<Policy> single_policies(const Policy& policy);
Policy join_policies(const std::vector<Policy>& policies);

}  // namespace quorum
