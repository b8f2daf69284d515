#include "engine/cuda/step_graphs.h"

#include <algorithm>

#include "engine/cuda/launch.h"

namespace quorum::cuda {

// Up to 8 every power of two; then steps of an eighth to a quarter of the size, so that padding
// costs little and there are few graphs.
int batch_bucket(int rows, int largest) {
  int bucket = 1;
  while (bucket < rows) bucket += bucket < 8 ? bucket : bucket < 64 ? 8 : bucket < 256 ? 16 : 32;
  return std::min(bucket, std::max(largest, rows));
}

StepGraphs::~StepGraphs() {
  for (const auto& [kind, graph] : graphs_) cudaGraphExecDestroy(graph);
}

void StepGraphs::run(const StepKind& kind, cudaStream_t stream,
                     const std::function<void()>& record) {
  cudaGraphExec_t& executable = graphs_[kind];
  if (executable == nullptr) {
    check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    try {
      record();
    } catch (...) {
      cudaGraph_t broken = nullptr;
      cudaStreamEndCapture(stream, &broken);
      if (broken != nullptr) cudaGraphDestroy(broken);
      throw;
    }
    cudaGraph_t graph = nullptr;
    check(cudaStreamEndCapture(stream, &graph));
    const cudaError_t status = cudaGraphInstantiate(&executable, graph, 0);
    cudaGraphDestroy(graph);
    check(status);
  }
  check(cudaGraphLaunch(executable, stream));
}

}  // namespace quorum::cuda
