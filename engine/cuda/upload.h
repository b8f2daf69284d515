// Tensors to device memory at the speed of the link: threads read from the page cache into pinned
// buffers, two each, whose transfers overlap with the next reads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/cuda/memory.h"
#include "engine/weights.h"

namespace quorum::cuda {

class Upload {
 public:
  // Threads of the current device.
  explicit Upload(int threads);
  // Waits for what is queued.
  ~Upload();

  // Queues a copy; what `from` views must stay until its batch is waited for.
  void copy(void* to, const TensorView& from);
  // The number of a batch: of the copies queued since the last one.
  int end_batch();
  // Waits until this batch and those before it are on their way, and makes `stream` wait for their
  // end.
  void wait(int batch, cudaStream_t stream);
  // Copies queued later start after what `stream` holds now.
  void start_after(cudaStream_t stream);

 private:
  struct Piece {
    std::byte* to;
    const std::byte* from;
    const MappedFile* file;
    std::size_t bytes;
    int batch;
  };
  struct Lane {
    Stream stream;
    Event done;
  };
  void work(Lane& lane);
  void end();

  int device_ = 0;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::mutex mutex_;
  std::condition_variable wake_, sent_;
  std::deque<Piece> queue_;
  std::map<int, std::size_t> unsent_;  // pieces of each batch that are not on their way
  int batch_ = 0;                      // that is being queued
  bool over_ = false;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

}  // namespace quorum::cuda
