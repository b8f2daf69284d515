#include "engine/perf_split.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace quorum {
namespace {

constexpr int kKinds = 12;

}  // namespace

std::vector<StepKind> step_kinds(const StepCounts& counts, int most) {
  QUORUM_CHECK(most > 0);
  double total = 0;
  for (const auto& [rows, group] : counts) total += rows * static_cast<double>(group.steps);
  const bool few = static_cast<int>(counts.size()) <= most;
  std::vector<StepKind> kinds;
  double before = 0;
  int last = -1;
  for (const auto& [rows, group] : counts) {
    const auto steps = static_cast<double>(group.steps);
    const int bin = std::min(most - 1, static_cast<int>(before / total * most));
    before += rows * steps;
    if (bin != last || few) kinds.emplace_back();
    last = bin;
    kinds.back().steps += group.steps;
    kinds.back().rows += rows * steps;
    kinds.back().positions += group.positions;
  }
  for (StepKind& kind : kinds) {
    kind.rows /= static_cast<double>(kind.steps);
    kind.positions /= static_cast<double>(kind.steps);
  }
  return kinds;
}

std::optional<PerfSplit> split_time(Backend& backend, const DecoderSpec& spec,
                                    const StepCounts& counts, double seconds, double serial_s,
                                    const DeviceLimits& limits) {
  PerfSplit split;
  split.serial_s = serial_s;
  for (const StepKind& kind : step_kinds(counts, kKinds)) {
    const int rows = std::max(1, static_cast<int>(std::lround(kind.rows)));
    const int context = std::max(1, static_cast<int>(std::lround(kind.positions / kind.rows)));
    const std::optional<StepProfile> profile = backend.profile_step(rows, context);
    if (!profile) return std::nullopt;
    // The profile's step reads a little more or less than the mean step.
    const double scale = kind.positions / (static_cast<double>(rows) * context);
    const auto steps = static_cast<double>(kind.steps);
    split.attention_s += steps * scale * profile->attention_s;
    split.products_s += steps * profile->products_s;
    split.sampling_s += steps * profile->sampling_s;
    split.other_s += steps * profile->other_s;
    split.steps_s += steps * (profile->total_s + (scale - 1) * profile->attention_s);
    const double read = kv_bytes_per_token(spec) * rows * context;
    split.kinds.push_back(
        {kind, *profile, ideal_products_s(spec, rows, limits), ideal_read_s(read, limits)});
  }
  double ideal_attention = 0, ideal_products = 0;
  for (const auto& [rows, group] : counts) {
    ideal_products += static_cast<double>(group.steps) * ideal_products_s(spec, rows, limits);
    ideal_attention += ideal_read_s(kv_bytes_per_token(spec) * group.positions, limits);
  }
  split.empty_slots_loss_s = ideal_attention + ideal_products - serial_s;
  split.attention_loss_s = split.attention_s - ideal_attention;
  split.products_loss_s = split.products_s - ideal_products;
  split.sampling_loss_s = split.sampling_s;
  split.other_loss_s = split.other_s;
  split.overlap_loss_s =
      split.steps_s - split.attention_s - split.products_s - split.sampling_s - split.other_s;
  split.gaps_loss_s = seconds - split.steps_s;
  return split;
}

}  // namespace quorum
