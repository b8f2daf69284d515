// Programs are judged in several modes at once (docs/LIVECODEBENCH.md); the first decides the
// verdict. A grade's reason has a word for each: "process:WA@3/20 lcb-official:AC known-bad".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/results.h"

namespace quorum {

struct ModeScore {
  std::string mode;
  double pass_at_1 = 0;  // fraction
  std::optional<double> repeat_se;
};

// A sample that one mode passes and another does not.
struct ModeDifference {
  std::string query;
  int sample = 0;
  std::string reason;
};

struct ModeSummary {
  std::vector<ModeScore> scores;  // in the order of the reasons; empty: no programs, or one mode
  std::vector<ModeDifference> differences;
  int known_bad = 0;  // queries whose tests are known to be bad
};

// Over the first `samples` samples of every query.
ModeSummary summarize_modes(const ResultSet& results, int samples);

}  // namespace quorum
