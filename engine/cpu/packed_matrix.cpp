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

PackedMatrix::PackedMatrix(const std::vector<RowSource>& rows, int inputs, int panel,
                           ThreadPool& pool)
    : outputs_(static_cast<int>(rows.size())),
      inputs_(inputs),
      panel_(panel),
      bf16_(std::all_of(rows.begin(), rows.end(), [](const RowSource& row) {
        return row.tensor == nullptr || row.tensor->dtype == DType::kBF16;
      })) {
  const std::int64_t elements = std::int64_t{panels()} * panel * inputs;
  data_ = MappedBuffer(static_cast<std::size_t>(elements) * (bf16_ ? 2 : 4), "weights");
  pool.parallel_for(panels(), 1, [&](int begin, int end, int) {
    for (int each = begin; each < end; ++each) {
      if (bf16_) {
        fill_panel<std::uint16_t>(each, rows, element<std::uint16_t>);
      } else {
        fill_panel<float>(each, rows, element_as_float);
      }
    }
  });
}

// Blocks of inputs, so that the lines that the rows of a panel write in turn stay in the cache.
template <class T, class Convert>
void PackedMatrix::fill_panel(int panel, const std::vector<RowSource>& rows,
                              const Convert& convert) {
  constexpr int kBlock = 128;
  T* const to = static_cast<T*>(data_.data()) + std::int64_t{panel} * panel_ * inputs_;
  for (std::int64_t first = 0; first < inputs_; first += kBlock) {
    const std::int64_t last = std::min<std::int64_t>(first + kBlock, inputs_);
    for (int j = 0; j < panel_ && panel * panel_ + j < outputs_; ++j) {
      const RowSource& source = rows[static_cast<std::size_t>(panel * panel_ + j)];
      if (source.tensor == nullptr) continue;
      for (std::int64_t k = first; k < last; ++k)
        to[k * panel_ + j] = convert(*source.tensor, source.row * inputs_ + k);
    }
  }
}

PackedMatrix PackedMatrix::stack(std::span<const TensorView> parts, int panel, ThreadPool& pool) {
  std::vector<RowSource> rows;
  for (const TensorView& part : parts) {
    QUORUM_CHECK(columns_of(part) == columns_of(parts.front()),
                 "stacked matrices differ in columns");
    for (int row = 0; row < rows_of(part); ++row) rows.push_back({&part, row});
  }
  return PackedMatrix(rows, columns_of(parts.front()), panel, pool);
}

PackedMatrix PackedMatrix::interleave(const TensorView& first, const TensorView& second, int panel,
                                      ThreadPool& pool) {
  QUORUM_CHECK(first.shape == second.shape, "interleaved matrices differ in shape");
  std::vector<RowSource> rows;
  for (int begin = 0; begin < rows_of(first); begin += panel) {
    for (const TensorView* tensor : {&first, &second}) {
      for (int row = begin; row < begin + panel; ++row)
        rows.push_back(row < rows_of(first) ? RowSource{tensor, row} : RowSource{});
    }
  }
  return PackedMatrix(rows, columns_of(first), panel, pool);
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
