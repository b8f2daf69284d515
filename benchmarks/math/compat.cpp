#include "benchmarks/math/compat.h"

#include "benchmarks/math/answer.h"
#include "benchmarks/math/compat_math_verify.h"
#include "benchmarks/math/compat_prm800k.h"

namespace quorum {

const std::vector<std::string>& compat_mode_names() {
  static const std::vector<std::string> kNames = {"math-verify", "prm800k"};
  return kNames;
}

std::optional<CompatMode> parse_compat_mode(std::string_view name) {
  for (std::size_t i = 0; i < compat_mode_names().size(); ++i)
    if (name == compat_mode_names()[i]) return static_cast<CompatMode>(i);
  return std::nullopt;
}

const std::vector<Deviation>& deviations(CompatMode mode) {
  return mode == CompatMode::kMathVerify ? math_verify::rules() : prm800k::rules();
}

DeviationSet all_deviations(CompatMode mode) {
  return (DeviationSet{1} << deviations(mode).size()) - 1;
}

bool equal_with_deviations(std::string_view gold, std::string_view prediction, CompatMode mode,
                           DeviationSet on) {
  return mode == CompatMode::kMathVerify ? math_verify::equal(gold, prediction, on)
                                         : prm800k::equal(gold, prediction, on);
}

CompatVerdict compare_in_mode(std::string_view gold, std::string_view prediction, CompatMode mode) {
  const std::vector<Deviation>& all = deviations(mode);
  DeviationSet on = all_deviations(mode);
  CompatVerdict verdict;
  verdict.equal = equal_with_deviations(gold, prediction, mode, on);
  verdict.ours = equivalent(gold, prediction, GraderKind::kMath).equal;
  if (verdict.equal == verdict.ours) return verdict;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const DeviationSet fewer = on & ~(DeviationSet{1} << i);
    if (equal_with_deviations(gold, prediction, mode, fewer) == verdict.equal) on = fewer;
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    if ((on >> i & 1) != 0) verdict.deviations.push_back(all[i].name);
  return verdict;
}

}  // namespace quorum
