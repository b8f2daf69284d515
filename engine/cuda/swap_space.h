// KV pages in host memory: pinned, so that a kernel writes and reads them over the link in the
// order of its stream.
#pragma once

#include <cuda_bf16.h>

#include "engine/backend.h"
#include "engine/cuda/kernels/page_copy.h"
#include "engine/cuda/memory.h"

namespace quorum::cuda {

class SwapSpace {
 public:
  // As many whole pages as `bytes` hold; none for 0.
  SwapSpace(std::int64_t bytes, int layers, const KvLayout& layout);

  int pages() const { return pages_; }
  void out(const __nv_bfloat16* kv, const SwapOut& swap, cudaStream_t stream) const;
  void in(__nv_bfloat16* kv, const SwapIn& swap, cudaStream_t stream) const;

 private:
  __nv_bfloat16* at(SwapId page) const;

  int layers_;
  KvLayout layout_;
  int pages_;
  PinnedMemory memory_;
};

}  // namespace quorum::cuda
