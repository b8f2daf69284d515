#include "base/error.h"
#include "engine/cuda/kernels/discard.cuh"
#include "engine/cuda/kernels/rms_norm.h"
#include "engine/cuda/kernels/vector8.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kMaxThreads = 512;

// The sum over all threads, in all threads: butterflies within warps, then over the warps.
__device__ float block_sum(float value) {
  __shared__ float of_warp[kMaxThreads / 32];
#pragma unroll
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(~0u, value, step);
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = value;
  __syncthreads();
  const int warp = threadIdx.x % 16;
  value = warp < blockDim.x / 32 ? of_warp[warp] : 0.0f;
#pragma unroll
  for (int step = 8; step > 0; step /= 2) value += __shfl_xor_sync(~0u, value, step);
  return value;
}

constexpr int kLine = kLineBytes / sizeof(__nv_bfloat16);

// A block a row; thread t holds the eighths t, t + threads, ….
template <int Parts>
__global__ void __launch_bounds__(kMaxThreads)
    add_rms_norm_kernel(const __grid_constant__ AddRmsNormCall call, bool discard_delta,
                        bool discard_spent) {
  let_next_start();
  Vector8 weight[Parts], x[Parts];
#pragma unroll
  for (int part = 0; part < Parts; ++part) {
    const int channel = 8 * (part * blockDim.x + threadIdx.x);
    if (channel >= call.hidden) break;
    weight[part] = load8(call.weight + channel);
    if (call.bias != nullptr) x[part] = load8(call.bias + channel);
  }
  wait_for_previous();

  const int from = call.gather != nullptr ? call.gather[blockIdx.x] : blockIdx.x;
  __nv_bfloat16* const out = call.out + std::size_t(blockIdx.x) * call.hidden;
  float squares = 0;
#pragma unroll
  for (int part = 0; part < Parts; ++part) {
    const int channel = 8 * (part * blockDim.x + threadIdx.x);
    if (channel >= call.hidden || from < 0) break;
    const std::size_t at = std::size_t(from) * call.hidden + channel;
    const Vector8 residual = load8(call.residual + at);
    if (call.delta != nullptr) add(x[part], load8(call.delta + at));
    add(x[part], residual);
    if (call.gather == nullptr) store8(call.residual + at, x[part]);
    if (discard_delta && all_have_read<kLine / 8>()) discard_line(call.delta + at);
#pragma unroll
    for (const float value : x[part].x) squares = fmaf(value, value, squares);
  }
  if (discard_spent) {  // while the sum is on its way
    const __nv_bfloat16* const row = call.spent + std::size_t(blockIdx.x) * call.spent_width;
    for (int i = kLine * threadIdx.x; i < call.spent_width; i += kLine * blockDim.x)
      discard_line(row + i);
  }
  const float inverse = rsqrtf(block_sum(squares) / static_cast<float>(call.hidden) + call.eps);
#pragma unroll
  for (int part = 0; part < Parts; ++part) {
    const int channel = 8 * (part * blockDim.x + threadIdx.x);
    if (channel >= call.hidden) break;
    Vector8 value;
    if (from >= 0) {
#pragma unroll
      for (int i = 0; i < 8; ++i) value.x[i] = x[part].x[i] * inverse * weight[part].x[i];
    }
    store8(out + channel, value);
  }
}

bool can_discard(const __nv_bfloat16* matrix, int width) {
  return matrix != nullptr && rows_own_lines(matrix, width * sizeof(__nv_bfloat16));
}

}  // namespace

void add_rms_norm(const AddRmsNormCall& call, cudaStream_t stream) {
  QUORUM_CHECK(call.hidden > 0 && call.hidden % 8 == 0 && call.hidden <= kMaxNormWidth,
               "no norm of this width");
  if (call.rows == 0) return;
  const int eighths = call.hidden / 8, parts = (eighths + kMaxThreads - 1) / kMaxThreads;
  const unsigned threads = ((eighths + parts - 1) / parts + 31) / 32 * 32;
  launch({.grid = static_cast<unsigned>(call.rows),
          .block = threads,
          .stream = stream,
          .overlap = true},
         parts == 1 ? add_rms_norm_kernel<1> : add_rms_norm_kernel<2>, call,
         call.gather == nullptr && can_discard(call.delta, call.hidden),
         call.gather == nullptr && can_discard(call.spent, call.spent_width));
}

}  // namespace quorum::cuda
