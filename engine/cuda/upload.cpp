#include "engine/cuda/upload.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "base/file.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

// Small enough that a piece is still in the processor's cache when the link fetches it, and that
// threads end together.
constexpr std::size_t kPieceBytes = std::size_t{2} << 20;
constexpr int kBuffers = 2;

}  // namespace

Upload::Upload(int threads) {
  check(cudaGetDevice(&device_));
  for (int i = 0; i < threads; ++i) lanes_.push_back(std::make_unique<Lane>());
  try {
    for (auto& lane : lanes_) threads_.emplace_back([this, &lane] { work(*lane); });
  } catch (...) {  // the destructor does not run
    end();
    throw;
  }
}

Upload::~Upload() { end(); }

void Upload::end() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
}

void Upload::copy(void* to, const TensorView& from) {
  const std::size_t bytes = from.bytes();
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t at = 0; at < bytes; at += kPieceBytes) {
      queue_.push_back({static_cast<std::byte*>(to) + at, from.data + at, from.file,
                        std::min(kPieceBytes, bytes - at), batch_});
      ++unsent_[batch_];
    }
  }
  wake_.notify_all();
}

int Upload::end_batch() {
  const std::lock_guard lock(mutex_);
  return batch_++;
}

void Upload::wait(int batch, cudaStream_t stream) {
  std::unique_lock lock(mutex_);
  sent_.wait(lock, [&] { return unsent_.empty() || unsent_.begin()->first > batch || failure_; });
  if (failure_) std::rethrow_exception(failure_);
  for (const auto& lane : lanes_) {
    lane->done.record(lane->stream.get());
    check(cudaStreamWaitEvent(stream, lane->done.get()));
  }
}

void Upload::start_after(cudaStream_t stream) {
  const std::lock_guard lock(mutex_);
  const Event ready;
  ready.record(stream);
  for (const auto& lane : lanes_) check(cudaStreamWaitEvent(lane->stream.get(), ready.get()));
}

void Upload::work(Lane& lane) {
  std::optional<PinnedMemory> pinned;
  try {
    check(cudaSetDevice(device_));
    const PinnedMemory& buffer = pinned.emplace(kBuffers * kPieceBytes);
    std::vector<Event> sent(kBuffers);
    for (int next = 0;; next = (next + 1) % kBuffers) {
      Piece piece;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return over_ || !queue_.empty(); });
        if (queue_.empty()) break;
        piece = queue_.front();
        queue_.pop_front();
      }
      std::byte* const at = buffer.data() + static_cast<std::size_t>(next) * kPieceBytes;
      sent[static_cast<std::size_t>(next)].wait();
      if (piece.file != nullptr) {
        piece.file->read(static_cast<std::size_t>(piece.from - piece.file->bytes().data()),
                         {at, piece.bytes});
      } else {
        std::memcpy(at, piece.from, piece.bytes);
      }
      check(cudaMemcpyAsync(piece.to, at, piece.bytes, cudaMemcpyHostToDevice, lane.stream.get()));
      sent[static_cast<std::size_t>(next)].record(lane.stream.get());
      const std::lock_guard lock(mutex_);
      const auto left = unsent_.find(piece.batch);
      if (--left->second == 0) {
        unsent_.erase(left);
        sent_.notify_all();
      }
    }
    lane.stream.wait();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    queue_.clear();
    sent_.notify_all();
    cudaStreamSynchronize(lane.stream.get());  // while `pinned` is there; why it failed is known
  }
}

}  // namespace quorum::cuda
