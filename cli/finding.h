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

struct SandboxOptions;
// The sandbox: its level, its walls, the attacks that were tried, and why no stronger level holds.
std::vector<Finding> sandbox_findings(const SandboxOptions& options);

}  // namespace quorum::cli
