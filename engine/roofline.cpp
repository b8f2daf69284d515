#include "engine/roofline.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"

namespace quorum {
namespace {

constexpr double kBytes = 2;  // of a bf16

}  // namespace

double step_weight_bytes(const DecoderSpec& spec) {
  return kBytes * static_cast<double>(spec.matmul_macs_per_token());
}

double kv_bytes_per_token(const DecoderSpec& spec) {
  return kBytes * static_cast<double>(spec.kv_elements_per_token());
}

double ideal_product_s(double rows, double columns, int batch, const DeviceLimits& limits) {
  QUORUM_CHECK(limits.read_bytes_per_second > 0 && limits.flop_per_second > 0);
  const double weights = rows * columns;
  return std::max(kBytes * weights / limits.read_bytes_per_second,
                  2 * weights * batch / limits.flop_per_second);
}

double ideal_products_s(const DecoderSpec& spec, int batch, const DeviceLimits& limits) {
  return ideal_product_s(static_cast<double>(spec.matmul_macs_per_token()), 1, batch, limits);
}

double ideal_read_s(double bytes, const DeviceLimits& limits) {
  QUORUM_CHECK(limits.read_bytes_per_second > 0);
  return bytes / limits.read_bytes_per_second;
}

Roofline workload_roofline(const DecoderSpec& spec, const PerfWorkload& work,
                           const DeviceLimits& limits) {
  std::vector<std::pair<int, double>> samples;  // length, prompt tokens
  double prompts = 0;                           // of those still running
  for (const PerfQuery& query : work.queries) {
    for (const int length : query.lengths) {
      samples.emplace_back(length, static_cast<double>(query.prompt.size()));
      prompts += samples.back().second;
    }
  }
  std::sort(samples.begin(), samples.end());

  Roofline roofline;
  double begin = 0;  // steps done
  for (std::size_t i = 0; i < samples.size(); ++i) {
    // The stretch of steps until sample i ends runs samples i, i + 1, …
    const auto running = static_cast<double>(samples.size() - i);
    const double end = samples[i].first, steps = end - begin;
    const double rows = running * steps;
    const double read = ideal_read_s(
        kv_bytes_per_token(spec) * (prompts * steps + rows * (begin + end) / 2), limits);
    const double load = ideal_read_s(step_weight_bytes(spec) * steps, limits);
    const double compute =
        2 * static_cast<double>(spec.matmul_macs_per_token()) * rows / limits.flop_per_second;
    roofline.products_s += std::max(load, compute);
    roofline.attention_s += read;
    roofline.overlapped_s += std::max(load + read, compute);
    prompts -= samples[i].second;
    begin = end;
  }
  roofline.serial_s = roofline.products_s + roofline.attention_s;
  return roofline;
}

}  // namespace quorum
