#include "engine/cuda/swap_space.h"

#include <algorithm>

#include "base/error.h"

namespace quorum::cuda {
namespace {

constexpr std::int64_t kBlockBytes = std::int64_t{256} << 20;

std::size_t page_bytes(int layers, const KvLayout& layout) {
  return whole_page(layers, layout) * sizeof(__nv_bfloat16);
}

}  // namespace

SwapSpace::SwapSpace(std::int64_t bytes, int layers, const KvLayout& layout)
    : layers_(layers), layout_(layout) {
  const auto page = static_cast<std::int64_t>(page_bytes(layers, layout));
  pages_ = static_cast<int>(std::min<std::int64_t>(bytes / page, 1 << 30));
  block_pages_ = static_cast<int>(std::max<std::int64_t>(kBlockBytes / page, 1));
  blocks_.resize(static_cast<std::size_t>((pages_ + block_pages_ - 1) / block_pages_));
}

__nv_bfloat16* SwapSpace::at(SwapId page) {
  QUORUM_CHECK(page >= 0 && page < pages_, "swap page out of range");
  PinnedMemory& block = blocks_[static_cast<std::size_t>(page / block_pages_)];
  const std::size_t bytes = page_bytes(layers_, layout_);
  if (block.data() == nullptr) {
    const int first = page / block_pages_ * block_pages_;
    block = PinnedMemory(static_cast<std::size_t>(std::min(block_pages_, pages_ - first)) * bytes);
  }
  return reinterpret_cast<__nv_bfloat16*>(block.data() +
                                          static_cast<std::size_t>(page % block_pages_) * bytes);
}

void SwapSpace::out(const __nv_bfloat16* kv, const SwapOut& swap, cudaStream_t stream) {
  gather_page(kv, swap.page, layers_, layout_, at(swap.host_page), stream);
}

void SwapSpace::in(__nv_bfloat16* kv, const SwapIn& swap, cudaStream_t stream) {
  scatter_page(at(swap.host_page), swap.page, layers_, layout_, kv, stream);
}

}  // namespace quorum::cuda
