#include "engine/cuda/swap_space.h"

#include <algorithm>

#include "base/error.h"

namespace quorum::cuda {
namespace {

std::size_t page_bytes(int layers, const KvLayout& layout) {
  return whole_page(layers, layout) * sizeof(__nv_bfloat16);
}

}  // namespace

SwapSpace::SwapSpace(std::int64_t bytes, int layers, const KvLayout& layout)
    : layers_(layers),
      layout_(layout),
      pages_(static_cast<int>(std::min<std::int64_t>(
          bytes / static_cast<std::int64_t>(page_bytes(layers, layout)), 1 << 30))) {
  if (pages_ > 0)
    memory_ = PinnedMemory(static_cast<std::size_t>(pages_) * page_bytes(layers, layout));
}

__nv_bfloat16* SwapSpace::at(SwapId page) const {
  QUORUM_CHECK(page >= 0 && page < pages_, "swap page out of range");
  return reinterpret_cast<__nv_bfloat16*>(memory_.data() + static_cast<std::size_t>(page) *
                                                               page_bytes(layers_, layout_));
}

void SwapSpace::out(const __nv_bfloat16* kv, const SwapOut& swap, cudaStream_t stream) const {
  gather_page(kv, swap.page, layers_, layout_, at(swap.host_page), stream);
}

void SwapSpace::in(__nv_bfloat16* kv, const SwapIn& swap, cudaStream_t stream) const {
  scatter_page(at(swap.host_page), swap.page, layers_, layout_, kv, stream);
}

}  // namespace quorum::cuda
