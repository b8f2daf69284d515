#include "engine/workload_steps.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/error.h"

namespace quorum {

WorkloadSteps workload_steps(const PerfWorkload& work, int slots) {
  QUORUM_CHECK(slots > 0);
  std::vector<std::pair<int, double>> waiting;  // length, prompt tokens; the first one last
  for (const PerfQuery& query : work.queries)
    for (const int length : query.lengths)
      waiting.emplace_back(length, static_cast<double>(query.prompt.size()));
  std::reverse(waiting.begin(), waiting.end());

  using End = std::pair<std::int64_t, double>;  // the step it ends before, and what it reads then
  std::priority_queue<End, std::vector<End>, std::greater<>> running;
  WorkloadSteps all;
  std::int64_t step = 0;
  double positions = 0;  // that all who run read in the next step
  while (!waiting.empty() || !running.empty()) {
    while (!waiting.empty() && static_cast<int>(running.size()) < slots) {
      const auto [length, prompt] = waiting.back();
      waiting.pop_back();
      running.emplace(step + length, prompt + length);
      positions += prompt;
    }
    // Until the first of them ends each reads one position more in every step.
    const auto rows = static_cast<double>(running.size());
    const auto steps = static_cast<double>(running.top().first - step);
    StepGroup& group = all.counts[static_cast<int>(running.size())];
    group.steps += running.top().first - step;
    group.positions += positions * steps + rows * steps * (steps - 1) / 2;
    positions += rows * steps;
    all.most_positions = std::max(all.most_positions, positions);
    step = running.top().first;
    for (; !running.empty() && running.top().first == step; running.pop())
      positions -= running.top().second;
  }
  return all;
}

}  // namespace quorum
