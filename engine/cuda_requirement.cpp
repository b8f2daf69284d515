#include "base/error.h"
#include "engine/cuda_backend.h"

namespace quorum {

void require_cuda_device(int index) {
  const std::string what = "--device cuda:" + std::to_string(index) + " cannot be used";
  if (!built_with_cuda())
    throw Error(ErrorKind::kEnvironment, what, cuda_problem(),
                "--device cpu, or build where the CUDA toolkit 13.0 (nvcc) is installed");
  const std::string needs = std::string("--device cpu; a GPU run needs ") + kCudaRequirement;
  const std::vector<CudaDeviceInfo> devices = cuda_devices();
  if (devices.empty())
    throw Error(ErrorKind::kEnvironment, what, cuda_problem(),
                needs + " (quorum doctor says what is missing)");
  if (index >= static_cast<int>(devices.size())) {
    std::string list;
    for (std::size_t i = 0; i < devices.size(); ++i)
      list += (i > 0 ? ", cuda:" : "cuda:") + std::to_string(i) + " (" + devices[i].name + ")";
    throw Error(ErrorKind::kEnvironment, what, "this machine has " + list, "--device cuda:0");
  }
  const CudaDeviceInfo& info = devices[static_cast<std::size_t>(index)];
  if (!info.problem.empty())
    throw Error(ErrorKind::kEnvironment, what, info.name + ": " + info.problem, needs);
}

}  // namespace quorum
