#include "engine/cuda/kernels/gemm_hopper.h"

#include <algorithm>
#include <span>

#include "base/error.h"
#include "engine/cuda/kernels/discard.cuh"
#include "engine/cuda/kernels/gemm_tile.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {

namespace {

// A matrix of bf16 as dimensions of `size`, `pitch` bytes apart from the second on.
CUtensorMap map_matrix(const void* x, std::span<const cuuint64_t> size,
                       std::span<const cuuint64_t> pitch, std::span<const cuuint32_t> box) {
  static const auto encode = [] {
    void* function = nullptr;
    cudaDriverEntryPointQueryResult found{};
    check(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000,
                                           cudaEnableDefault, &found));
    if (found != cudaDriverEntryPointSuccess) {
      throw Error(ErrorKind::kEnvironment, "the driver has no tensor maps",
                  "it is older than CUDA 12", "install a newer driver");
    }
    return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
  }();
  CUtensorMap map;
  const cuuint32_t step[] = {1, 1, 1};
  const CUresult result =
      encode(&map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, static_cast<cuuint32_t>(size.size()),
             const_cast<void*>(x), size.data(), pitch.data(), box.data(), step,
             CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
             CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  QUORUM_CHECK(result == CUDA_SUCCESS, "tensor map of the rows of X");
  return map;
}

}  // namespace

CUtensorMap map_tokens(const void* x, int rows, int k, int box_rows) {
  const cuuint64_t size[] = {cuuint64_t(k), cuuint64_t(rows_read(rows))},
                   pitch[] = {cuuint64_t(k) * 2};
  const cuuint32_t box[] = {kBlockK, cuuint32_t(box_rows)};
  return map_matrix(x, size, pitch, box);
}

CUtensorMap map_blocks(const void* x, int rows, int k, int box_rows, int depth) {
  const cuuint64_t size[] = {kBlockK, cuuint64_t(rows_read(rows)), cuuint64_t(k / kBlockK)};
  const cuuint64_t pitch[] = {cuuint64_t(k) * 2, kBlockK * 2};
  const cuuint32_t box[] = {kBlockK, cuuint32_t(box_rows), cuuint32_t(depth)};
  return map_matrix(x, size, pitch, box);
}

namespace {

// To the rows behind the first `rows`; x and y are not among it.
void move_on(GemmArguments& a, int rows) {
  if (a.norm.squares != nullptr) a.norm.squares += rows;
  if (a.add.residual != nullptr) {
    a.add.residual += std::size_t(rows) * a.n;
    a.add.next.scaled += std::size_t(rows) * a.n;
    a.add.next.squares += rows;
  }
  if (a.heads.q != nullptr) {
    a.heads.q += std::size_t(rows) * a.heads.heads * a.heads.layout.head_dim;
    a.heads.rows.position += rows;
    a.heads.rows.table += rows;
  }
  if (a.extremes.parts != nullptr) a.extremes.parts = a.extremes.of_row(rows);
  a.spent_bytes = 0;
}

}  // namespace

void hopper_multiply(const HopperProduct& product, cudaStream_t stream) {
  const bool gate_up = product.form == WeightForm::kGateUp;
  const bool adds = product.add.residual != nullptr, has_heads = product.heads.q != nullptr;
  QUORUM_CHECK(product.rows > 0 && product.k % kBlockK == 0, "shape of a product");
  QUORUM_CHECK(!gate_up || product.out == OutType::kBf16, "gate and up");
  GemmArguments a{};
  a.schedule = schedule_gemm(product.n, product.k, product.form);
  QUORUM_CHECK(!(adds || has_heads) || a.schedule.splits > 1, "what becomes of Y");
  QUORUM_CHECK(!adds || (product.form == WeightForm::kPlain && product.n % 2 == 0), "residual");
  QUORUM_CHECK(!adds || product.add.next.columns == a.schedule.tile_rows, "parts of the next norm");
  const RopeKvCall& heads = product.heads;
  QUORUM_CHECK(
      !has_heads || (product.form == WeightForm::kHeads && heads.layout.head_dim == kTileRows &&
                     product.n == (heads.heads + 2 * heads.layout.kv_heads) * kTileRows &&
                     product.rows == heads.rows.count),
      "heads");
  QUORUM_CHECK(
      product.extremes.parts == nullptr ||
          (a.schedule.wide && product.form == WeightForm::kPlain && product.out == OutType::kFp32 &&
           product.extremes.count == a.schedule.tiles && product.extremes.columns <= product.n &&
           product.extremes.columns > (a.schedule.tiles - 1) * a.schedule.tile_rows),
      "extremes of Y, with columns of each tile among those that count");
  QUORUM_CHECK(product.spent_bytes == 0 || !(a.schedule.wide || a.schedule.pairs),
               "only clusters drop what is spent");
  QUORUM_CHECK(reinterpret_cast<std::uintptr_t>(product.spent) % kLineBytes == 0 &&
                   product.spent_bytes % kLineBytes == 0,
               "what is dropped consists of whole lines");
  a.norm = product.norm;
  a.add = product.add;
  a.heads = product.heads;
  a.extremes = product.extremes;
  a.spent = static_cast<unsigned char*>(product.spent);
  a.spent_bytes = product.spent_bytes;
  a.w = static_cast<const __nv_bfloat16*>(product.packed);
  a.n = product.n;
  a.out = product.out;
  a.form = product.form;
  HopperProduct part = product;
  for (int done = 0; done < product.rows; done += part.rows) {
    part.rows = std::min(kMaxTokens, product.rows - done);
    part.x = static_cast<const char*>(product.x) + std::size_t(done) * product.k * 2;
    const std::size_t columns = gate_up ? product.n / 2 : product.n;
    if (product.y != nullptr)
      a.y =
          static_cast<char*>(product.y) + done * columns * (product.out == OutType::kFp32 ? 4 : 2);
    a.rows = part.rows;
    const auto multiply = a.schedule.wide    ? multiply_wide
                          : a.schedule.pairs ? multiply_in_pairs
                                             : multiply_in_clusters;
    multiply(a, part, stream);
    move_on(a, part.rows);
  }
}

bool hopper_blocks_fit() { return clusters_fit(); }

}  // namespace quorum::cuda
