#include <string>

#include "base/error.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {

void check(cudaError_t status, std::source_location where) {
  if (status == cudaSuccess) return;
  const std::string at = std::string(where.file_name()) + ":" + std::to_string(where.line());
  const std::string because =
      std::string(cudaGetErrorName(status)) + ": " + cudaGetErrorString(status) + " (" + at + ")";
  if (status == cudaErrorMemoryAllocation) {
    throw Error(ErrorKind::kEnvironment, "the GPU's memory does not suffice", because,
                "lower --kv-memory or --max-batch, or end what else uses the GPU");
  }
  throw Error(ErrorKind::kEnvironment, "the GPU failed", because,
              "quorum doctor; nothing finished is lost: the same command goes on from there");
}

}  // namespace quorum::cuda
