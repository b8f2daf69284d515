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

// Whether our own kernel serves a shape rather than cuBLASLt. Committed: the two sum in different
// orders, so another choice changes bits. Measured on one H200 (docs/ENGINE.md): with the widths of
// 7B ours is ahead up to 64 rows and, as it joins gate and up, level at 256; with those of 1.5B
// cuBLASLt is ahead from 128 rows on.
bool hopper_takes(const Device& device, int n, int k, WeightForm form) {
  return device.hopper() && std::min(n, k) >= 3072 && k % 64 == 0 &&
         (form == WeightForm::kPlain || n % 16 == 0);
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

bool Gemm::joins_gate_up(const Device& device, int intermediate, int hidden) {
  return hopper_takes(device, 2 * intermediate, hidden, WeightForm::kGateUp) && hopper_blocks_fit();
}

std::size_t Gemm::packed_bytes(const Shape& shape) const {
  if (on_hopper(shape.n, shape.k, shape.form)) return hopper_packed_bytes(shape.n, shape.k);
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
    hopper_multiply({weight.data, weight.n, weight.k, weight.form, nullptr, x, rows, y, weight.out},
                    stream);
  } else {
    cublas_->multiply({weight.n, weight.k, weight.out}, weight.data, x, rows, y, workspace, stream);
  }
}

void Gemm::check_row_invariance(const PackedWeight& weight, void* workspace,
                                cudaStream_t stream) const {
  const int most = std::min(max_rows_, 96);
  const std::size_t row_bytes =
      static_cast<std::size_t>(width_of(weight)) * (weight.out == OutType::kFp32 ? 4 : 2);
  Arena arena(arena_bytes(2 * static_cast<std::size_t>(most) * static_cast<std::size_t>(weight.k)) +
              arena_bytes(static_cast<std::size_t>(most) * row_bytes));
  auto* const x = arena.take<__nv_bfloat16>(static_cast<std::size_t>(most) *
                                            static_cast<std::size_t>(weight.k));
  auto* const y = arena.take<std::byte>(static_cast<std::size_t>(most) * row_bytes);
  fill_random({0x9E3779B97F4A7C15ull, 0.1f, 1.0f}, most, weight.k, x, stream);

  const auto product = [&](int first, int rows) {
    std::vector<std::byte> out(static_cast<std::size_t>(rows) * row_bytes);
    multiply(weight, x + std::int64_t{first} * weight.k, rows, y, workspace, stream);
    check(cudaMemcpyAsync(out.data(), y, out.size(), cudaMemcpyDeviceToHost, stream));
    check(cudaStreamSynchronize(stream));
    return out;
  };
  const std::vector<std::byte> whole = product(0, most);
  for (const int rows : {1, 2, 8, 17, 33, 64}) {
    const int first = most - rows;
    if (first < 0) continue;
    const std::vector<std::byte> part = product(first, rows);
    if (std::memcmp(part.data(), whole.data() + static_cast<std::size_t>(first) * row_bytes,
                    part.size()) == 0)
      continue;
    throw Error(ErrorKind::kEnvironment,
                device_.name + " does not give the same products for every batch size",
                "a product of " + std::to_string(rows) + " rows differs from that of " +
                    std::to_string(most) + ", so samples would not be reproducible",
                "--device cpu, or another GPU; please report the GPU and the driver");
  }
}

}  // namespace quorum::cuda
