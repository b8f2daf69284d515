// Owned device and host memory, streams and events. Failures are Error(kEnvironment).
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <string>
#include <utility>

namespace quorum::cuda {

// "15.2 GB", for messages.
std::string gigabytes(std::size_t bytes);

// One allocation of device memory, handed out in pieces of 256-byte alignment and never grown.
class Arena {
 public:
  Arena() = default;
  explicit Arena(std::size_t bytes);
  Arena(Arena&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), bytes_(other.bytes_), used_(other.used_) {}
  Arena& operator=(Arena&& other) noexcept;
  ~Arena();

  // Precondition: it fits (a bug otherwise: sizes are counted before).
  void* take_bytes(std::size_t bytes);
  template <class T>
  T* take(std::size_t count) {
    return static_cast<T*>(take_bytes(count * sizeof(T)));
  }
  void* memory() const { return memory_; }
  // Nothing that was taken is in use any more.
  void reset() { used_ = 0; }

 private:
  std::byte* memory_ = nullptr;
  std::size_t bytes_ = 0, used_ = 0;
};

// What a piece takes of an arena.
inline std::size_t arena_bytes(std::size_t bytes) { return (bytes + 255) / 256 * 256; }

// Page-locked host memory.
class PinnedMemory {
 public:
  PinnedMemory() = default;
  explicit PinnedMemory(std::size_t bytes);
  PinnedMemory(PinnedMemory&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), bytes_(other.bytes_) {}
  PinnedMemory& operator=(PinnedMemory&& other) noexcept;
  ~PinnedMemory();

  std::byte* data() const { return memory_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::byte* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

class Stream {
 public:
  Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();
  cudaStream_t get() const { return stream_; }
  void wait() const;

 private:
  cudaStream_t stream_ = nullptr;
};

class Event {
 public:
  // `timed`: elapsed times are wanted.
  explicit Event(bool timed = false);
  Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
  Event& operator=(Event&&) = delete;
  ~Event();
  void record(cudaStream_t stream) const;
  // The host waits.
  void wait() const;
  cudaEvent_t get() const { return event_; }
  // Seconds from `earlier` to this one; both are timed and over.
  double seconds_since(const Event& earlier) const;

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace quorum::cuda
