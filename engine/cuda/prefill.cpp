#include "engine/cuda/prefill.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr std::size_t kDepth = 2;  // passes whose rows may be on their way

// Attention of a pass holds this many splits at most: passes over long contexts take fewer rows.
int split_capacity(int max_positions) {
  return std::min(kPrefillChunks * splits_of(max_positions), 4096);
}

}  // namespace

std::size_t Prefill::bytes(const AttentionSizes& sizes, int max_positions) {
  return arena_bytes(sizeof(RowBlock)) +
         arena_bytes(attention_plan_bytes(sizes, kPrefillChunks, kMaxQueries,
                                          split_capacity(max_positions)));
}

Prefill::Prefill(const Decoder& decoder, const MemoryPlan& plan, std::int32_t* page_tables,
                 Arena& arena, cudaStream_t stream)
    : decoder_(decoder), plan_(plan), page_tables_(page_tables), stream_(stream) {
  device_ = arena.take<RowBlock>(1);
  const int splits = split_capacity(plan.max_positions);
  const std::size_t bytes =
      attention_plan_bytes(plan.attention, kPrefillChunks, kMaxQueries, splits);
  void* const memory = arena.take_bytes(bytes);
  check(cudaMemsetAsync(memory, 0, bytes, stream));
  attention_ = place_attention_plan(memory, plan.attention, kPrefillChunks, kMaxQueries, splits);
  for (std::size_t i = 0; i < kDepth; ++i) {
    blocks_.emplace_back(sizeof(RowBlock));
    sent_.emplace_back();
  }
}

// Rows of a chunk, filled up with padding to whole groups of queries.
void Prefill::add_chunk(std::span<const TokenId> tokens, int begin, int table) {
  const int padded =
      (static_cast<int>(tokens.size()) + kMaxQueries - 1) / kMaxQueries * kMaxQueries;
  for (int i = 0; i < padded; ++i, ++count_) {
    const bool real = i < static_cast<int>(tokens.size());
    rows_.token[count_] = real ? tokens[static_cast<std::size_t>(i)] : 0;
    rows_.position[count_] = real ? begin + i : 0;
    rows_.table[count_] = real ? table : -1;
  }
}

void Prefill::flush(int logit_rows, std::span<const std::int32_t> gather, StepUpload& upload,
                    SlotState* slots) {
  if (count_ == 0) return;
  upload.apply({}, entries_, slots, page_tables_, plan_.stride, stream_);
  std::copy(gather.begin(), gather.end(), rows_.gather);
  next_ = (next_ + 1) % kDepth;
  sent_[next_].wait();
  std::memcpy(blocks_[next_].data(), &rows_, sizeof rows_);
  check(cudaMemcpyAsync(device_, blocks_[next_].data(), sizeof rows_, cudaMemcpyHostToDevice,
                        stream_));
  sent_[next_].record(stream_);
  const Rows rows{count_,         device_->token, device_->position,
                  device_->table, page_tables_,   plan_.stride};
  decoder_.forward(rows, kMaxQueries, attention_, device_->gather, logit_rows, stream_);
  count_ = chunks_ = 0;
  entries_.clear();
}

void Prefill::run(std::span<const PrefillChunk> chunks, StepUpload& upload, SlotState* slots) {
  const int capacity = split_capacity(plan_.max_positions);
  int splits = 0;
  for (const PrefillChunk& chunk : chunks) {
    std::span<const TokenId> tokens(chunk.tokens);
    int begin = chunk.begin;
    QUORUM_CHECK(begin + static_cast<int>(tokens.size()) <=
                 static_cast<int>(chunk.pages.size()) * kPageTokens);
    while (!tokens.empty()) {
      // What the pass has room for, in rows and in splits of attention.
      const int of_group = splits_of(begin + kPrefillRows);
      const int groups =
          std::min((kPrefillRows - count_) / kMaxQueries, (capacity - splits) / of_group);
      if (groups == 0 || chunks_ == kPrefillChunks) {
        flush(0, {}, upload, slots);
        splits = 0;
        continue;
      }
      const auto some =
          tokens.first(std::min(tokens.size(), static_cast<std::size_t>(groups * kMaxQueries)));
      const int table = plan_.slots + chunks_++;
      for (std::size_t i = 0; i < chunk.pages.size(); ++i)
        entries_.push_back({table, static_cast<std::int32_t>(i), chunk.pages[i]});
      add_chunk(some, begin, table);
      splits += of_group * ((static_cast<int>(some.size()) + kMaxQueries - 1) / kMaxQueries);
      begin += static_cast<int>(some.size());
      tokens = tokens.subspan(some.size());
    }
  }
  flush(0, {}, upload, slots);
}

void Prefill::logits(std::span<const TokenId> tokens, std::span<const int> positions,
                     StepUpload& upload, SlotState* slots, int vocab, const LogitsVisitor& visit) {
  if (positions.empty()) return;
  QUORUM_CHECK(positions.back() < static_cast<int>(tokens.size()), "a position has no token");
  tokens = tokens.first(static_cast<std::size_t>(positions.back()) + 1);
  const int needed = (positions.back() + kPageTokens) / kPageTokens;
  if (needed > plan_.pages)
    throw Error(ErrorKind::kEnvironment, "the KV cache does not hold the text",
                "it needs " + std::to_string(needed) + " pages of " + std::to_string(kPageTokens) +
                    " tokens; there are " + std::to_string(plan_.pages),
                "raise --kv-memory");
  PrefillChunk chunk;
  for (PageId page = 0; page < needed; ++page) chunk.pages.push_back(page);
  const int most = plan_.decoder.logit_rows;
  std::vector<float> row(static_cast<std::size_t>(vocab));
  std::size_t next = 0;
  int begin = 0;
  while (next < positions.size()) {
    // Up to the last token of a pass, or up to as many positions as have room for logits.
    const int of_group = splits_of(begin + kPrefillRows);
    const int groups =
        std::min(kPrefillRows / kMaxQueries, split_capacity(plan_.max_positions) / of_group);
    int end = std::min(begin + groups * kMaxQueries, static_cast<int>(tokens.size()));
    std::vector<std::int32_t> gather;
    std::size_t upto = next;
    while (upto < positions.size() && positions[upto] < end &&
           static_cast<int>(gather.size()) < most)
      gather.push_back(positions[upto++] - begin);
    if (upto < positions.size() && positions[upto] < end) end = positions[upto - 1] + 1;
    for (std::size_t i = 0; i < chunk.pages.size(); ++i)
      entries_.push_back({plan_.slots, static_cast<std::int32_t>(i), chunk.pages[i]});
    add_chunk(
        tokens.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
        begin, plan_.slots);
    flush(static_cast<int>(gather.size()), gather, upload, slots);
    for (std::size_t i = 0; i < gather.size(); ++i) {
      check(cudaMemcpyAsync(
          row.data(), decoder_.logits() + static_cast<std::int64_t>(i) * decoder_.logits_stride(),
          row.size() * sizeof(float), cudaMemcpyDeviceToHost, stream_));
      check(cudaStreamSynchronize(stream_));
      const int position = positions[next + i];
      for (std::size_t token = 0; token < row.size(); ++token)
        if (!std::isfinite(row[token]))
          throw Error(ErrorKind::kData,
                      "logit of token " + std::to_string(token) + " at position " +
                          std::to_string(position) + " is not finite",
                      "the model computed NaN or an infinity",
                      "the checkpoint is broken or was damaged on its way: verify its files");
      visit(position, row);
    }
    next = upto;
    begin = end;
  }
}

}  // namespace quorum::cuda
