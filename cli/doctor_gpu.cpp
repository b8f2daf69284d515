// The GPU part of quorum doctor.
#include <fmt/core.h>
#include <unistd.h>

#include <fstream>

#include "cli/finding.h"
#include "cli/size.h"
#include "engine/cuda_backend.h"

namespace quorum::cli {
namespace {

// "580.95.05"; empty without the kernel module.
std::string driver_version() {
  std::ifstream file("/sys/module/nvidia/version");
  std::string version;
  std::getline(file, version);
  return version;
}

// A CUDA version number as the runtime gives it.
std::string cuda_version(int number) {
  return fmt::format("{}.{}", number / 1000, number % 1000 / 10);
}

Finding device_finding(const CudaDeviceInfo& info, std::size_t index) {
  Finding finding{fmt::format("GPU cuda:{}", index), "", "", State::kOk};
  finding.found = fmt::format("{}, compute capability {}.{}, {}", info.name, info.major, info.minor,
                              format_size(static_cast<double>(info.total_bytes)));
  if (info.free_bytes >= 0)
    finding.found += fmt::format(", {} free", format_size(static_cast<double>(info.free_bytes)));
  if (!info.problem.empty()) {
    finding.found += ": " + info.problem;
    finding.advice = std::string("the CUDA backend needs ") + kCudaRequirement;
    finding.state = State::kWarning;
  }
  return finding;
}

}  // namespace

std::vector<Finding> gpu_findings() {
  const bool has_device = ::access("/dev/nvidiactl", F_OK) == 0;
  const std::string driver = driver_version();
  if (!built_with_cuda()) {
    if (!has_device) return {{"GPU", "none; the CPU backend is used", "", State::kOk}};
    return {{"GPU", "an NVIDIA device is there; this build has no CUDA backend",
             "use --device cpu, or build where the CUDA toolkit 13.0 (nvcc) is installed",
             State::kWarning}};
  }
  const std::vector<CudaDeviceInfo> devices = cuda_devices(true);
  if (devices.empty()) {
    if (!has_device && driver.empty())
      return {{"GPU", "none (" + cuda_problem() + "); the CPU backend is used", "", State::kOk}};
    return {
        {"GPU",
         "none that can be used: " + cuda_problem() + (driver.empty() ? "" : "; driver " + driver),
         std::string("a GPU run needs ") + kCudaRequirement +
             "; in a container, start it with the GPUs (--gpus all)",
         State::kWarning}};
  }

  std::vector<Finding> list;
  const CudaDeviceInfo& first = devices.front();
  const bool old_driver = first.driver < first.runtime;
  list.push_back({"GPU driver",
                  fmt::format("{}, for CUDA up to {}; this build has runtime {}",
                              driver.empty() ? "of unknown version" : driver,
                              cuda_version(first.driver), cuda_version(first.runtime)),
                  old_driver ? "install driver 580 or newer (CUDA 13.0)" : "",
                  old_driver ? State::kWarning : State::kOk});
  const std::string blas = cuda_blas_library();
  list.push_back({"cuBLASLt", blas.empty() ? "libcublasLt was not found" : blas,
                  blas.empty() ? "install the CUDA 13 libraries (package libcublas-13-0, or pip "
                                 "install nvidia-cublas), and name their folder in LD_LIBRARY_PATH"
                               : "",
                  blas.empty() ? State::kWarning : State::kOk});
  for (std::size_t i = 0; i < devices.size(); ++i) list.push_back(device_finding(devices[i], i));
  return list;
}

}  // namespace quorum::cli
