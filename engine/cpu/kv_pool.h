// Keys and values in pages of kPageTokens positions. A page holds all layers and KV heads; the part
// of one (layer, head) is K as (head_dim, kPageTokens), so that scores run over positions, then V
// as (kPageTokens, padded_head_dim).
#pragma once

#include "engine/cpu/kernels.h"
#include "engine/cpu/mapped_buffer.h"
#include "engine/decoder_spec.h"

namespace quorum::cpu {

class KvPool {
 public:
  KvPool(const DecoderSpec& spec, int pages);

  static std::int64_t page_bytes(const DecoderSpec& spec);

  int pages() const { return pages_; }
  int padded_head_dim() const { return padded_head_dim_; }
  std::ptrdiff_t page_stride() const { return page_stride_; }  // in floats
  // Page 0 at a layer and KV head.
  float* at(int layer, int kv_head) {
    return buffer_.floats() + (layer * kv_heads_ + kv_head) * part_;
  }

  // Stores K and V (head_dim) of one position.
  void write(int layer, int kv_head, std::int32_t page, int position, const float* k,
             const float* v);
  // Copies the first `tokens` positions of all layers.
  void copy(std::int32_t from, std::int32_t to, int tokens);
  // Copies a whole page to and from memory of page_bytes().
  void save(std::int32_t page, float* to) const;
  void restore(const float* from, std::int32_t page);

 private:
  int layers_, kv_heads_, head_dim_, padded_head_dim_, pages_;
  std::ptrdiff_t part_;         // floats of one (layer, head) in a page
  std::ptrdiff_t page_stride_;  // floats of a page
  MappedBuffer buffer_;
};

}  // namespace quorum::cpu
