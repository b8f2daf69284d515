#include "base/error.h"
#include "engine/cuda/kernels/discard.cuh"
#include "engine/cuda/kernels/silu.cuh"
#include "engine/cuda/kernels/silu_mul.h"
#include "engine/cuda/kernels/vector8.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 256;

__global__ void __launch_bounds__(kThreads)
    silu_mul_kernel(const __nv_bfloat16* gate_up, const float* bias, int inner, __nv_bfloat16* out,
                    bool discard) {
  let_next_start();
  const int channel = 8 * (blockIdx.x * kThreads + threadIdx.x);
  if (channel >= inner) return;
  Vector8 gate_bias, up_bias;
  if (bias != nullptr) {
    gate_bias = load8(bias + channel);
    up_bias = load8(bias + inner + channel);
  }
  wait_for_previous();
  const std::size_t row = blockIdx.y;
  const __nv_bfloat16* const from = gate_up + 2 * row * inner + channel;
  Vector8 gate = load8(from), up = load8(from + inner);
  if (bias != nullptr) {
    add(gate, gate_bias);
    add(up, up_bias);
  }
#pragma unroll
  for (int i = 0; i < 8; ++i) up.x[i] *= silu(gate.x[i]);
  store8(out + row * inner + channel, up);
  if (discard && all_have_read<kLineBytes / 16>()) {
    discard_line(from);
    discard_line(from + inner);
  }
}

}  // namespace

void silu_mul(__nv_bfloat16* gate_up, const float* bias, int rows, int inner, __nv_bfloat16* out,
              cudaStream_t stream) {
  QUORUM_CHECK(inner > 0 && inner % 8 == 0, "the inner width is no multiple of 8");
  if (rows == 0) return;
  const unsigned parts = (inner / 8 + kThreads - 1) / kThreads;
  launch({.grid = dim3(parts, rows), .block = kThreads, .stream = stream, .overlap = true},
         silu_mul_kernel, gate_up, bias, inner, out,
         rows_own_lines(gate_up, inner * sizeof(__nv_bfloat16)));
}

}  // namespace quorum::cuda
