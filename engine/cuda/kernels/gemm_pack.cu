#include "base/error.h"
#include "engine/cuda/kernels/gemm_tile.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

// One thread moves 16 bytes. Within sixteen rows of a tile, plain rows 2i and 2i + 1 go to i and i
// + 8 and gate and up rows i to i and i + 8: the pair lands in one thread's accumulators.
__global__ void pack_kernel(const uint4* w, int n, int k, GemmSchedule schedule, bool gate_up,
                            uint4* packed) {
  const std::size_t chunk = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int place = chunk % 8;
  const int row_of_tile = chunk / 8 % schedule.tile_rows;
  const std::size_t tile = chunk / 8 / schedule.tile_rows;  // and block along K
  const int block = tile % schedule.blocks;
  const int first =
      static_cast<int>(tile / schedule.blocks) * schedule.tile_rows + row_of_tile / 16 * 16;
  const int i = row_of_tile % 8, upper = row_of_tile / 8 % 2;
  if (first >= schedule.tiles * schedule.tile_rows) return;
  const int row = gate_up ? first / 2 + i + upper * (n / 2) : first + 2 * i + upper;
  const bool inside = gate_up ? first / 2 + i < n / 2 : row < n;
  uint4 value = {0, 0, 0, 0};
  if (inside) {
    const int source = place ^ (row_of_tile & 7);
    value = w[(static_cast<std::size_t>(row) * k + block * kBlockK) / 8 + source];
  }
  packed[chunk] = value;
}

}  // namespace

std::size_t hopper_packed_bytes(int n, int k) {
  const GemmSchedule schedule = schedule_gemm(n, k);
  return static_cast<std::size_t>(schedule.tiles) * schedule.tile_rows * k * 2;
}

void hopper_pack(const void* w, int n, int k, WeightForm form, void* packed, cudaStream_t stream) {
  QUORUM_CHECK(k % kBlockK == 0 && (form == WeightForm::kPlain || n % 16 == 0), "shape of W");
  const std::size_t chunks = hopper_packed_bytes(n, k) / 16;
  launch({.grid = static_cast<unsigned>((chunks + 255) / 256), .block = 256, .stream = stream},
         pack_kernel, static_cast<const uint4*>(w), n, k, schedule_gemm(n, k),
         form == WeightForm::kGateUp, static_cast<uint4*>(packed));
}

}  // namespace quorum::cuda
