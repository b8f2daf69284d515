#include "base/error.h"
#include "engine/cuda/kernels/embed.h"
#include "engine/cuda/kernels/vector8.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 128;

__global__ void __launch_bounds__(kThreads)
    embed_kernel(const __nv_bfloat16* table, int hidden, const __grid_constant__ Rows rows,
                 float* x) {
  wait_for_previous();
  let_next_start();
  const int row = blockIdx.x, channel = 8 * (blockIdx.y * kThreads + threadIdx.x);
  if (channel >= hidden) return;
  Vector8 value;
  if (rows.table[row] >= 0) value = load8(table + std::size_t(rows.token[row]) * hidden + channel);
  store8(x + std::size_t(row) * hidden + channel, value);
}

}  // namespace

void embed(const __nv_bfloat16* table, int hidden, const Rows& rows, float* x,
           cudaStream_t stream) {
  QUORUM_CHECK(hidden > 0 && hidden % 8 == 0, "the width of the model is no multiple of 8");
  if (rows.count == 0) return;
  const unsigned parts = (hidden / 8 + kThreads - 1) / kThreads;
  launch({.grid = dim3(rows.count, parts), .block = kThreads, .stream = stream, .overlap = true},
         embed_kernel, table, hidden, rows, x);
}

}  // namespace quorum::cuda
