#include "engine/cuda/memory.h"

#include <string>

#include "base/error.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
std::string gigabytes(std::size_t bytes) {
  const std::size_t tenths = bytes / 100000000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

Arena::Arena(std::size_t bytes) : bytes_(bytes) {
  void* memory = nullptr;
  const cudaError_t status = cudaMalloc(&memory, bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    throw Error(ErrorKind::kEnvironment,
                "the GPU has no room for " + gigabytes(bytes) + " of weights and KV cache",
                "another process uses its memory",
                "end what else runs on the GPU (nvidia-smi names it), or lower --kv-memory");
  }
  check(status);
  memory_ = static_cast<std::byte*>(memory);
}

Arena& Arena::operator=(Arena&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(bytes_, other.bytes_);
  std::swap(used_, other.used_);
  return *this;
}

Arena::~Arena() { cudaFree(memory_); }

void* Arena::take_bytes(std::size_t bytes) {
  QUORUM_CHECK(used_ + arena_bytes(bytes) <= bytes_, "the arena's sizes were counted wrongly");
  void* const at = memory_ + used_;
  used_ += arena_bytes(bytes);
  return at;
}

PinnedMemory::PinnedMemory(std::size_t bytes) : bytes_(bytes) {
  void* memory = nullptr;
  const cudaError_t status = cudaMallocHost(&memory, bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    throw Error(ErrorKind::kEnvironment,
                "the machine has no " + gigabytes(bytes) + " of memory to lock for the GPU", "",
                "free memory, or raise `ulimit -l`");
  }
  check(status);
  memory_ = static_cast<std::byte*>(memory);
}

PinnedMemory& PinnedMemory::operator=(PinnedMemory&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

PinnedMemory::~PinnedMemory() {
  if (memory_ != nullptr) cudaFreeHost(memory_);
}

Stream::Stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
Stream::~Stream() { cudaStreamDestroy(stream_); }
void Stream::wait() const { check(cudaStreamSynchronize(stream_)); }

Event::Event(bool timed) {
  check(cudaEventCreateWithFlags(&event_, timed ? cudaEventDefault : cudaEventDisableTiming));
}
Event::~Event() {
  if (event_ != nullptr) cudaEventDestroy(event_);
}
void Event::record(cudaStream_t stream) const { check(cudaEventRecord(event_, stream)); }
void Event::wait() const { check(cudaEventSynchronize(event_)); }
double Event::seconds_since(const Event& earlier) const {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, earlier.event_, event_));
  return static_cast<double>(milliseconds) / 1e3;
}

}  // namespace quorum::cuda
