#include "engine/cpu/kv_pool.h"

#include <algorithm>

#include "base/error.h"

namespace quorum::cpu {
namespace {

int padded(int head_dim) { return (head_dim + 15) / 16 * 16; }

}  // namespace

std::int64_t KvPool::page_bytes(const DecoderSpec& spec) {
  return std::int64_t{spec.layers} * spec.kv_heads * kPageTokens *
         (spec.head_dim + padded(spec.head_dim)) * static_cast<std::int64_t>(sizeof(float));
}

KvPool::KvPool(const DecoderSpec& spec, int pages)
    : layers_(spec.layers),
      kv_heads_(spec.kv_heads),
      head_dim_(spec.head_dim),
      padded_head_dim_(padded(spec.head_dim)),
      pages_(pages),
      part_(std::ptrdiff_t{kPageTokens} * (head_dim_ + padded_head_dim_)),
      page_stride_(part_ * layers_ * kv_heads_),
      buffer_(static_cast<std::size_t>(page_bytes(spec)) * static_cast<std::size_t>(pages),
              "the KV cache") {}

void KvPool::write(int layer, int kv_head, std::int32_t page, int position, const float* k,
                   const float* v) {
  QUORUM_CHECK(page >= 0 && page < pages_, "KV page out of range");
  float* const part = at(layer, kv_head) + page * page_stride_;
  const int slot = position % kPageTokens;
  for (int d = 0; d < head_dim_; ++d) part[d * kPageTokens + slot] = k[d];
  std::copy_n(
      v, head_dim_,
      part + std::ptrdiff_t{head_dim_} * kPageTokens + std::ptrdiff_t{slot} * padded_head_dim_);
}

void KvPool::copy(std::int32_t from, std::int32_t to, int tokens) {
  QUORUM_CHECK(
      from >= 0 && from < pages_ && to >= 0 && to < pages_ && tokens >= 0 && tokens <= kPageTokens,
      "page copy out of range");
  if (from == to) return;
  for (int part = 0; part < layers_ * kv_heads_; ++part) {
    const float* const source = buffer_.floats() + from * page_stride_ + part * part_;
    float* const target = buffer_.floats() + to * page_stride_ + part * part_;
    for (int d = 0; d < head_dim_; ++d)
      std::copy_n(source + d * kPageTokens, tokens, target + d * kPageTokens);
    const std::ptrdiff_t values = std::ptrdiff_t{head_dim_} * kPageTokens;
    std::copy_n(source + values, std::ptrdiff_t{tokens} * padded_head_dim_, target + values);
  }
}

void KvPool::save(std::int32_t page, float* to) const {
  QUORUM_CHECK(page >= 0 && page < pages_, "KV page out of range");
  std::copy_n(buffer_.floats() + page * page_stride_, page_stride_, to);
}

void KvPool::restore(const float* from, std::int32_t page) {
  QUORUM_CHECK(page >= 0 && page < pages_, "KV page out of range");
  std::copy_n(from, page_stride_, buffer_.floats() + page * page_stride_);
}

}  // namespace quorum::cpu
