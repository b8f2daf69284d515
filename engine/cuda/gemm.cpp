#include "engine/cuda/gemm.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/error.h"
#include "engine/cuda/cublas.h"
#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/memory.h"

namespace quorum::cuda {
namespace {

// Whether our own kernels serve a shape rather than cuBLASLt. Committed: the two sum in different
// orders, so another choice changes bits. docs/ENGINE.md has what was measured: ours are ahead with
// few rows of X, as most steps of a reasoning model's runs have, and do what lies between products.
bool hopper_takes(const Device& device, int n, int k, WeightForm form) {
  const int multiple = form == WeightForm::kHeads ? 128 : form == WeightForm::kGateUp ? 16 : 1;
  return device.hopper() && std::min(n, k) >= 1024 && k % 64 == 0 && n % multiple == 0;
}

int width_of(const PackedWeight& weight) {
  return weight.form == WeightForm::kGateUp ? weight.n / 2 : weight.n;
}

}  // namespace

Gemm::Gemm(const Device& device, std::vector<Shape> shapes, int max_rows,
           const std::filesystem::path& cache)
    : device_(device), max_rows_(max_rows) {
  if (device_.hopper() && !hopper_blocks_fit()) device_.major = 8;  // a part of a GPU
  const Stream stream;
  for (const Shape& shape : shapes) {
    if (on_hopper(shape.n, shape.k, shape.form)) continue;
    QUORUM_CHECK(shape.form == WeightForm::kPlain);
    if (!cublas_) cublas_ = std::make_unique<Cublas>(cache);
    workspace_bytes_ = Cublas::kWorkspaceBytes;
    cublas_->prepare({shape.n, shape.k, shape.out}, max_rows, stream.get());
  }
}

Gemm::~Gemm() = default;

bool Gemm::on_hopper(int n, int k, WeightForm form) const {
  return hopper_takes(device_, n, k, form);
}

bool Gemm::is_own(const Device& device, int n, int k, WeightForm form) {
  return hopper_takes(device, n, k, form) && hopper_blocks_fit();
}

std::size_t Gemm::packed_bytes(const Shape& shape) const {
  if (on_hopper(shape.n, shape.k, shape.form))
    return hopper_packed_bytes(shape.n, shape.k, shape.form);
  return 2 * static_cast<std::size_t>(shape.n) * static_cast<std::size_t>(shape.k);
}

PackedWeight Gemm::pack(const __nv_bfloat16* w, const Shape& shape, void* to,
                        cudaStream_t stream) const {
  if (on_hopper(shape.n, shape.k, shape.form)) {
    hopper_pack(w, shape.n, shape.k, shape.form, to, stream);
  } else {
    check(cudaMemcpyAsync(to, w, packed_bytes(shape), cudaMemcpyDeviceToDevice, stream));
  }
  return {shape.n, shape.k, shape.form, shape.out, to};
}

void Gemm::multiply(const PackedWeight& weight, const __nv_bfloat16* x, int rows, void* y,
                    void* workspace, cudaStream_t stream) const {
  if (on_hopper(weight.n, weight.k, weight.form)) {
    hopper_multiply(own_product(weight, x, rows, y), stream);
  } else {
    cublas_->multiply({weight.n, weight.k, weight.out}, weight.data, x, rows, y, workspace, stream);
  }
}

void Gemm::check_row_invariance(const PackedWeight& weight, std::span<std::byte> scratch,
                                void* workspace, cudaStream_t stream) const {
  const auto k = static_cast<std::size_t>(weight.k);
  const std::size_t row_bytes =
      static_cast<std::size_t>(width_of(weight)) * (weight.out == OutType::kFp32 ? 4 : 2);
  // Our kernels read rows behind those of X.
  const std::size_t behind =
      on_hopper(weight.n, weight.k, weight.form) ? 2 * k * kReadRows : std::size_t{0};
  QUORUM_CHECK(scratch.size() > behind, "no room to check a product");
  const auto room = static_cast<int>((scratch.size() - behind) / (2 * k + row_bytes + 512));
  const int most = std::min(max_rows_, room);
  QUORUM_CHECK(most > 0, "no room to check a product");
  auto* const x = reinterpret_cast<__nv_bfloat16*>(scratch.data());
  const std::size_t x_bytes = 2 * k * static_cast<std::size_t>(most) + behind;
  std::byte* const y = scratch.data() + arena_bytes(x_bytes);
  fill_random({0x9E3779B97F4A7C15ull, 0.1f, 1.0f}, most, weight.k, x, stream);

  const auto row_of_y = [&](int row) {
    std::vector<std::byte> out(row_bytes);
    check(cudaMemcpyAsync(out.data(), y + static_cast<std::size_t>(row) * row_bytes, row_bytes,
                          cudaMemcpyDeviceToHost, stream));
    check(cudaStreamSynchronize(stream));
    return out;
  };
  // One size for each power of two, which is how algorithms are chosen.
  for (int size = 2; size / 2 < most; size *= 2) {
    const int rows = std::min(size / 2 + 1, most);
    multiply(weight, x, rows, y, workspace, stream);
    const std::vector<std::byte> first = row_of_y(0), last = row_of_y(rows - 1);
    const auto alone = [&](int row) {
      multiply(weight, x + static_cast<std::size_t>(row) * k, 1, y, workspace, stream);
      return row_of_y(0);
    };
    if (alone(0) == first && alone(rows - 1) == last) continue;
    throw Error(ErrorKind::kEnvironment,
                device_.name + " does not give the same products for every batch size",
                "a row of (" + std::to_string(weight.n) + ", " + std::to_string(weight.k) +
                    ") differs alone and among " + std::to_string(rows) +
                    ", so samples would not be reproducible",
                "--device cpu, or another GPU; please report the GPU and the driver");
  }
}

}  // namespace quorum::cuda
