// What the tests of the CPU backend share: test values, tensors that own their data, the kernels to
// test.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "base/philox.h"
#include "engine/cpu/isa.h"
#include "engine/cpu/kernels.h"
#include "engine/weights.h"

namespace quorum::testing {

// The kernels with scalar lanes in the widths of AVX-512 (wide_kernels.cpp).
const cpu::Kernels& wide_kernels();

// The kernels that this processor runs.
inline std::vector<const cpu::Kernels*> runnable_kernels() {
  std::vector<const cpu::Kernels*> all;
  if (cpu::has_avx2()) all.push_back(&cpu::kAvx2Kernels);
  if (cpu::has_avx512()) all.push_back(&cpu::kAvx512Kernels);
  all.push_back(&wide_kernels());
  return all;
}

// Uniform in (-scale, scale).
inline std::vector<float> random_floats(std::size_t count, std::uint64_t seed, double scale = 1) {
  PhiloxStream stream(seed);
  std::vector<float> values(count);
  for (float& value : values)
    value = static_cast<float>((2 * open_unit(stream.next()) - 1) * scale);
  return values;
}

// A tensor with its data, which a copy shares no longer: keep it where it is.
struct OwnedTensor {
  TensorView view;
  std::vector<std::byte> bytes;
  std::vector<float> values;  // the elements, as floats

  OwnedTensor(DType dtype, std::vector<std::int64_t> shape, std::uint64_t seed, double scale = 1) {
    view.dtype = dtype;
    view.shape = std::move(shape);
    values = random_floats(static_cast<std::size_t>(view.elements()), seed, scale);
    for (float& value : values) {
      std::uint32_t bits;
      if (dtype != DType::kF32) {  // few enough bits for bf16, and for f16 at these magnitudes
        std::memcpy(&bits, &value, sizeof bits);
        bits &= 0xFFFF0000u;
        std::memcpy(&value, &bits, sizeof bits);
        if (dtype == DType::kF16 && value > -0x1p-14f && value < 0x1p-14f) value = 0;
      }
      append(value);
    }
    view.data = bytes.data();
  }
  OwnedTensor(const OwnedTensor&) = delete;
  OwnedTensor& operator=(const OwnedTensor&) = delete;

 private:
  void append(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    std::uint32_t raw = bits;
    if (view.dtype == DType::kBF16) raw = bits >> 16;
    if (view.dtype == DType::kF16) {
      raw = (bits >> 16) & 0x8000u;
      if (value != 0) raw |= (((bits >> 23) & 0xFFu) - 112u) << 10 | ((bits >> 13) & 0x3FFu);
    }
    const auto* const from = reinterpret_cast<const std::byte*>(&raw);
    bytes.insert(bytes.end(), from, from + dtype_bytes(view.dtype));
  }
};

}  // namespace quorum::testing
