// Steps as CUDA graphs, one for each kind: replaying one costs the host a single call and the
// device no gaps. Made at first use.
#pragma once

#include <cuda_runtime_api.h>

#include <compare>
#include <functional>
#include <map>

namespace quorum::cuda {

// The batch bucket of a number of rows: the smallest size for which steps are made that holds them.
int batch_bucket(int rows, int largest);

struct StepKind {
  int bucket = 0;            // rows
  int attention_blocks = 0;  // multiprocessors of attention beside products; 0: by themselves

  auto operator<=>(const StepKind&) const = default;
};

class StepGraphs {
 public:
  StepGraphs() = default;
  StepGraphs(const StepGraphs&) = delete;
  StepGraphs& operator=(const StepGraphs&) = delete;
  ~StepGraphs();

  // Runs the graph of this kind; `record` queues its kernels when there is none yet.
  void run(const StepKind& kind, cudaStream_t stream, const std::function<void()>& record);

 private:
  std::map<StepKind, cudaGraphExec_t> graphs_;
};

}  // namespace quorum::cuda
