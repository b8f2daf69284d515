#include "engine/length_predictor.h"

#include <algorithm>
#include <cmath>

namespace quorum {
namespace {

// Mean length of answers of reasoning models to competition problems, by the published figures of
// DeepSeek-R1's distills; a lower limit takes its place.
constexpr double kAssumedTokens = 9000;
constexpr double kPriorSamples = 1;   // of the assumed mean, in every bucket
constexpr double kPromptWeight = 2;   // of factor 1 for a prompt: expected ends
constexpr int kFirstBound = 32;       // tokens
constexpr double kBoundRatio = 1.25;  // the last bucket begins beyond 150,000 tokens

using Bounds = std::array<int, LengthPredictor::kBuckets>;

constexpr Bounds make_bounds() {
  Bounds bounds{};
  double bound = kFirstBound;
  for (std::size_t b = 1; b < bounds.size(); ++b, bound *= kBoundRatio) {
    bounds[b] = static_cast<int>(bound);
  }
  return bounds;
}

constexpr Bounds kBounds = make_bounds();  // where buckets begin

std::size_t bucket_of(int length) {
  return static_cast<std::size_t>(std::upper_bound(kBounds.begin(), kBounds.end(), length) -
                                  kBounds.begin() - 1);
}

// Expected tokens within `width` at a constant hazard, and what follows when the end is not there.
double expected_within(double rate, double width, double then) {
  const double end = -std::expm1(-rate * width);
  return end / rate + (1 - end) * then;
}

}  // namespace

LengthPredictor::PromptLengths& LengthPredictor::of(const Prompt& prompt) {
  std::unique_ptr<PromptLengths>& entry = prompts_[prompt.get()];
  if (!entry) {
    entry = std::make_unique<PromptLengths>();
    entry->prompt = prompt;
  }
  return *entry;
}

void LengthPredictor::finished(PromptLengths& prompt, int length, bool cut) {
  const std::size_t last = bucket_of(length);
  for (std::size_t b = 0; b <= last; ++b) {
    const int end = b == last ? length : kBounds[b + 1];
    exposure_[b] += end - kBounds[b];
    prompt.exposure[b] += end - kBounds[b];
  }
  prompt.finished = true;
  if (cut) return;
  ends_[last] += 1;
  ++prompt.ends;
}

void LengthPredictor::refresh(std::span<const Running> running, int longest) {
  Table exposure = exposure_;
  Table last{};  // running samples by bucket
  for (const Running& sample : running) {
    const std::size_t b = bucket_of(sample.generated);
    last[b] += 1;
    exposure[b] += sample.generated - kBounds[b];
    sample.prompt->running_hazard = 0;
  }
  const double assumed = std::min(kAssumedTokens, std::max(1.0, 1.0 * longest));
  double beyond = kPriorSamples;  // samples that leave the bucket without an end
  for (std::size_t b = kBuckets; b-- > 0;) {
    const double width = b + 1 < kBuckets ? kBounds[b + 1] - kBounds[b] : assumed;
    const double prior_ends = kPriorSamples * width / assumed;
    hazard_[b] = (ends_[b] + prior_ends) / (exposure[b] + beyond * width);
    beyond += last[b];
  }
  cumulative_[0] = 0;
  for (std::size_t b = 1; b < kBuckets; ++b) {
    cumulative_[b] = cumulative_[b - 1] + hazard_[b - 1] * (kBounds[b] - kBounds[b - 1]);
  }
  for (const Running& sample : running) {
    sample.prompt->running_hazard += hazard_until(sample.generated);
  }
  fill_residual(1, residual_);
  ++version_;
}

double LengthPredictor::hazard_until(int length) const {
  const std::size_t b = bucket_of(length);
  return cumulative_[b] + hazard_[b] * (length - kBounds[b]);
}

void LengthPredictor::fill_residual(double factor, Table& residual) const {
  residual[kBuckets - 1] = 1 / (factor * hazard_[kBuckets - 1]);
  for (std::size_t b = kBuckets - 1; b-- > 0;) {
    residual[b] =
        expected_within(factor * hazard_[b], kBounds[b + 1] - kBounds[b], residual[b + 1]);
  }
}

void LengthPredictor::update(PromptLengths& prompt) const {
  if (prompt.version == version_) return;
  prompt.version = version_;
  double hazard = prompt.running_hazard;
  if (prompt.finished) {
    for (std::size_t b = 0; b < kBuckets; ++b) hazard += prompt.exposure[b] * hazard_[b];
  }
  prompt.factor = (kPromptWeight + prompt.ends) / (kPromptWeight + hazard);
  if (hazard > 0) {
    fill_residual(prompt.factor, prompt.residual);
  } else {
    prompt.residual = residual_;
  }
}

int LengthPredictor::expected(PromptLengths& prompt, int generated, int limit) const {
  if (version_ < 0) return limit;
  update(prompt);
  const std::size_t b = bucket_of(generated);
  double further = prompt.residual[b];
  if (generated > kBounds[b] && b + 1 < kBuckets) {
    further = expected_within(prompt.factor * hazard_[b], kBounds[b + 1] - generated,
                              prompt.residual[b + 1]);
  }
  const double length = generated + std::max(1.0, std::ceil(further));
  return length < limit ? static_cast<int>(length) : limit;
}

int LengthPredictor::quantile(PromptLengths& prompt, int generated, int limit, double p) const {
  if (version_ < 0) return limit;
  update(prompt);
  double hazard = -std::log1p(-p) / prompt.factor;
  double length = generated;
  for (std::size_t b = bucket_of(generated); b < kBuckets && length < limit; ++b) {
    const bool last = b + 1 == kBuckets;
    const double left = last ? hazard : (kBounds[b + 1] - length) * hazard_[b];
    if (hazard <= left) {
      length = std::max(generated + 1.0, std::ceil(length + hazard / hazard_[b]));
      break;
    }
    hazard -= left;
    length = kBounds[b + 1];
  }
  return length < limit ? static_cast<int>(length) : limit;
}

void LengthPredictor::clear() { *this = LengthPredictor(); }

}  // namespace quorum
