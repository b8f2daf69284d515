// The largest and smallest logit of a row, by stretches of its columns. The product that makes the
// logits has them in registers; the sampler would have to read all logits for them once more.
#pragma once

#include <cstddef>

#include "base/host_device.h"

namespace quorum::cuda {

struct Extremes {
  float largest, smallest;  // one at least is not finite, if one of the logits is not
};

struct RowExtremes {
  Extremes* parts = nullptr;  // (rows, count), or none: they are not known
  int count = 0;              // stretches a row
  int columns = 0;            // the first ones of a row, those that count

  QUORUM_HOST_DEVICE Extremes* of_row(int row) const {
    return parts + static_cast<std::size_t>(row) * static_cast<std::size_t>(count);
  }
};

}  // namespace quorum::cuda
