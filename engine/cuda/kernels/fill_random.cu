#include <algorithm>

#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kMaxBlocks = 132 * 16;

__device__ void store(__nv_bfloat16* to, std::uint16_t bits) { *to = __ushort_as_bfloat16(bits); }
__device__ void store(float* to, std::uint16_t bits) {
  *to = __uint_as_float(unsigned{bits} << 16);
}

__device__ void store_all(__nv_bfloat16* to, const std::uint16_t (&bits)[kRandomValues]) {
  uint4 words;
  words.x = bits[0] | bits[1] << 16, words.y = bits[2] | bits[3] << 16;
  words.z = bits[4] | bits[5] << 16, words.w = bits[6] | bits[7] << 16;
  *reinterpret_cast<uint4*>(to) = words;
}
__device__ void store_all(float* to, const std::uint16_t (&bits)[kRandomValues]) {
#pragma unroll
  for (int i = 0; i < kRandomValues; ++i) store(to + i, bits[i]);
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    fill_random_kernel(const __grid_constant__ RandomTensor tensor, std::int64_t elements, T* out) {
  let_next_start();
  wait_for_previous();
  const std::int64_t threads = std::int64_t{gridDim.x} * kThreads;
  std::int64_t block = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  for (; block * kRandomValues < elements; block += threads) {
    std::uint16_t bits[kRandomValues];
    random_values(tensor, block, bits);
    T* const to = out + block * kRandomValues;
    const std::int64_t left = elements - block * kRandomValues;
    if (left >= kRandomValues) {
      store_all(to, bits);
    } else {
#pragma unroll
      for (int i = 0; i < kRandomValues; ++i)
        if (i < left) store(to + i, bits[i]);
    }
  }
}

template <class T>
void fill(const RandomTensor& tensor, std::int64_t elements, T* out, cudaStream_t stream) {
  if (elements == 0) return;
  constexpr std::int64_t kPerBlock = kThreads * kRandomValues;
  const std::int64_t blocks = std::min((elements + kPerBlock - 1) / kPerBlock, kMaxBlocks);
  launch(
      {.grid = static_cast<unsigned>(blocks), .block = kThreads, .stream = stream, .overlap = true},
      fill_random_kernel<T>, tensor, elements, out);
}

}  // namespace

void fill_random(const RandomTensor& tensor, std::int64_t rows, std::int64_t columns,
                 __nv_bfloat16* out, cudaStream_t stream) {
  fill(tensor, rows * columns, out, stream);
}

void fill_random(const RandomTensor& tensor, std::int64_t rows, std::int64_t columns, float* out,
                 cudaStream_t stream) {
  fill(tensor, rows * columns, out, stream);
}

}  // namespace quorum::cuda
