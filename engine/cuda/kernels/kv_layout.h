// Where keys and values lie in GPU memory. A page holds 64 positions of one layer and all KV heads;
// the tile of one (layer, page, KV head) is K as (64, head_dim) followed by V of the same shape,
// bf16. Within a row, chunks of 16 bytes lie permuted, chunk c of row r at c ^ (r & 7): a tile
// copied as it is to shared memory can then be read by ldmatrix without bank conflicts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/host_device.h"

namespace quorum::cuda {

inline constexpr int kPageTokens = 64;

struct KvLayout {
  int pages = 0, kv_heads = 0, head_dim = 0;  // head_dim: 64 or 128

  // In elements of two bytes.
  QUORUM_HOST_DEVICE std::size_t tile() const {  // K, or V, of a (layer, page, KV head)
    return std::size_t(kPageTokens) * std::size_t(head_dim);
  }
  QUORUM_HOST_DEVICE std::size_t page() const { return 2 * std::size_t(kv_heads) * tile(); }
  QUORUM_HOST_DEVICE std::size_t layer() const { return std::size_t(pages) * page(); }
  // K's tile; V's follows it.
  QUORUM_HOST_DEVICE std::size_t at(int layer_index, int page_index, int kv_head) const {
    return std::size_t(layer_index) * layer() + std::size_t(page_index) * page() +
           2 * std::size_t(kv_head) * tile();
  }
};

// The element of a row (position in its page) of a tile at which channel `channel` lies.
QUORUM_HOST_DEVICE inline int swizzled(int row, int channel, int head_dim) {
  return row * head_dim + (((channel >> 3) ^ (row & 7)) << 3) + (channel & 7);
}

}  // namespace quorum::cuda
