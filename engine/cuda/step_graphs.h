// Steps as CUDA graphs, one for each size of batch: replaying one costs the host a single call and
// the device no gaps. Made at first use.
#pragma once

#include <cuda_runtime_api.h>

#include <functional>
#include <map>

namespace quorum::cuda {

// The batch bucket of a number of rows: the smallest size for which steps are made that holds them.
int batch_bucket(int rows, int largest);

class StepGraphs {
 public:
  StepGraphs() = default;
  StepGraphs(const StepGraphs&) = delete;
  StepGraphs& operator=(const StepGraphs&) = delete;
  ~StepGraphs();

  // Runs the bucket's graph; `record` queues its kernels when there is none yet.
  void run(int bucket, cudaStream_t stream, const std::function<void()>& record);

 private:
  std::map<int, cudaGraphExec_t> graphs_;
};

}  // namespace quorum::cuda
