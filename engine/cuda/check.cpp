#include <string>

#include "base/error.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {

bool kernels_overlap() {
  thread_local int known = -1;
  thread_local bool overlap = false;
  int device = 0;
  check(cudaGetDevice(&device));
  if (device != known) {
    int major = 0;
    check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device));
    overlap = major == 9;
    known = device;
  }
  return overlap;
}

void check(cudaError_t status, std::source_location where) {
  if (status == cudaSuccess) return;
  const std::string at = std::string(where.file_name()) + ":" + std::to_string(where.line());
  const std::string because =
      std::string(cudaGetErrorName(status)) + ": " + cudaGetErrorString(status) + " (" + at + ")";
  if (status == cudaErrorMemoryAllocation) {
    throw Error(ErrorKind::kEnvironment, "the GPU's memory does not suffice", because,
                "lower --kv-memory or --max-batch, or end what else uses the GPU");
  }
  // Kernels that wait for one another trap where they cannot run at the same time.
  const char* const again =
      status == cudaErrorLaunchFailure ? "; with --no-overlap if it fails again" : "";
  throw Error(ErrorKind::kEnvironment, "the GPU failed", because,
              std::string("quorum doctor; nothing finished is lost: the same command goes on from "
                          "there") +
                  again);
}

}  // namespace quorum::cuda
