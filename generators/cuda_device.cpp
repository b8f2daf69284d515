#include "generators/cuda_device.h"

#include <algorithm>

#include "base/error.h"
#include "engine/cuda_backend.h"

namespace quorum {
namespace {

constexpr std::string_view kPrefix = "cuda:";

}  // namespace

std::optional<int> cuda_index(const std::string& device) {
  if (device == "cpu") return std::nullopt;
  if (device == "cuda") return 0;
  const std::string digits = device.rfind(kPrefix, 0) == 0 ? device.substr(kPrefix.size()) : "";
  if (digits.empty() || digits.size() > 4 ||
      !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
    throw Error(ErrorKind::kUsage, "--device " + device + " is unknown", "",
                "cpu, cuda or cuda:INDEX");
  return std::stoi(digits);
}

void require_cuda_device(int index) {
  const std::string what = "--device cuda:" + std::to_string(index) + " cannot be used";
  if (!built_with_cuda())
    throw Error(ErrorKind::kEnvironment, what, cuda_problem(),
                "--device cpu, or build where the CUDA toolkit 13.0 (nvcc) is installed");
  const std::vector<CudaDeviceInfo> devices = cuda_devices();
  if (devices.empty())
    throw Error(ErrorKind::kEnvironment, what, cuda_problem(),
                std::string("--device cpu; a GPU run needs ") + kCudaRequirement +
                    " (quorum doctor says what is missing)");
  if (index >= static_cast<int>(devices.size())) {
    std::string list;
    for (std::size_t i = 0; i < devices.size(); ++i)
      list += (i > 0 ? ", cuda:" : "cuda:") + std::to_string(i) + " (" + devices[i].name + ")";
    throw Error(ErrorKind::kEnvironment, what, "this machine has " + list, "--device cuda:0");
  }
  const CudaDeviceInfo& info = devices[static_cast<std::size_t>(index)];
  if (!info.problem.empty())
    throw Error(ErrorKind::kEnvironment, what, info.name + ": " + info.problem,
                std::string("--device cpu; a GPU run needs ") + kCudaRequirement);
}

std::string engine_name(const std::string& device) { return cuda_index(device) ? "cuda" : "cpu"; }

}  // namespace quorum
