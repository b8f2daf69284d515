#include "engine/perf_split.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace quorum {
namespace {

constexpr int kKinds = 24;

}  // namespace

std::vector<StepKind> step_kinds(const StepCounts& counts, int most,
                                 const std::function<double(int, const StepGroup&)>& weight) {
  QUORUM_CHECK(most > 0);
  double total = 0;
  for (const auto& [rows, group] : counts) total += weight(rows, group);
  const bool few = static_cast<int>(counts.size()) <= most;
  std::vector<StepKind> kinds;
  double before = 0;
  int last = -1;
  for (const auto& [rows, group] : counts) {
    const auto steps = static_cast<double>(group.steps);
    const int bin = std::min(most - 1, static_cast<int>(before / total * most));
    before += weight(rows, group);
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
                                    const StepCounts& counts, std::optional<double> seconds,
                                    double serial_s, const DeviceLimits& limits) {
  PerfSplit split;
  split.serial_s = serial_s;
  const auto products_s = [&](int rows, const StepGroup& group) {
    return static_cast<double>(group.steps) * ideal_products_s(spec, rows, limits);
  };
  const auto attention_s = [&](const StepGroup& group) {
    return ideal_read_s(kv_bytes_per_token(spec) * group.positions, limits);
  };
  const auto ideal_s = [&](int rows, const StepGroup& group) {
    return products_s(rows, group) + attention_s(group);
  };
  for (const StepKind& kind : step_kinds(counts, kKinds, ideal_s)) {
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
    ideal_products += products_s(rows, group);
    ideal_attention += attention_s(group);
  }
  split.empty_slots_loss_s = ideal_attention + ideal_products - serial_s;
  split.attention_loss_s = split.attention_s - ideal_attention;
  split.products_loss_s = split.products_s - ideal_products;
  split.sampling_loss_s = split.sampling_s;
  split.other_loss_s = split.other_s;
  split.overlap_loss_s =
      split.steps_s - split.attention_s - split.products_s - split.sampling_s - split.other_s;
  split.gaps_loss_s = seconds.value_or(split.steps_s) - split.steps_s;
  return split;
}

}  // namespace quorum
