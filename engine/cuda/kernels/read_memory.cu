#include "engine/cuda/kernels/read_memory.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kAhead = 8;  // loads in flight of a thread

__global__ void read_kernel(const uint4* from, std::size_t count, std::uint32_t* sink) {
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * kThreads;
  std::size_t at = static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x;
  std::uint32_t seen = 0;
  for (; at + (kAhead - 1) * stride < count; at += kAhead * stride) {
    uint4 values[kAhead];
#pragma unroll
    for (int i = 0; i < kAhead; ++i) values[i] = __ldcs(from + at + i * stride);
#pragma unroll
    for (int i = 0; i < kAhead; ++i) seen ^= values[i].x ^ values[i].y ^ values[i].z ^ values[i].w;
  }
  for (; at < count; at += stride) seen ^= from[at].x;
  if (seen == 0x9E3779B9u) *sink = seen;  // so that the loads are not left out
}

}  // namespace

void read_memory(const void* from, std::size_t bytes, int blocks, std::uint32_t* sink,
                 cudaStream_t stream) {
  launch({dim3(static_cast<unsigned>(blocks)), dim3(kThreads), 0, stream}, read_kernel,
         static_cast<const uint4*>(from), bytes / 16, sink);
}

}  // namespace quorum::cuda
