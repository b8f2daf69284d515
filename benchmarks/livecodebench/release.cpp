#include "benchmarks/livecodebench/release.h"

#include <algorithm>

#include "base/text.h"

namespace quorum::code {
namespace {

constexpr std::string_view kName = "livecodebench", kShort = "lcb";

[[noreturn]] void refuse(const std::string& name, const std::string& because) {
  throw Error(ErrorKind::kUsage, "\"" + name + "\" is no part of LiveCodeBench", because,
              "for example livecodebench:v5 or livecodebench:v5:2024-08-01..2025-02-01");
}

}  // namespace

std::string Release::name() const {
  std::string out = std::string(kName) + ":v" + std::to_string(number);
  if (!from.empty()) out += ":" + from + ".." + until;
  return out;
}

bool Release::contains(std::string_view date) const {
  const std::string_view day = date.substr(0, 10);
  return from.empty() || (day >= from && day < until);
}

bool Release::is_r1_window() const {
  return number == 5 && from == "2024-08-01" && until == "2025-02-01";
}

bool is_livecodebench(std::string_view name) {
  const std::string_view stem = name.substr(0, name.find(':'));
  return stem == kName || stem == kShort;
}

bool is_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int number[3] = {0, 0, 0};
  int part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
    } else if (text[i] >= '0' && text[i] <= '9') {
      number[part] = number[part] * 10 + (text[i] - '0');
    } else {
      return false;
    }
  }
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto [year, month, day] = number;
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

Release parse_release(const std::string& name) {
  Release release;
  const std::vector<std::string> parts = split(name, ':');
  if (parts.size() > 3) refuse(name, "it has too many colons");
  if (parts.size() > 1) {
    const std::string& version = parts[1];
    const bool good = version.size() == 2 && version[0] == 'v' && version[1] >= '1' &&
                      version[1] <= '0' + kNewestRelease;
    if (!good) refuse(name, "the releases are v1 to v" + std::to_string(kNewestRelease));
    release.number = version[1] - '0';
  }
  if (parts.size() > 2) {
    const std::string& window = parts[2];
    const std::size_t dots = window.find("..");
    if (dots == std::string::npos) refuse(name, "a window is FIRST-DAY..DAY-BEHIND-THE-LAST");
    release.from = window.substr(0, dots);
    release.until = window.substr(dots + 2);
    for (const std::string& day : {release.from, release.until})
      if (!is_day(day)) refuse(name, "\"" + day + "\" is no day as YYYY-MM-DD");
    if (release.until <= release.from) refuse(name, "the window ends before it begins");
  }
  return release;
}

}  // namespace quorum::code
