#include "base/error.h"
#include "engine/cuda/kernels/gemm_tile.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

// The row of W that has the place `row` of all tiles, or -1. Within sixteen rows of a tile two that
// belong together go to i and i + 8, which lands them in one thread's accumulators: plain rows 2i
// and 2i + 1, rows i and i + 64 of a head, or gate and up of a column of Y: of column i of eight,
// or in wide tiles of a column beside those that the thread has of other sixteens.
__device__ int row_at(int row, int n, WeightForm form, const GemmSchedule& schedule) {
  const int first = row / 16 * 16, i = row % 8, upper = row / 8 % 2;
  switch (form) {
    case WeightForm::kGateUp: {
      int column = first / 2 + i;
      if (schedule.wide) {
        const int tile = row / schedule.tile_rows, sixteen = row % schedule.tile_rows / 16;
        const Neighbours of = neighbours_of(sixteen, schedule.tile_rows / 16);
        column = tile * (schedule.tile_rows / 2) + 8 * of.first + i / 2 * (2 * of.count) +
                 2 * (sixteen - of.first) + i % 2;
      }
      return column < n / 2 ? column + upper * (n / 2) : -1;
    }
    case WeightForm::kHeads: row = row / 128 * 128 + row % 128 / 16 * 8 + i + upper * 64; break;
    case WeightForm::kPlain: row = schedule.pairs ? row : first + 2 * i + upper; break;
  }
  return row < n ? row : -1;
}

// One thread moves 16 bytes.
__global__ void pack_kernel(const uint4* w, int n, int k, GemmSchedule schedule, WeightForm form,
                            uint4* packed) {
  const std::size_t chunk = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int place = chunk % 8;
  const int row_of_tile = chunk / 8 % schedule.tile_rows;
  const std::size_t tile = chunk / 8 / schedule.tile_rows;  // and block along K
  const int block = tile % schedule.blocks;
  const int place_of_row =
      static_cast<int>(tile / schedule.blocks) * schedule.tile_rows + row_of_tile;
  if (place_of_row >= schedule.tiles * schedule.tile_rows) return;
  const int row = row_at(place_of_row, n, form, schedule);
  uint4 value = {0, 0, 0, 0};
  if (row >= 0) {
    const int source = place ^ (row_of_tile & 7);
    value = w[(static_cast<std::size_t>(row) * k + block * kBlockK) / 8 + source];
  }
  packed[chunk] = value;
}

}  // namespace

std::size_t hopper_packed_bytes(int n, int k, WeightForm form) {
  const GemmSchedule schedule = schedule_gemm(n, k, form);
  return static_cast<std::size_t>(schedule.tiles) * schedule.tile_rows * k * 2;
}

void hopper_pack(const void* w, int n, int k, WeightForm form, void* packed, cudaStream_t stream) {
  QUORUM_CHECK(k % kBlockK == 0 && (form != WeightForm::kGateUp || n % 16 == 0) &&
                   (form != WeightForm::kHeads || n % kTileRows == 0),
               "shape of W");
  const std::size_t chunks = hopper_packed_bytes(n, k, form) / 16;
  launch({.grid = static_cast<unsigned>((chunks + 255) / 256), .block = 256, .stream = stream},
         pack_kernel, static_cast<const uint4*>(w), n, k, schedule_gemm(n, k, form), form,
         static_cast<uint4*>(packed));
}

}  // namespace quorum::cuda
