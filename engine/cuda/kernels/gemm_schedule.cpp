#include "engine/cuda/kernels/gemm_schedule.h"

#include <algorithm>

namespace quorum::cuda {
namespace {

// Costs in units of the time that one block of K takes a worker at 256 rows of X.
constexpr double kEndPair = 2;      // writing a tile of Y
constexpr double kEndSegment = 3;   // writing its sums to the workspace
constexpr double kTraffic = 0.19;   // all workers: a segment's sums to the L2 cache and back

double cost(const GemmSchedule& s) {
  const int waves = (s.whole + kWorkers - 1) / kWorkers;
  double longest = 0;
  for (int worker = 0; worker < s.cuts; ++worker) {
    const int begin = s.begin(worker), end = s.begin(worker + 1);
    const int segments = (end - 1) / s.blocks - begin / s.blocks + 1;
    longest = std::max(longest, end - begin + kEndSegment * segments);
  }
  return waves * (s.blocks + kEndPair) + longest + kTraffic * s.segments();
}

}  // namespace

GemmSchedule schedule_gemm(int n, int k) {
  const int pairs = (n + kPairRows - 1) / kPairRows;
  GemmSchedule best{.blocks = k / kBlockK, .whole = pairs, .split = 0, .cuts = 0};
  double least = cost(best);
  for (int split = pairs % kWorkers; split <= pairs && split < 2 * kWorkers; split += kWorkers) {
    for (int cuts = 1; split > 0 && cuts <= std::min(kWorkers, split * best.blocks); ++cuts) {
      const GemmSchedule s{.blocks = best.blocks, .whole = pairs - split, .split = split, .cuts = cuts};
      if (cost(s) < least) {
        least = cost(s);
        best = s;
      }
    }
  }
  return best;
}

}  // namespace quorum::cuda
