// The matrix products of the linear layers, Y (rows, n) = X (rows, k) · W (n, k)^T: bf16 with fp32
// accumulation, all row-major. A row of Y is a function of its row of X alone, bit for bit.
//
// On GPUs of compute capability 9.0 the kernels of kernels/gemm_hopper.h serve widths of 1,024 and
// more, elsewhere cuBLASLt does. The two do not have the same bits, so which one serves depends on
// GPU and shape only, never on the number of rows.
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "engine/cuda/cublas.h"
#include "engine/cuda/device.h"
#include "engine/cuda/kernels/gemm_hopper.h"

namespace quorum::cuda {

// W as Gemm::pack left it; does not own its memory.
struct PackedWeight {
  int n = 0, k = 0;
  WeightForm form = WeightForm::kPlain;
  OutType out = OutType::kBf16;
  const void* data = nullptr;
};

// The product with a weight that our own kernels serve, for what they can do with it.
inline HopperProduct own_product(const PackedWeight& weight, const __nv_bfloat16* x, int rows,
                                 void* y) {
  return {weight.data, weight.n, weight.k, weight.form, x, rows, y, weight.out};
}

class Gemm {
 public:
  struct Shape {
    int n, k;
    WeightForm form;
    OutType out;
  };

  // For products of these shapes with 1 … max_rows rows on the current device. Where cuBLASLt
  // serves it chooses algorithms now, with scratch memory of the device; `cache`: a folder for what
  // it finds, or empty. Throws Error(kEnvironment) if cuBLASLt is needed and missing, or has no
  // algorithm that suits.
  Gemm(const Device& device, std::vector<Shape> shapes, int max_rows,
       const std::filesystem::path& cache = {});
  ~Gemm();

  // Whether our own kernels serve products of this shape on the device.
  static bool is_own(const Device& device, int n, int k, WeightForm form);

  std::size_t packed_bytes(const Shape& shape) const;
  // Queues laying W (n, k) out at `to` (packed_bytes, starts on 256 bytes). The stream must be
  // synchronised before the first product.
  PackedWeight pack(const __nv_bfloat16* w, const Shape& shape, void* to,
                    cudaStream_t stream) const;

  // Enough for each of the shapes.
  std::size_t workspace_bytes() const { return workspace_bytes_; }
  // Queues Y = X · W^T; see WeightForm for what y is. x and y start on 16 bytes, and
  // rows_read(rows) rows of x are readable. The workspace was zero once, and has no other user at
  // the same time. Allocates nothing; can be captured in a graph.
  void multiply(const PackedWeight& weight, const __nv_bfloat16* x, int rows, void* y,
                void* workspace, cudaStream_t stream) const;

  // Compares the bits of rows alone and in products of several sizes, as far as `scratch` (device
  // memory) has room for their rows. Throws Error(kEnvironment) where they differ: this GPU then
  // cannot serve.
  void check_row_invariance(const PackedWeight& weight, std::span<std::byte> scratch,
                            void* workspace, cudaStream_t stream) const;

 private:
  bool on_hopper(int n, int k, WeightForm form) const;

  Device device_;
  int max_rows_;
  std::size_t workspace_bytes_ = 0;
  std::unique_ptr<Cublas> cublas_;
};

}  // namespace quorum::cuda
