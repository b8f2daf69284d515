// Rows of logits of many kinds, what the sampling kernel picks from them, and what the CPU does.
#pragma once

#include <vector>

#include "base/philox.h"
#include "engine/cuda/kernels/sample.h"
#include "engine/sampler.h"

namespace quorum::testing {

using Row = std::vector<float>;

enum class Shape {
  kNormal,
  kFlat,
  kPeaked,
  kWide,
  kTied,
  kAllEqual,
  kOnePeak,
  kHuge,
  kTiny,
  kOffset,
  kCoarse,
  kCount
};

Row make_row(Shape shape, int vocab, PhiloxStream& stream);
// A row's parameters, with a key and an index at random.
cuda::SampleRow params_of(double temperature, double top_p, PhiloxStream& stream);

// What the kernel picks, rows of equal length lying apart with NaN between them; where nothing is
// written, bytes of 0xFF. Checks that it is the same with the extremes told and not. `blocks`: see
// sample().
std::vector<cuda::SamplePick> picks_of(const std::vector<Row>& rows,
                                       const std::vector<cuda::SampleRow>& params, int blocks = 0);
// What the CPU draws.
SampledToken expected_of(const Row& row, const cuda::SampleRow& params);
// How many picks differ from the CPU's; the largest error of a logprob goes to `error`.
int differences(const std::vector<Row>& rows, const std::vector<cuda::SampleRow>& params,
                int blocks, double& error);

}  // namespace quorum::testing
