// Matrix products by cuBLASLt, which is looked for when first asked for: the program links without
// it and starts without it.
#pragma once

#include <driver_types.h>

#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>

#include "engine/cuda/kernels/gemm_hopper.h"

namespace quorum::cuda {

// Products Y (rows, n) = X (rows, k) · W (n, k)^T + bias, all row-major, bf16 with fp32
// accumulation.
//
// A row of Y must not depend on the others, so K is never split (it would be by a number that
// depends on `rows`), and of the algorithms left only those are used whose bits equal those of the
// first one found for the shape: tiles and clusters may then follow the number of rows. Seen on one
// H200: all algorithms with the same split give the same bits; elsewhere `prepare` measures it.
class Cublas {
 public:
  // Loads libcublasLt.so.13 or .so.12 for the current device. Throws Error(kEnvironment) that says
  // what to install if there is none.
  Cublas();
  ~Cublas();
  Cublas(const Cublas&) = delete;
  Cublas& operator=(const Cublas&) = delete;

  struct Shape {
    int n, k;
    OutType out;
    bool bias;
    auto operator<=>(const Shape&) const = default;
  };
  static constexpr std::size_t kWorkspaceBytes = std::size_t{32} << 20;

  // Chooses algorithms for 1 … max_rows rows; call it at load, before `multiply`. Allocates scratch
  // on the device for the time of the call: W, and X and Y of max_rows. Throws Error(kEnvironment)
  // if the GPU has no algorithm whose bits are the same for all numbers of rows.
  void prepare(const Shape& shape, int max_rows, cudaStream_t stream);
  // k a multiple of 8; w, x, y start on 16 bytes; bias (n) bf16 if the shape has one. Can be
  // captured in a graph. Not for several threads at once.
  void multiply(const Shape& shape, const void* w, const void* bias, const void* x, int rows,
                void* y, void* workspace, cudaStream_t stream) const;

  // As 130102 for 13.1.2.
  std::size_t version() const;

 private:
  struct Library;
  struct Algorithm;
  std::unique_ptr<Library> library_;
  // By the number of rows rounded up to a power of two.
  std::map<std::pair<Shape, int>, std::shared_ptr<const Algorithm>> algorithms_;
};

}  // namespace quorum::cuda
