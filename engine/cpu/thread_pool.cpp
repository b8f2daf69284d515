#include "engine/cpu/thread_pool.h"

#include <algorithm>
#include <utility>

namespace quorum::cpu {
namespace {

// About 20 µs: longer than the serial parts between two loops of a step, shorter than a time slice
// that others need.
constexpr int kSpins = 600;

inline void relax() { __builtin_ia32_pause(); }

// Waits until `value` is no longer `old`.
template <class T>
void wait_for_change(std::atomic<T>& value, T old) {
  for (int i = 0; i < kSpins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    relax();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  for (int thread = 1; thread < threads; ++thread)
    workers_.emplace_back([this, thread] { worker(thread); });
}

ThreadPool::~ThreadPool() {
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
}

void ThreadPool::run_pieces(int thread) {
  try {
    for (;;) {
      const int begin = next_.fetch_add(grain_, std::memory_order_relaxed);
      if (begin >= count_) return;
      (*work_)(begin, std::min(begin + grain_, count_), thread);
    }
  } catch (...) {
    const std::lock_guard lock(failure_mutex_);
    if (failure_ == nullptr) failure_ = std::current_exception();
  }
}

void ThreadPool::worker(int thread) {
  std::uint32_t seen = 0;
  for (;;) {
    wait_for_change(round_, seen);
    const std::uint32_t now = round_.load(std::memory_order_acquire);
    if (now % 2 != 0) return;
    seen = now;
    run_pieces(thread);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

void ThreadPool::parallel_for(int count, int grain, const Work& work) {
  if (count <= 0) return;
  grain_ = std::max(1, grain);
  if (workers_.empty() || count <= grain_) {
    work(0, count, 0);
    return;
  }
  work_ = &work;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  round_.fetch_add(2, std::memory_order_release);
  round_.notify_all();
  run_pieces(0);
  for (int left = busy_.load(std::memory_order_acquire); left != 0;
       left = busy_.load(std::memory_order_acquire))
    wait_for_change(busy_, left);
  if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace quorum::cpu
