// Copies of KV pages on the device: from page to page, and between a page and a contiguous buffer
// for swapping to the host's memory.
#pragma once

#include <cuda_bf16.h>
#include <driver_types.h>

#include <cstddef>

#include "engine/backend.h"
#include "engine/cuda/kernels/kv_layout.h"

namespace quorum::cuda {

// Copies the first copies[i].tokens (1 to kPageTokens) positions of all layers, for `count` copies
// in device memory. They run side by side: no page may be written by one and touched by another.
void copy_pages(const PageCopy* copies, int count, int layers, const KvLayout& layout,
                __nv_bfloat16* kv, cudaStream_t stream);

// Elements of a page with all its layers.
inline std::size_t whole_page(int layers, const KvLayout& layout) {
  return static_cast<std::size_t>(layers) * layout.page();
}

// A page of all layers to or from a buffer (layers, layout.page()), which may be pinned host memory
// that the device sees. A kernel, as cudaMemcpy2D takes no pitch above 2 GB.
void gather_page(const __nv_bfloat16* kv, int page, int layers, const KvLayout& layout,
                 __nv_bfloat16* buffer, cudaStream_t stream);
void scatter_page(const __nv_bfloat16* buffer, int page, int layers, const KvLayout& layout,
                  __nv_bfloat16* kv, cudaStream_t stream);

}  // namespace quorum::cuda
