// Matrix products by cuBLASLt, which is looked for when first asked for: the program links without
// it and starts without it.
#pragma once

#include <driver_types.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "engine/cuda/kernels/gemm_hopper.h"

namespace quorum::cuda {

// Products Y (rows, n) = X (rows, k) · W (n, k)^T, all row-major, bf16 with fp32 accumulation.
//
// A row of Y must not depend on the others. How often K is split is therefore a function of (n, k)
// alone, and of the algorithms with that split only those are used whose bits equal those of the
// first one found for the shape: tiles and clusters may then follow the number of rows, and are
// chosen by measuring. Seen on one H200: all algorithms with the same split give the same bits;
// elsewhere `prepare` finds out.
class Cublas {
 public:
  // Loads libcublasLt.so.13 or .so.12 for the current device. `cache`: a folder that keeps what
  // measuring found, for this library and device; empty: none. Throws Error(kEnvironment) that says
  // what to install if there is no library.
  explicit Cublas(const std::filesystem::path& cache = {});
  // Writes the cache.
  ~Cublas();
  Cublas(const Cublas&) = delete;
  Cublas& operator=(const Cublas&) = delete;

  struct Shape {
    int n, k;
    OutType out;
    auto operator<=>(const Shape&) const = default;

    // How often K is split: where it is long and W has few rows, so that all multiprocessors have
    // work. Committed: another choice changes bits.
    int splits() const { return k >= 8192 && n < 8192 ? 4 : 1; }
  };
  static constexpr std::size_t kWorkspaceBytes = std::size_t{64} << 20;

  // Chooses algorithms for 1 … max_rows rows; call it at load, before `multiply`. Allocates scratch
  // on the device for the time of the call. Throws Error(kEnvironment) if the GPU has no algorithm
  // whose bits are the same for all numbers of rows.
  void prepare(const Shape& shape, int max_rows, cudaStream_t stream);
  // k a multiple of 8; w, x, y start on 16 bytes. Can be captured in a graph.
  void multiply(const Shape& shape, const void* w, const void* x, int rows, void* y,
                void* workspace, cudaStream_t stream) const;

  // As 130102 for 13.1.2.
  std::size_t version() const;

 private:
  struct Library;
  struct Algorithm;
  class Problem;
  class Tuner;
  using Key = std::tuple<Shape, int>;  // the number of rows rounded up to a power of two

  bool recall(const Shape& shape, int most);
  void read_cache();
  void write_cache() const;

  std::unique_ptr<Library> library_;
  std::filesystem::path cache_file_;  // empty: none
  std::map<Key, std::shared_ptr<const Algorithm>> algorithms_, cached_;
  bool learnt_ = false;  // something that the cache does not have
};

}  // namespace quorum::cuda
