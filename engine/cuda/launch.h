// Starting kernels and checking CUDA calls, for the .cu files.
#pragma once

#include <cuda_runtime.h>

#include <source_location>
#include <utility>

namespace quorum::cuda {

// Throws Error(kEnvironment) that says what failed and where: a lost device or no memory is no bug.
void check(cudaError_t status, std::source_location where = std::source_location::current());

// Whether kernels of the current device can start before their predecessors have ended: those for
// compute capability 9.0 wait for them by themselves.
bool kernels_overlap();

// How a kernel is started. With `overlap` it may begin before the kernel ahead of it in the stream
// has ended (programmatic dependent launch, sm_90): its body must call `wait_for_previous()` before
// it touches what that one reads or writes. Other GPUs ignore the flag.
struct LaunchShape {
  dim3 grid, block;
  std::size_t shared_bytes = 0;
  cudaStream_t stream = nullptr;
  bool overlap = false;
  unsigned cluster = 1;  // blocks a cluster, along x; above 1 for sm_90 only
};

template <class... Parameters, class... Arguments>
void launch(const LaunchShape& shape, void (*kernel)(Parameters...), Arguments&&... arguments) {
  cudaLaunchConfig_t config{};
  config.gridDim = shape.grid;
  config.blockDim = shape.block;
  config.dynamicSmemBytes = shape.shared_bytes;
  config.stream = shape.stream;
  cudaLaunchAttribute attributes[2];
  config.attrs = attributes;
  if (shape.overlap && kernels_overlap()) {
    attributes[config.numAttrs].id = cudaLaunchAttributeProgrammaticStreamSerialization;
    attributes[config.numAttrs++].val.programmaticStreamSerializationAllowed = 1;
  }
  if (shape.cluster > 1) {
    attributes[config.numAttrs].id = cudaLaunchAttributeClusterDimension;
    attributes[config.numAttrs].val.clusterDim.x = shape.cluster;
    attributes[config.numAttrs].val.clusterDim.y = 1;
    attributes[config.numAttrs++].val.clusterDim.z = 1;
  }
  check(cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...));
}

// Lets a kernel be started with up to so many bytes of dynamic shared memory. Asks the driver once.
template <auto kernel, std::size_t bytes>
void allow_shared_memory() {
  static const bool allowed = [] {
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, int{bytes}));
    return true;
  }();
  static_cast<void>(allowed);
}

#ifdef __CUDACC__
// Device side of `overlap`: waits until the kernels ahead have ended and their writes are visible.
__device__ __forceinline__ void wait_for_previous() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}
// Lets the kernel behind this one start its prologue.
__device__ __forceinline__ void let_next_start() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}
#endif

}  // namespace quorum::cuda
