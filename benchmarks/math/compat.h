// Other graders' verdicts, as sets of named deviations from this one: what a difference between two
// scores comes from. docs/GRADING.md lists what each deviation does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

enum class CompatMode {
  kMathVerify,  // Math-Verify 0.8.0: gold between dollars, prediction in a box, default settings
  kPrm800k,     // the grader of prm800k
};
// "math-verify", "prm800k".
std::optional<CompatMode> parse_compat_mode(std::string_view name);
const std::vector<std::string>& compat_mode_names();

// One rule in which a grader differs from this one.
struct Deviation {
  std::string_view name;     // "decimals_to_6_places"
  std::string_view meaning;  // one line
};
// In the order of the bits of a DeviationSet.
const std::vector<Deviation>& deviations(CompatMode mode);
using DeviationSet = std::uint64_t;
DeviationSet all_deviations(CompatMode mode);

// The verdict of a mode with some of its deviations switched on; with none it is that of
// equivalent(). Answers are extracted answers, not completions.
bool equal_with_deviations(std::string_view gold, std::string_view prediction, CompatMode mode,
                           DeviationSet on);

struct CompatVerdict {
  bool equal = false;
  bool ours = false;  // the verdict of equivalent()
  // A smallest choice of deviations that gives the mode's verdict; empty when it is ours.
  std::vector<std::string_view> deviations;
};
CompatVerdict compare_in_mode(std::string_view gold, std::string_view prediction, CompatMode mode);

}  // namespace quorum
