// Y = X · W^T for GPUs of compute capability 9.0: bf16, fp32 accumulation, by wgmma. Three
// kernels: gemm_wide.cu where W has so many rows that every multiprocessor gets a tile,
// gemm_cluster.cu and gemm_pairs.cu where tiles are split along K.
//
// A row of Y is a function of its row of X alone, bit for bit: how K is cut depends on W's shape
// only (gemm_schedule.h), and neither the width of the instruction, nor the place in it, nor which
// operand is which enters a sum.
#pragma once

#include <driver_types.h>

#include <cstddef>

#include "engine/cuda/kernels/gemm_schedule.h"
#include "engine/cuda/kernels/rope_kv.h"
#include "engine/cuda/kernels/row_extremes.h"
#include "engine/cuda/kernels/split_norm.h"

namespace quorum::cuda {

enum class OutType { kBf16, kFp32 };

// X is read up to a multiple of this many rows; what stands there beyond its own is not used. The
// copy engine is slow where a box that it brings to several multiprocessors lies partly outside of
// its matrix: products of 80 rows took up to half as long again.
inline constexpr int kReadRows = 128;
constexpr int rows_read(int rows) { return (rows + kReadRows - 1) / kReadRows * kReadRows; }

// Instead of writing Y, adds it to the residual stream and starts the next norm.
struct AddToResidual {
  float* residual = nullptr;    // (rows, n), or none: Y is written
  const float* bias = nullptr;  // (n), or none
  NormStart next;
};

// Bytes of the packed form of W (n, k); k a multiple of 64, n of 16 if gate and up, of 128 if
// heads.
std::size_t hopper_packed_bytes(int n, int k, WeightForm form);
// Lays W (n, k), bf16, row-major, out in tiles as shared memory wants them; `packed` starts on 128
// bytes. Products may read `packed` ahead of the kernels in front of them in the stream, so this
// must have completed (synchronised) before the first of them is started.
void hopper_pack(const void* w, int n, int k, WeightForm form, void* packed, cudaStream_t stream);

struct HopperProduct {
  const void* packed;  // W
  int n, k;
  WeightForm form;
  const void* x;  // (rows, k), bf16, starts on 16 bytes; rows_read(rows) rows are readable
  int rows;
  void* y;  // (rows, n or n / 2), bf16 or fp32 (not of gate and up), starts on 16 bytes
  OutType out;
  NormEnd norm = {};
  // What is done with Y instead of writing it, for k of at least 128: it is added to the residual
  // stream (plain form, n even and below kWideRows), or taken as q, k and v (all heads of them;
  // `qkv` is unused, and `rows` may be read before the kernels ahead have ended).
  AddToResidual add = {};
  RopeKvCall heads = {};
  // Where the extremes of Y's rows go as well, a part for each tile of W, or nowhere. Only of wide
  // products in fp32; each tile has columns that count.
  RowExtremes extremes = {};
  // Lines of 128 bytes, or none, that nothing reads any more once the kernels ahead have ended:
  // they are dropped (discard.cuh). Only by products in clusters.
  void* spent = nullptr;
  std::size_t spent_bytes = 0;
  // That are free for it; of fewer than all, wide products take no more, and clusters are pairs.
  // Changes no bit.
  int multiprocessors = kMultiprocessors;
};

// Starts the product behind what the stream holds: a kernel for every 512 rows. Allocates
// nothing; can be captured in a graph.
void hopper_multiply(const HopperProduct& product, cudaStream_t stream);

// Whether this device can run the largest clusters that products use (a small slice of a GPU may
// not); else hopper_multiply must not be used. Throws Error(kEnvironment) if the device fails.
bool hopper_blocks_fit();

}  // namespace quorum::cuda
