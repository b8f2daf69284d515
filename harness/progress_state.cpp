#include "harness/progress_state.h"

#include <algorithm>
#include <cmath>

namespace quorum {
namespace {

// Completions after which their own mean length says more than the plan's expectation.
constexpr std::int64_t kEnoughForMean = 16;

}  // namespace

ProgressState::ProgressState(std::span<const Benchmark> benchmarks, const Plan& plan, int samples)
    : samples_(samples),
      wanted_(plan.wanted()),
      reused_(static_cast<std::int64_t>(plan.stored.size())),
      expected_tokens_(plan.tokens_per_attempt) {
  for (const Benchmark& benchmark : benchmarks)
    rows_.push_back({benchmark.name, benchmark.queries.size(),
                     std::vector<std::int8_t>(
                         benchmark.queries.size() * static_cast<std::size_t>(samples), -1)});
}

void ProgressState::stored(int tokens) {
  ++generated_;
  tokens_ += tokens;
}

void ProgressState::graded(int benchmark, int query, int sample, Verdict verdict) {
  if (sample >= samples_) return;
  auto& verdicts = rows_.at(static_cast<std::size_t>(benchmark)).verdicts;
  verdicts.at(static_cast<std::size_t>(query) * static_cast<std::size_t>(samples_) +
              static_cast<std::size_t>(sample)) = verdict == Verdict::kCorrect ? 1 : 0;
}

ProgressSnapshot::Score ProgressState::score(std::size_t benchmark) const {
  const Row& row = rows_[benchmark];
  const auto width = static_cast<std::size_t>(samples_);
  std::size_t common = width;
  for (std::size_t q = 0; q < row.queries; ++q) {
    std::size_t leading = 0;
    while (leading < common && row.verdicts[q * width + leading] >= 0) ++leading;
    common = leading;
  }
  if (common < width) common -= common % kSampleBlock;
  ProgressSnapshot::Score score{row.name, row.queries == 0 ? 0 : static_cast<int>(common), 0,
                                std::nullopt};
  if (score.samples == 0) return score;
  const double n = score.samples, count = static_cast<double>(row.queries);
  double sum = 0, variance = 0;
  for (std::size_t q = 0; q < row.queries; ++q) {
    const auto first = row.verdicts.begin() + static_cast<std::ptrdiff_t>(q * width);
    const double mean = static_cast<double>(std::count(first, first + score.samples, 1)) / n;
    sum += mean;
    if (n > 1) variance += mean * (1 - mean) / (n - 1);
  }
  score.pass_at_1 = sum / count;
  if (n > 1) score.repeat_se = std::sqrt(variance) / count;
  return score;
}

ProgressSnapshot ProgressState::snapshot(double seconds, std::int64_t live_tokens) const {
  ProgressSnapshot now;
  now.wanted = wanted_;
  now.generated = generated_;
  now.done = std::min(wanted_, reused_ + generated_);
  now.tokens = std::max(live_tokens, tokens_);
  now.seconds = seconds;
  if (seconds > 0) now.tokens_per_second = static_cast<double>(now.tokens) / seconds;
  for (std::size_t b = 0; b < rows_.size(); ++b) now.scores.push_back(score(b));
  if (now.done == now.wanted) {
    now.seconds_left = 0;
  } else if (now.tokens_per_second > 0) {
    const double mean = generated_ >= kEnoughForMean
                            ? static_cast<double>(tokens_) / static_cast<double>(generated_)
                            : expected_tokens_;
    const double unfinished = static_cast<double>(now.tokens - tokens_);
    const double left =
        std::max(static_cast<double>(now.wanted - now.done) * mean - unfinished, mean / 2);
    now.seconds_left = left / now.tokens_per_second;
  }
  return now;
}

}  // namespace quorum
