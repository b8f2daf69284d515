// Threads that work through short parallel loops, thousands a second. Which thread takes which
// index is up to chance: the work must not depend on it.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace quorum::cpu {

class ThreadPool {
 public:
  // `threads` >= 1, the calling thread included: with 1 no thread is started.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls work(begin, end, thread) for pieces of [0, count) of at most `grain` indices and returns
  // when all are done; `thread` is in [0, threads()). The first exception of a piece is thrown here
  // after the others have ended. Not reentrant; one caller at a time.
  using Work = std::function<void(int begin, int end, int thread)>;
  void parallel_for(int count, int grain, const Work& work);

 private:
  void run_pieces(int thread);
  void worker(int thread);

  const Work* work_ = nullptr;
  int count_ = 0, grain_ = 1;
  std::atomic<int> next_{0};
  std::atomic<std::uint32_t> signal_{0};  // changes when there may be work, or the pool ends
  std::atomic<bool> ending_{false};
  // kOpen while a loop takes helpers, plus the number of those inside. The caller waits only for
  // threads that came: on a crowded machine it does all the work itself rather than wait for one
  // that was not scheduled.
  std::atomic<std::uint32_t> gate_{0};
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::vector<std::jthread> workers_;
};

}  // namespace quorum::cpu
