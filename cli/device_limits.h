// What bounds a GPU, and where the figures come from.
#pragma once

#include <string>

#include "engine/roofline.h"

namespace quorum::cli {

struct NamedLimits {
  DeviceLimits limits;
  std::string origin;  // "given", "known of NVIDIA H200", "measured now"
};
// `bandwidth` and `flops` as given (bytes/s, FLOP/s); where one is 0, the figure once measured on
// devices of this name, else one measured now. Precondition: the device can be used.
NamedLimits device_limits(int device, double bandwidth, double flops);

}  // namespace quorum::cli
