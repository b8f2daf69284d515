// Zeroed memory straight from the operating system: aligned to a page, and costing nothing until it
// is touched.
#pragma once

#include <cstddef>
#include <utility>

namespace quorum::cpu {

class MappedBuffer {
 public:
  MappedBuffer() = default;
  // Throws Error(kEnvironment) when the address space is exhausted. `what` names the purpose in
  // that message.
  MappedBuffer(std::size_t bytes, const char* what);
  MappedBuffer(MappedBuffer&& other) noexcept { swap(other); }
  MappedBuffer& operator=(MappedBuffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~MappedBuffer();

  void* data() { return data_; }
  const void* data() const { return data_; }
  float* floats() { return static_cast<float*>(data_); }
  const float* floats() const { return static_cast<const float*>(data_); }
  std::size_t bytes() const { return bytes_; }

 private:
  void swap(MappedBuffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }

  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace quorum::cpu
