// What the tests of the CUDA kernels share: whether there is a GPU, device memory that frees itself
// and begins poisoned, random inputs, and the comparison of bf16 results with a reference.
#pragma once

#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "engine/cuda/launch.h"

namespace quorum::testing {

// Where there is no GPU it prints "SKIPPED: why" and gives false, or fails the test when
// QUORUM_REQUIRE contains "gpu". Use: if (!has_gpu()) return;
inline bool has_gpu() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status == cudaSuccess && devices > 0) return true;
  const char* require = std::getenv("QUORUM_REQUIRE");
  if (require != nullptr && std::string(require).find("gpu") != std::string::npos)
    throw std::runtime_error("QUORUM_REQUIRE=gpu is set, and there is no GPU");
  std::printf("SKIPPED: no GPU (%s)\n", cudaGetErrorString(status));
  return false;
}

// The same for the kernels of compute capability 9.0.
inline bool has_hopper() {
  if (!has_gpu()) return false;
  int major = 0, minor = 0;
  cuda::check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0));
  cuda::check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, 0));
  if (major == 9 && minor == 0) return true;
  std::printf("SKIPPED: the GPU is not of compute capability 9.0\n");
  return false;
}

// An array in device memory. Every byte is 0xFF at first: NaN as bf16 and float, -1 as an integer.
template <class T>
class DeviceBuffer {
 public:
  // `behind` more lie behind it that stay poison.
  explicit DeviceBuffer(std::size_t count, std::size_t behind = 0) : count_(count) {
    const std::size_t all = (count + behind) * sizeof(T);
    cuda::check(cudaMalloc(&data_, all == 0 ? 1 : all));
    cuda::check(cudaMemset(data_, 0xFF, all));
  }
  explicit DeviceBuffer(const std::vector<T>& values, std::size_t behind = 0)
      : DeviceBuffer(values.size(), behind) {
    upload(values);
  }
  ~DeviceBuffer() { cudaFree(data_); }
  DeviceBuffer(DeviceBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), count_(other.count_) {}
  DeviceBuffer& operator=(DeviceBuffer&&) = delete;

  T* get() const { return data_; }
  std::size_t size() const { return count_; }
  void poison() { cuda::check(cudaMemset(data_, 0xFF, bytes())); }
  void upload(const std::vector<T>& values) {
    if (values.size() != count_) throw std::runtime_error("upload of another size");
    cuda::check(cudaMemcpy(data_, values.data(), bytes(), cudaMemcpyHostToDevice));
  }
  // Waits for the device first.
  std::vector<T> download() const {
    cuda::check(cudaDeviceSynchronize());
    std::vector<T> values(count_);
    cuda::check(cudaMemcpy(values.data(), data_, bytes(), cudaMemcpyDeviceToHost));
    return values;
  }

 private:
  std::size_t bytes() const { return count_ * sizeof(T); }
  T* data_ = nullptr;
  std::size_t count_;
};

// Uniform in (centre - scale, centre + scale), one in 64 eight times as far out.
inline std::vector<float> random_floats(std::size_t count, std::uint64_t seed, double scale = 1,
                                        double centre = 0) {
  PhiloxStream stream(seed);
  std::vector<float> values(count);
  for (float& value : values) {
    const double unit = 2 * open_unit(stream.next()) - 1;
    value = static_cast<float>(centre + scale * unit * (stream.below(64) == 0 ? 8 : 1));
  }
  return values;
}

inline std::vector<__nv_bfloat16> random_bf16(std::size_t count, std::uint64_t seed,
                                              double scale = 1, double centre = 0) {
  std::vector<__nv_bfloat16> values;
  values.reserve(count);
  for (const float value : random_floats(count, seed, scale, centre))
    values.push_back(__float2bfloat16_rn(value));
  return values;
}

inline std::uint16_t bits_of(__nv_bfloat16 value) {
  std::uint16_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

template <class T>
bool same_bytes(const T* a, const T* b, std::size_t count) {
  return std::memcmp(a, b, count * sizeof(T)) == 0;
}
template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size());
}
template <class T>
void poison(T* values, std::size_t count) {
  std::memset(static_cast<void*>(values), 0xFF, count * sizeof(T));
}
template <class T>
bool is_poison(const T* values, std::size_t count) {
  const std::vector<unsigned char> poison(count * sizeof(T), 0xFF);
  return std::memcmp(values, poison.data(), poison.size()) == 0;
}

// A matrix with one more row, of poison, behind it: kernels that discard what they read must leave
// what follows alone.
template <class T>
std::vector<T> with_guard(std::vector<T> matrix, std::size_t width) {
  matrix.resize(matrix.size() + width);
  poison(matrix.data() + matrix.size() - width, width);
  return matrix;
}
template <class T>
bool guard_stands(const DeviceBuffer<T>& matrix, std::size_t width) {
  return is_poison(matrix.download().data() + matrix.size() - width, width);
}

// Whether `got` is `expected` rounded once to bf16, the fp32 computation before that being off by
// at most `slack`.
inline bool rounds_to(double expected, __nv_bfloat16 got, double slack) {
  const double half_step = std::ldexp(0.5, std::max(std::ilogb(expected), -126) - 7);
  return std::abs(static_cast<double>(__bfloat162float(got)) - expected) <= half_step + slack;
}

}  // namespace quorum::testing
