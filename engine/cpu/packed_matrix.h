// Weight matrices in the layout that the kernels stream: panels of `panel` outputs, and within a
// panel one row of weights per input.
#pragma once

#include <span>
#include <vector>

#include "engine/cpu/mapped_buffer.h"
#include "engine/cpu/thread_pool.h"
#include "engine/weights.h"

namespace quorum::cpu {

// The elements as float. F16 and BF16 convert exactly.
std::vector<float> to_floats(const TensorView& tensor);

// Several matrices with equal columns stacked into one. bf16 when all of them are, float otherwise.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  // Rows of `parts` one after another.
  static PackedMatrix stack(std::span<const TensorView> parts, int panel, ThreadPool& pool);
  // Panels of `first` and `second` alternate, so that one task meets the same rows of both. Rows
  // are padded to panels.
  static PackedMatrix interleave(const TensorView& first, const TensorView& second, int panel,
                                 ThreadPool& pool);

  int outputs() const { return outputs_; }
  int inputs() const { return inputs_; }
  int panels() const { return (outputs_ + panel_ - 1) / panel_; }
  bool bf16() const { return bf16_; }
  const void* data() const { return data_.data(); }
  const void* panel(int index) const {
    return static_cast<const char*>(data()) +
           std::ptrdiff_t{index} * panel_ * inputs_ * (bf16_ ? 2 : 4);
  }
  // Row `output` of the matrix, as floats, into `out` (inputs).
  void copy_row(int output, float* out) const;

 private:
  // Where an output's weights come from; no tensor: padding.
  struct RowSource {
    const TensorView* tensor = nullptr;
    std::int64_t row = 0;
  };
  PackedMatrix(const std::vector<RowSource>& rows, int inputs, int panel, ThreadPool& pool);
  template <class T, class Convert>
  void fill_panel(int panel, const std::vector<RowSource>& rows, const Convert& convert);

  int outputs_ = 0, inputs_ = 0, panel_ = 1;
  bool bf16_ = false;
  MappedBuffer data_;
};

}  // namespace quorum::cpu
