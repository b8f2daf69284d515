#include "benchmarks/math/policy.h"

#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace quorum {
namespace {

struct Switch {
  std::string_view name, value;
  bool Policy::*member;
};
constexpr std::array<Switch, 10> kSwitches = {{{"base", "dropped", &Policy::base_dropped},
                                               {"angle", "radians", &Policy::angle_radians},
                                               {"units", "prose", &Policy::units_prose},
                                               {"time", "clock", &Policy::time_clock},
                                               {"ratio", "value", &Policy::ratio_value},
                                               {"comma", "decimal", &Policy::comma_decimal},
                                               {"chain", "last", &Policy::chain_last},
                                               {"parameter", "renamed", &Policy::parameter_renamed},
                                               {"equation", "solved", &Policy::equation_solved},
                                               {"form", "kept", &Policy::form_kept}}};

constexpr std::array<std::string_view, 4> kPercent = {"either", "value", "sign", "none"};
constexpr int kMaxDigits = 15;
constexpr double kMaxRelative = 0.1;

// "6" or "1e-6"; false: neither.
bool read_rounding(std::string_view value, Policy& policy) {
  double number = 0;
  const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (status != std::errc() || end != value.data() + value.size()) return false;
  policy.rounding = value;
  if (number >= 1 && number <= kMaxDigits && number == static_cast<int>(number)) {
    policy.rounding_digits = static_cast<int>(number);
    policy.rounding = std::to_string(policy.rounding_digits);
    return true;
  }
  policy.rounding_relative = number;
  return number >= 1e-12 && number <= kMaxRelative;
}

bool read_choice(std::string_view name, std::string_view value, Policy& policy) {
  if (name == "rounding") return read_rounding(value, policy);
  if (name == "percent") {
    for (std::size_t i = 0; i < kPercent.size(); ++i) {
      if (value != kPercent[i]) continue;
      policy.percent = static_cast<Policy::Percent>(i);
      return true;
    }
    return false;
  }
  for (const Switch& one : kSwitches) {
    if (name != one.name || value != one.value) continue;
    policy.*one.member = true;
    return true;
  }
  return false;
}

}  // namespace

const std::vector<PolicyName>& policy_names() {
  static const std::vector<PolicyName> kNames = {
      {"rounding", "N or 1e-N",
       "a decimal of at least N significant digits is what it rounds, or: within this relative "
       "difference"},
      {"percent", "value, sign or none", "25% is 0.25 only, 25 only, or neither (default: either)"},
      {"base", "dropped", "52 is 52_8"},
      {"angle", "radians", "30 degrees are \\pi/6"},
      {"units", "prose", "any words behind a number are its unit, and may be missing"},
      {"time", "clock", "20:34 is 8:34 p.m."},
      {"ratio", "value", "3:4 is \\frac{3}{4}"},
      {"comma", "decimal", "1,5 is 1.5"},
      {"chain", "last", "of x = a = b and of x \\approx b the last value counts"},
      {"parameter", "renamed", "k\\pi is n\\pi: a free integer under another letter"},
      {"equation", "solved", "y = 2x is 2x, 2y = 4x is too: an equation is what a symbol of it is"},
      {"form", "kept",
       "names, ordinal endings, \\approx and outer brackets must be there on both sides"},
  };
  return kNames;
}

Result<Policy> parse_policy(std::string_view text) {
  std::vector<std::string> names;
  for (const PolicyName& one : policy_names()) names.emplace_back(one.name);
  Policy policy;
  std::vector<std::string> seen;
  if (trim(text).empty()) return policy;
  for (const std::string& part : split(std::string(text), ',')) {
    const std::string_view choice = trim(part);
    const std::size_t equals = choice.find('=');
    const std::string name(trim(choice.substr(0, equals)));
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : trim(choice.substr(equals + 1));
    const PolicyName* known = nullptr;
    for (const PolicyName& one : policy_names())
      if (one.name == name) known = &one;
    if (known == nullptr)
      return Error(ErrorKind::kUsage, "there is no policy \"" + name + "\"", "",
                   "one of " + join(names, ", ") + ", each as NAME=VALUE");
    for (const std::string& before : seen)
      if (before == name)
        return Error(ErrorKind::kUsage, "policy " + name + " is given twice", "",
                     "name each policy once");
    seen.push_back(name);
    if (!read_choice(name, value, policy))
      return Error(ErrorKind::kUsage,
                   "policy " + name + " cannot be \"" + std::string(value) + "\"", "",
                   name + "=" + std::string(known->values) + ": " + std::string(known->meaning));
  }
  return policy;
}

std::string to_text(const Policy& policy) {
  std::vector<std::string> choices;
  if (!policy.rounding.empty()) choices.push_back("rounding=" + policy.rounding);
  if (policy.percent != Policy::Percent::kEither)
    choices.push_back("percent=" + std::string(kPercent[static_cast<std::size_t>(policy.percent)]));
  for (const Switch& one : kSwitches)
    if (policy.*one.member) choices.push_back(std::string(one.name) + "=" + std::string(one.value));
  return join(choices, ",");
}

std::vector<Policy> single_policies(const Policy& policy) {
  std::vector<Policy> singles;
  const std::string text = to_text(policy);
  if (text.empty()) return singles;
  for (const std::string& choice : split(text, ',')) singles.push_back(parse_policy(choice).take());
  return singles;
}

Policy join_policies(const std::vector<Policy>& policies) {
  std::vector<std::string> choices;
  for (const Policy& policy : policies) choices.push_back(to_text(policy));
  return parse_policy(join(choices, ",")).take();
}

}  // namespace quorum
