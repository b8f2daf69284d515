#include "base/error.h"
#include "engine/cuda/kernels/embed.h"
#include "engine/cuda/kernels/vector8.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 128;

// `lanes`: threads whose channels go into one sum of squares; a block has a multiple of them.
__global__ void __launch_bounds__(kThreads)
    embed_kernel(const __nv_bfloat16* table, int hidden, const __grid_constant__ Rows rows,
                 float* x, const __grid_constant__ NormStart norm, int lanes) {
  __shared__ float of_thread[kThreads];
  wait_for_previous();
  let_next_start();
  const int row = blockIdx.x, channel = 8 * (blockIdx.y * blockDim.x + threadIdx.x);
  const bool inside = channel < hidden;
  Vector8 value;
  if (inside && rows.table[row] >= 0)
    value = load8(table + std::size_t(rows.token[row]) * hidden + channel);
  const std::size_t at = std::size_t(row) * hidden + channel;
  if (inside) store8(x + at, value);
  if (norm.weight == nullptr) return;

  float squares = 0;
#pragma unroll
  for (const float each : value.x) squares = fmaf(each, each, squares);
  of_thread[threadIdx.x] = squares;
  __syncthreads();
  if (!inside) return;
  if (threadIdx.x % lanes == 0) {
    for (int i = 1; i < lanes; ++i) squares += of_thread[threadIdx.x + i];
    norm.squares[std::size_t(channel / (8 * lanes)) * norm.stride + row] = squares;
  }
  const Vector8 weight = load8(norm.weight + channel);
#pragma unroll
  for (int i = 0; i < 8; ++i) value.x[i] *= weight.x[i];
  store8(norm.scaled + at, value);
}

}  // namespace

void embed(const __nv_bfloat16* table, int hidden, const Rows& rows, float* x,
           const NormStart& norm, cudaStream_t stream) {
  QUORUM_CHECK(hidden > 0 && hidden % 8 == 0, "the width of the model is no multiple of 8");
  if (rows.count == 0) return;
  const unsigned lanes = norm.columns / 8, threads = kThreads / lanes * lanes;
  const unsigned parts = (hidden / 8 + threads - 1) / threads;
  launch({.grid = dim3(rows.count, parts), .block = threads, .stream = stream, .overlap = true},
         embed_kernel, table, hidden, rows, x, norm, static_cast<int>(lanes));
}

}  // namespace quorum::cuda
