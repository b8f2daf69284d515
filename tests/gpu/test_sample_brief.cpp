// The ways of the sampler, a row each: few enough for racecheck.
#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "engine/cuda/kernels/sample.h"
#include "engine/sampler.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::testing;

TEST_CASE("one row for each way through the sampler, by one block and by clusters") {
  if (!has_gpu()) return;
  constexpr int kVocab = 2000;
  std::vector<std::vector<float>> rows;
  std::vector<cuda::SampleRow> params;
  const auto add = [&](std::vector<float> row, double temperature, double top_p) {
    rows.push_back(std::move(row));
    params.push_back({temperature, top_p, 77 + rows.size(), 5, 1});
  };
  add(random_floats(kVocab, 1), 0, 1);              // the largest
  add(random_floats(kVocab, 2, 5), 0.6, 0.95);      // few tokens in the nucleus
  add(random_floats(kVocab, 3, 0.001), 0.6, 0.95);  // most
  add(random_floats(kVocab, 4), 1, 1);              // all
  add(std::vector<float>(kVocab, 1.5f), 1, 0.25);   // ties, and a sum that is met exactly
  add(random_floats(kVocab, 5), 1, 0.9);            // no number among them
  rows.back()[1234] = std::numeric_limits<float>::infinity();
  std::vector<float> logits;
  for (const auto& row : rows) logits.insert(logits.end(), row.begin(), row.end());
  const DeviceBuffer<float> device_logits(logits);
  const DeviceBuffer<cuda::SampleRow> device_params(params);
  // Told in two parts, or not; the row with an infinity is the last one.
  std::vector<cuda::Extremes> parts;
  for (const auto& row : rows)
    for (const auto some : {std::span(row).first(kVocab / 2), std::span(row).last(kVocab / 2)})
      parts.push_back({*std::max_element(some.begin(), some.end()),
                       *std::min_element(some.begin(), some.end())});
  const DeviceBuffer<cuda::Extremes> device_parts(parts);
  const cuda::RowExtremes told{device_parts.get(), 2, kVocab};
  for (const auto& [blocks, extremes] :
       {std::pair(1, cuda::RowExtremes{}), {2, {}}, {8, {}}, {1, told}, {2, told}, {8, told}}) {
    CAPTURE(blocks, extremes.count);
    const DeviceBuffer<cuda::SamplePick> device_picks(rows.size());
    cuda::sample(device_logits.get(), kVocab, static_cast<int>(rows.size()), kVocab,
                 device_params.get(), device_picks.get(), nullptr, extremes, blocks);
    const std::vector<cuda::SamplePick> picks = device_picks.download();
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      CAPTURE(i);
      CHECK(picks[i].token == sample_token(rows[i], {params[i].temperature, params[i].top_p},
                                           params[i].sample_key, params[i].index)
                                  .id);
    }
    CHECK(picks.back().token == -1);
    CHECK(picks.back().bad == 1234);
  }
}
