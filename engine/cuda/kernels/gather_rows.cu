#include "base/error.h"
#include "engine/cuda/kernels/gather_rows.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 256;

__global__ void __launch_bounds__(kThreads)
    gather_rows_kernel(const __grid_constant__ NormStart from, const std::int32_t* gather,
                       int hidden, const __grid_constant__ NormStart to) {
  let_next_start();
  wait_for_previous();
  const int row = blockIdx.x, source = gather[row];
  const auto* const scaled = reinterpret_cast<const uint4*>(from.scaled);
  auto* const out = reinterpret_cast<uint4*>(to.scaled);
  const int eighths = hidden / 8;
  for (int i = threadIdx.x; i < eighths; i += kThreads) {
    const uint4 zeros = {0, 0, 0, 0};
    out[std::size_t(row) * eighths + i] =
        source < 0 ? zeros : __ldcg(scaled + std::size_t(source) * eighths + i);
  }
  for (int part = threadIdx.x; part < norm_parts(hidden, from.columns); part += kThreads) {
    to.squares[std::size_t(part) * to.stride + row] =
        source < 0 ? 0 : __ldcg(from.squares + std::size_t(part) * from.stride + source);
  }
}

}  // namespace

void gather_rows(const NormStart& from, const std::int32_t* gather, int rows, int hidden,
                 const NormStart& to, cudaStream_t stream) {
  QUORUM_CHECK(hidden > 0 && hidden % 8 == 0, "the width of the model is no multiple of 8");
  if (rows == 0) return;
  launch(
      {.grid = static_cast<unsigned>(rows), .block = kThreads, .stream = stream, .overlap = true},
      gather_rows_kernel, from, gather, hidden, to);
}

}  // namespace quorum::cuda
