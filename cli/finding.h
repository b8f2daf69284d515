// One line of `quorum doctor`.
#pragma once

#include <string>
#include <vector>

namespace quorum::cli {

enum class State { kOk, kWarning, kFailure };

struct Finding {
  std::string what, found, advice;
  State state = State::kOk;
};

// The GPUs of this machine, the driver and the libraries that they need.
std::vector<Finding> gpu_findings();

}  // namespace quorum::cli
