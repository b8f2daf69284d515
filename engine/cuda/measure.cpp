#include "engine/cuda/measure.h"

#include <algorithm>
#include <vector>

#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/profile.h"
#include "engine/cuda/step_graphs.h"

namespace quorum::cuda {
namespace {

constexpr int kRepetitions = 11;
const RandomTensor kNoise{0x5DEECE66Dull, 0.0f, 1.7f};

}  // namespace

double time_graph(const Stream& stream, const std::function<void()>& queue) {
  StepGraphs graph;
  std::vector<double> seconds;
  for (int i = -2; i < kRepetitions; ++i) {  // two to warm up
    const Event begin(true), end(true);
    begin.record(stream.get());
    graph.run({}, stream.get(), queue);
    end.record(stream.get());
    end.wait();
    if (i >= 0) seconds.push_back(end.seconds_since(begin));
  }
  return median(std::move(seconds));
}

std::size_t free_memory() {
  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total));
  return free;
}

void fill_noise(void* to, std::size_t elements, const Stream& stream) {
  constexpr std::size_t kColumns = 1 << 20;  // whole rows, then what is left
  auto* const values = static_cast<__nv_bfloat16*>(to);
  const std::size_t rows = elements / kColumns;
  fill_random(kNoise, static_cast<std::int64_t>(rows), kColumns, values, stream.get());
  if (elements % kColumns > 0)
    fill_random(kNoise, 1, static_cast<std::int64_t>(elements % kColumns), values + rows * kColumns,
                stream.get());
}

}  // namespace quorum::cuda
