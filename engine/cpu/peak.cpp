#include "engine/cpu/peak.h"

#include <algorithm>
#include <chrono>

#include "engine/cpu/isa.h"
#include "engine/cpu/thread_pool.h"

namespace quorum {

double measure_peak_gflops(int threads) {
  constexpr int kRuns = 10;
  constexpr std::int64_t kIterations = 4'000'000;  // about 10 ms
  const cpu::Kernels& kernels = cpu::kernels_for(CpuBackendOptions::Isa::kAuto);
  const int count =
      threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  cpu::ThreadPool pool(count);
  std::vector<double> operations(static_cast<std::size_t>(count));
  double best = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    pool.parallel_for(count, 1, [&](int first, int last, int) {
      for (int i = first; i < last; ++i)
        operations[static_cast<std::size_t>(i)] = kernels.spin_fma(kIterations);
    });
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    double total = 0;
    for (const double each : operations) total += each;
    best = std::max(best, total / seconds * 1e-9);
  }
  return best;
}

}  // namespace quorum
