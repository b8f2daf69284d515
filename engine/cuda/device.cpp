#include "engine/cuda/device.h"

#include <cuda_runtime_api.h>

#include "base/error.h"
#include "engine/cuda/cublas.h"
#include "engine/cuda/launch.h"
#include "engine/cuda_backend.h"

namespace quorum {
namespace cuda {
namespace {

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

// Why the runtime finds no device; empty if it finds some.
std::string absence() {
  int driver = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0)
    return "there is no NVIDIA driver";
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  cudaGetLastError();
  if (status == cudaErrorInsufficientDriver)
    return "the NVIDIA driver is too old: it offers CUDA " + version_text(driver) +
           ", this build needs " + version_text(CUDART_VERSION);
  if (status == cudaErrorNoDevice || (status == cudaSuccess && count == 0))
    return "there is no NVIDIA device";
  if (status != cudaSuccess) return cudaGetErrorString(status);
  return "";
}

Device describe(int index) {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, index));
  // kHz, bits; only estimates need them, so that a driver may refuse to tell.
  int clock = 0, width = 0;
  if (cudaDeviceGetAttribute(&clock, cudaDevAttrMemoryClockRate, index) != cudaSuccess ||
      cudaDeviceGetAttribute(&width, cudaDevAttrGlobalMemoryBusWidth, index) != cudaSuccess) {
    cudaGetLastError();
    clock = 0;
  }
  return {index,
          properties.name,
          properties.major,
          properties.minor,
          properties.multiProcessorCount,
          properties.totalGlobalMem,
          2e3 * clock * width / 8};
}

std::string problem_of(const Device& device) {
  if (device.major >= 8) return "";
  return "its compute capability is " + std::to_string(device.major) + "." +
         std::to_string(device.minor) + ", the least is 8.0";
}

}  // namespace

Device open_device(int index) {
  require_cuda_device(index);
  Device device = describe(index);
  check(cudaSetDevice(index));
  return device;
}

}  // namespace cuda

std::vector<CudaDeviceInfo> cuda_devices(bool with_memory) {
  std::vector<CudaDeviceInfo> devices;
  if (!cuda::absence().empty()) return devices;
  int count = 0, driver = 0, runtime = 0, current = 0;
  cudaGetDeviceCount(&count);
  cudaDriverGetVersion(&driver);
  cudaRuntimeGetVersion(&runtime);
  cudaGetDevice(&current);
  for (int i = 0; i < count; ++i) {
    CudaDeviceInfo info;
    info.driver = driver;
    info.runtime = runtime;
    try {
      const cuda::Device device = cuda::describe(i);
      info.name = device.name;
      info.major = device.major;
      info.minor = device.minor;
      info.total_bytes = static_cast<std::int64_t>(device.total_bytes);
      info.problem = cuda::problem_of(device);
      if (with_memory) {
        std::size_t free = 0, total = 0;
        cuda::check(cudaSetDevice(i));
        cuda::check(cudaMemGetInfo(&free, &total));
        info.free_bytes = static_cast<std::int64_t>(free);
      }
    } catch (const Error& error) {
      info.problem = error.because();
    }
    devices.push_back(std::move(info));
  }
  if (with_memory) cudaSetDevice(current);  // which alone makes a context
  cudaGetLastError();
  return devices;
}

std::string cuda_problem() { return cuda::absence(); }
bool built_with_cuda() { return true; }

}  // namespace quorum
