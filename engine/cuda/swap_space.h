// KV pages in host memory: pinned, so that a kernel writes and reads them over the link in the
// order of its stream. The memory is taken in blocks when it is first needed: most runs never swap.
#pragma once

#include <cuda_bf16.h>

#include <cstdint>
#include <vector>

#include "engine/backend.h"
#include "engine/cuda/kernels/page_copy.h"
#include "engine/cuda/memory.h"

namespace quorum::cuda {

class SwapSpace {
 public:
  // As many whole pages as `bytes` hold; none for 0.
  SwapSpace(std::int64_t bytes, int layers, const KvLayout& layout);

  int pages() const { return pages_; }
  // Queue the copies. May throw Error(kEnvironment) when the host has no memory for the page.
  void out(const __nv_bfloat16* kv, const SwapOut& swap, cudaStream_t stream);
  void in(__nv_bfloat16* kv, const SwapIn& swap, cudaStream_t stream);

 private:
  __nv_bfloat16* at(SwapId page);

  int layers_;
  KvLayout layout_;
  int pages_ = 0, block_pages_ = 1;
  std::vector<PinnedMemory> blocks_;  // empty ones are not taken yet
};

}  // namespace quorum::cuda
