#include "gpu/sample_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "gpu/gpu.h"
#include "support/catch.h"

namespace quorum::testing {

using namespace cuda;

namespace {

double normal(PhiloxStream& stream) {
  const double radius = std::sqrt(-2 * std::log(open_unit(stream.next())));
  return radius * std::cos(6.283185307179586 * open_unit(stream.next()));
}

// The extremes of each 150 logits, as the product that makes them leaves them.
std::vector<Extremes> extremes_of(const std::vector<Row>& rows) {
  constexpr std::size_t kColumns = 150;
  std::vector<Extremes> parts;
  for (const Row& row : rows) {
    for (std::size_t begin = 0; begin < row.size(); begin += kColumns) {
      const auto stretch = std::span(row).subspan(begin, std::min(kColumns, row.size() - begin));
      const bool numbers =
          std::none_of(stretch.begin(), stretch.end(), [](float x) { return std::isnan(x); });
      const float nan = std::numeric_limits<float>::quiet_NaN();
      Extremes part{nan, nan};
      if (numbers)
        part = {*std::max_element(stretch.begin(), stretch.end()),
                *std::min_element(stretch.begin(), stretch.end())};
      parts.push_back(part);
    }
  }
  return parts;
}

}  // namespace

Row make_row(Shape shape, int vocab, PhiloxStream& stream) {
  Row row(static_cast<std::size_t>(vocab));
  const double offset = 30 * normal(stream);
  for (float& logit : row) {
    const double z = normal(stream);
    double value = 0;
    switch (shape) {
      case Shape::kNormal: value = z + offset; break;
      case Shape::kFlat: value = 0.003 * z; break;
      case Shape::kPeaked: value = 8 * z; break;
      case Shape::kWide: value = 1e4 * z; break;
      case Shape::kTied: value = std::floor(2 * z); break;
      case Shape::kAllEqual: value = stream.next() % 2 == 0 ? 0.0 : -0.0; break;
      case Shape::kOnePeak: value = -20 + 0.1 * z; break;
      case Shape::kHuge: value = 1e38 * std::max(-3.0, std::min(3.0, z)); break;
      case Shape::kTiny: value = 3e-44 * z; break;
      case Shape::kOffset: value = 1e5 + z; break;
      default: value = std::round(z * 16) / 16; break;
    }
    logit = static_cast<float>(value);
  }
  if (shape == Shape::kOnePeak) row[stream.below(static_cast<std::uint32_t>(vocab))] = 3;
  return row;
}

SampleRow params_of(double temperature, double top_p, PhiloxStream& stream) {
  SampleRow row;
  row.temperature = temperature;
  row.top_p = top_p;
  row.sample_key = std::uint64_t{stream.next()} << 32 | stream.next();
  row.index = stream.next() % 40000;
  row.active = 1;
  return row;
}

std::vector<SamplePick> picks_of(const std::vector<Row>& rows, const std::vector<SampleRow>& params,
                                 int blocks) {
  const std::size_t vocab = rows[0].size(), stride = (vocab + 3) / 4 * 4 + 4;
  std::vector<float> logits(rows.size() * stride, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy(rows[i].begin(), rows[i].end(),
              logits.begin() + static_cast<std::ptrdiff_t>(i * stride));
  const DeviceBuffer<float> device_logits(logits);
  const DeviceBuffer<SampleRow> device_params(params);
  const auto run = [&](const RowExtremes& extremes) {
    const DeviceBuffer<SamplePick> device_picks(rows.size());
    sample(device_logits.get(), static_cast<std::int64_t>(stride), static_cast<int>(rows.size()),
           static_cast<int>(vocab), device_params.get(), device_picks.get(), nullptr, extremes,
           blocks);
    return device_picks.download();
  };
  const std::vector<Extremes> parts = extremes_of(rows);
  const DeviceBuffer<Extremes> device_parts(parts);
  const std::vector<SamplePick> picks = run({});
  const std::vector<SamplePick> told = run(
      {device_parts.get(), static_cast<int>(parts.size() / rows.size()), static_cast<int>(vocab)});
  CHECK(std::memcmp(picks.data(), told.data(), picks.size() * sizeof(SamplePick)) == 0);
  return picks;
}

SampledToken expected_of(const Row& row, const SampleRow& params) {
  return sample_token(row, {params.temperature, params.top_p}, params.sample_key, params.index);
}

int differences(const std::vector<Row>& rows, const std::vector<SampleRow>& params, int blocks,
                double& error) {
  const std::vector<SamplePick> picks = picks_of(rows, params, blocks);
  int wrong = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SampledToken expected = expected_of(rows[i], params[i]);
    if (picks[i].token != expected.id || picks[i].bad != -1) {
      if (wrong++ == 0)
        UNSCOPED_INFO("row " << i << " vocab " << rows[i].size() << " temperature "
                             << params[i].temperature << " top_p " << params[i].top_p << ": token "
                             << picks[i].token << " instead of " << expected.id);
      continue;
    }
    // Logits 1e38 apart leave no digits below 1e31.
    const double off = std::abs(picks[i].logprob - expected.logprob) /
                       std::max(1.0, 1e-9 * std::abs(expected.logprob));
    error = std::max(error, off);
  }
  return wrong;
}

}  // namespace quorum::testing
