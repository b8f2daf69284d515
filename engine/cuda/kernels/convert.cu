#include <cuda_fp16.h>

#include <algorithm>

#include "engine/cuda/kernels/convert.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kMaxBlocks = 132 * 16;

__device__ float widen(float x) { return x; }
__device__ float widen(__half x) { return __half2float(x); }
__device__ float widen(__nv_bfloat16 x) { return __bfloat162float(x); }

__device__ void narrow(float x, float* to) { *to = x; }
__device__ void narrow(float x, __nv_bfloat16* to) { *to = __float2bfloat16_rn(x); }

template <class From, class To>
__global__ void __launch_bounds__(kThreads)
    convert_kernel(const From* from, std::int64_t count, To* to) {
  let_next_start();
  wait_for_previous();
  const std::int64_t threads = std::int64_t{gridDim.x} * kThreads;
  std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  for (; i < count; i += threads) narrow(widen(from[i]), to + i);
}

template <class From, class To>
void run(const void* from, std::int64_t count, To* to, cudaStream_t stream) {
  if (count == 0) return;
  const std::int64_t blocks = std::min((count + kThreads - 1) / kThreads, kMaxBlocks);
  launch(
      {.grid = static_cast<unsigned>(blocks), .block = kThreads, .stream = stream, .overlap = true},
      convert_kernel<From, To>, static_cast<const From*>(from), count, to);
}

template <class To>
void run_for(DType dtype, const void* from, std::int64_t count, To* to, cudaStream_t stream) {
  switch (dtype) {
    case DType::kF32: return run<float>(from, count, to, stream);
    case DType::kF16: return run<__half>(from, count, to, stream);
    case DType::kBF16: return run<__nv_bfloat16>(from, count, to, stream);
  }
}

}  // namespace

void convert(const void* from, DType dtype, std::int64_t count, __nv_bfloat16* to,
             cudaStream_t stream) {
  run_for(dtype, from, count, to, stream);
}

void convert(const void* from, DType dtype, std::int64_t count, float* to, cudaStream_t stream) {
  run_for(dtype, from, count, to, stream);
}

}  // namespace quorum::cuda
