// Which problems of LiveCodeBench are meant: a release, and a window of contest dates.
//
//   livecodebench                               release v6
//   livecodebench:v5                            all 880 problems of release v5
//   livecodebench:v5:2024-08-01..2025-02-01     of these the ones of contests from 1 August 2024 up
//                                               to, and without, 1 February 2025
// `lcb` is short for livecodebench. A release contains the earlier ones; DeepSeek-R1 was measured
// on the last of these examples (279 problems).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace quorum::code {

inline constexpr int kNewestRelease = 6;
// Problems of each release, v1 first.
inline constexpr std::array<int, kNewestRelease> kReleaseSizes = {400, 511, 612, 713, 880, 1055};

struct Release {
  int number = kNewestRelease;
  std::string from, until;  // YYYY-MM-DD, `until` excluded; both empty: all dates

  // "livecodebench:v5:2024-08-01..2025-02-01"
  std::string name() const;
  // `date` begins with YYYY-MM-DD.
  bool contains(std::string_view date) const;
  // What DeepSeek-R1 and its distilled models were measured on.
  bool is_r1_window() const;
};

bool is_livecodebench(std::string_view benchmark_name);
// Precondition: is_livecodebench. Throws Error(kUsage) that says what can stand there.
Release parse_release(const std::string& benchmark_name);

// YYYY-MM-DD, a day that exists.
bool is_day(std::string_view text);

}  // namespace quorum::code
