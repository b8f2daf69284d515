#include "engine/cpu/thread_pool.h"

#include <algorithm>
#include <utility>

namespace quorum::cpu {
namespace {

// About 20 µs: longer than the serial parts between two loops of a step, shorter than a time slice
// that others need.
constexpr int kSpins = 600;
constexpr std::uint32_t kOpen = 0x80000000u;

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
  ending_.store(true, std::memory_order_relaxed);
  signal_.fetch_add(1, std::memory_order_release);
  signal_.notify_all();
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
    wait_for_change(signal_, seen);
    seen = signal_.load(std::memory_order_acquire);
    if (ending_.load(std::memory_order_relaxed)) return;
    std::uint32_t gate = gate_.load(std::memory_order_relaxed);
    while ((gate & kOpen) != 0) {
      if (!gate_.compare_exchange_weak(gate, gate + 1, std::memory_order_acq_rel)) continue;
      run_pieces(thread);
      if (gate_.fetch_sub(1, std::memory_order_acq_rel) == 1) gate_.notify_one();
      break;
    }
  }
}

void ThreadPool::parallel_for(int count, int grain, const Work& work) {
  if (count <= 0) return;
  grain = std::max(1, grain);
  if (workers_.empty() || count <= grain) {
    work(0, count, 0);
    return;
  }
  work_ = &work;
  count_ = count;
  grain_ = grain;
  next_.store(0, std::memory_order_relaxed);
  gate_.store(kOpen, std::memory_order_release);
  signal_.fetch_add(1, std::memory_order_release);
  signal_.notify_all();
  run_pieces(0);
  std::uint32_t inside = gate_.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
  while (inside != 0) {
    wait_for_change(gate_, inside);
    inside = gate_.load(std::memory_order_acquire);
  }
  if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace quorum::cpu
