// Draws the next token of each row from its logits: exactly the token that sample_token() of
// engine/sampler.h draws on the CPU from the same logits, whatever else is in the batch.
#pragma once

#include <driver_types.h>

#include <cstdint>

#include "engine/cuda/kernels/row_extremes.h"

namespace quorum::cuda {

struct SampleRow {
  double temperature = 0;        // >= 0
  double top_p = 1;              // (0, 1]
  std::uint64_t sample_key = 0;  // of Philox
  std::uint32_t index = 0;       // how many tokens the sample has generated before this one
  std::int32_t active = 0;       // 0: padding, nothing is read or written
};

struct SamplePick {
  std::int32_t token;  // -1: a logit is not finite
  std::int32_t bad;    // then the smallest id of such a logit, else -1
  double logprob;      // natural log, untempered and untruncated, within 1e-6 of the CPU's
};

// `logits`: (rows, vocab), rows `stride` elements apart. `params`, `picks`: (rows). All in device
// memory. Preconditions: logits 16-byte aligned, stride a multiple of 4 and at least vocab rounded
// up to it, 1 <= vocab <= 2^23. `extremes` of the logits (of `vocab` columns), where whoever wrote
// them has left any, spare a pass over them. `blocks_per_row`: 1, 2, 4 or 8 thread blocks work on a
// row, above 1 as a cluster (sm_90); 0: as suits the device. Both change speed alone.
void sample(const float* logits, std::int64_t stride, int rows, int vocab, const SampleRow* params,
            SamplePick* picks, cudaStream_t stream, const RowExtremes& extremes = {},
            int blocks_per_row = 0);

}  // namespace quorum::cuda
