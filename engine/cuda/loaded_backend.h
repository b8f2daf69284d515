// A backend and what it took to load it.
#pragma once

#include <memory>

#include "engine/cuda_backend.h"

namespace quorum::cuda {

struct LoadedBackend {
  std::unique_ptr<Backend> backend;
  double context_s = 0;  // making the context
  double weights_s = 0;  // memory, and weights in their places
  double prepare_s = 0;  // buffers and checks
};
LoadedBackend load_backend(const DecoderSpec& spec, const WeightSource& source,
                           const CudaBackendOptions& options);

}  // namespace quorum::cuda
