#include "engine/cpu/packed_matrix.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/error.h"

namespace quorum::cpu {
namespace {

float float_of_bits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

float float_of_bf16(std::uint16_t bits) { return float_of_bits(std::uint32_t{bits} << 16); }

float float_of_f16(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1Fu, fraction = bits & 0x3FFu;
  if (exponent == 0) {  // zero and subnormals: fraction · 2^-24, exact in float
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -magnitude : magnitude;
  }
  if (exponent == 31) return float_of_bits(sign | 0x7F800000u | (fraction << 13));
  return float_of_bits(sign | ((exponent + 112) << 23) | (fraction << 13));
}

template <class T>
T element(const TensorView& tensor, std::int64_t index) {
  T value;
  std::memcpy(&value, tensor.data + index * static_cast<std::int64_t>(sizeof(T)), sizeof value);
  return value;
}

float element_as_float(const TensorView& tensor, std::int64_t index) {
  switch (tensor.dtype) {
    case DType::kF32: return element<float>(tensor, index);
    case DType::kF16: return float_of_f16(element<std::uint16_t>(tensor, index));
    case DType::kBF16: return float_of_bf16(element<std::uint16_t>(tensor, index));
  }
  QUORUM_CHECK(false, "unknown dtype");
}

int rows_of(const TensorView& tensor) { return static_cast<int>(tensor.shape.at(0)); }
int columns_of(const TensorView& tensor) { return static_cast<int>(tensor.shape.at(1)); }

}  // namespace

std::vector<float> to_floats(const TensorView& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor ? tensor.elements() : 0));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = element_as_float(tensor, static_cast<std::int64_t>(i));
  return values;
}

PackedMatrix::PackedMatrix(int outputs, int inputs, int panel, bool bf16)
    : outputs_(outputs), inputs_(inputs), panel_(panel), bf16_(bf16) {
  const std::size_t elements = static_cast<std::size_t>(panels()) *
                               static_cast<std::size_t>(panel) * static_cast<std::size_t>(inputs);
  data_ = MappedBuffer(elements * (bf16 ? 2 : 4), "weights");
}

void PackedMatrix::set_row(int output, const TensorView& tensor, std::int64_t row) {
  const std::int64_t base = std::int64_t{output / panel_} * panel_ * inputs_ + output % panel_;
  const std::int64_t from = row * inputs_;
  if (bf16_) {
    auto* const to = static_cast<std::uint16_t*>(data_.data()) + base;
    for (std::int64_t k = 0; k < inputs_; ++k)
      to[k * panel_] = element<std::uint16_t>(tensor, from + k);
  } else {
    float* const to = data_.floats() + base;
    for (std::int64_t k = 0; k < inputs_; ++k) to[k * panel_] = element_as_float(tensor, from + k);
  }
}

PackedMatrix PackedMatrix::stack(std::span<const TensorView> parts, int panel) {
  int outputs = 0;
  bool bf16 = true;
  for (const TensorView& part : parts) {
    QUORUM_CHECK(columns_of(part) == columns_of(parts.front()),
                 "stacked matrices differ in columns");
    outputs += rows_of(part);
    bf16 = bf16 && part.dtype == DType::kBF16;
  }
  PackedMatrix packed(outputs, columns_of(parts.front()), panel, bf16);
  int output = 0;
  for (const TensorView& part : parts) {
    for (int row = 0; row < rows_of(part); ++row) packed.set_row(output++, part, row);
  }
  return packed;
}

PackedMatrix PackedMatrix::interleave(const TensorView& first, const TensorView& second,
                                      int panel) {
  QUORUM_CHECK(first.shape == second.shape, "interleaved matrices differ in shape");
  const int panels = (rows_of(first) + panel - 1) / panel;
  PackedMatrix packed(2 * panels * panel, columns_of(first), panel,
                      first.dtype == DType::kBF16 && second.dtype == DType::kBF16);
  for (int row = 0; row < rows_of(first); ++row) {
    const int output = row / panel * 2 * panel + row % panel;
    packed.set_row(output, first, row);
    packed.set_row(output + panel, second, row);
  }
  return packed;
}

void PackedMatrix::copy_row(int output, float* out) const {
  const std::int64_t base = std::int64_t{output / panel_} * panel_ * inputs_ + output % panel_;
  if (bf16_) {
    const auto* const from = static_cast<const std::uint16_t*>(data_.data()) + base;
    for (std::int64_t k = 0; k < inputs_; ++k) out[k] = float_of_bf16(from[k * panel_]);
  } else {
    const float* const from = data_.floats() + base;
    for (std::int64_t k = 0; k < inputs_; ++k) out[k] = from[k * panel_];
  }
}

}  // namespace quorum::cpu
