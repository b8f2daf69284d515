#include "reports/modes.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "reports/stats.h"

namespace quorum {
namespace {

// mode → passed, in the order of the words.
std::vector<std::pair<std::string, bool>> modes_of(const std::string& reason) {
  std::vector<std::pair<std::string, bool>> modes;
  for (const std::string& word : split(reason, ' ')) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) continue;
    modes.emplace_back(word.substr(0, colon), word.substr(colon + 1) == "AC");
  }
  return modes;
}

bool is_known_bad(const std::string& reason) {
  return (" " + reason + " ").find(" known-bad ") != std::string::npos;
}

}  // namespace

ModeSummary summarize_modes(const ResultSet& results, int samples) {
  ModeSummary summary;
  std::vector<std::string> names;
  std::map<std::string, std::vector<Counts>> counts;
  for (const QueryResult& query : results.queries) {
    std::map<std::string, Counts> of_query;
    bool bad = false;
    for (const SampleResult& sample : query.samples) {
      if (sample.sample >= samples) continue;
      const auto modes = modes_of(sample.reason);
      bool differ = false;
      for (const auto& [mode, passed] : modes) {
        if (counts.count(mode) == 0 && of_query.count(mode) == 0) names.push_back(mode);
        ++of_query[mode].samples;
        of_query[mode].correct += passed ? 1 : 0;
        differ = differ || passed != modes.front().second;
      }
      if (differ) summary.differences.push_back({query.query, sample.sample, sample.reason});
      bad = bad || is_known_bad(sample.reason);
    }
    for (const auto& [mode, count] : of_query) counts[mode].push_back(count);
    summary.known_bad += bad ? 1 : 0;
  }
  // A mode that has no word on some samples (lcb-official on C++) cannot stand beside the others.
  std::map<std::string, int> judged;
  int most = 0;
  for (const std::string& name : names) {
    for (const Counts& count : counts[name]) judged[name] += static_cast<int>(count.samples);
    most = std::max(most, judged[name]);
  }
  std::erase_if(names, [&](const std::string& name) { return judged[name] < most; });
  if (names.size() < 2) return summary;
  for (const std::string& name : names)
    summary.scores.push_back({name, pass_at_1(counts[name]), repeat_standard_error(counts[name])});
  return summary;
}

}  // namespace quorum
