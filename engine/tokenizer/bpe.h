// Byte-pair encoding of one word: merges by rank, leftmost first (Sennrich et al. 2016), with the
// details of Hugging Face's implementation.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/hash_tables.h"
#include "engine/tokenizer/spec.h"

namespace quorum::tok {

class Bpe {
 public:
  // Throws Error(kData) naming `file` and the token at fault.
  Bpe(BpeSpec spec, const std::string& file);

  // Appends the ids of a word of valid UTF-8. Thread-safe; time grows with n log n. Throws
  // Error(kData) for a character that needs an unknown token that the vocabulary lacks.
  void encode(std::string_view word, std::vector<TokenId>& out) const;

  std::optional<TokenId> id_of(std::string_view token) const;
  // nullopt: no token has this id.
  std::optional<std::string_view> text_of(TokenId id) const;
  std::size_t size() const { return spec_->vocab.size(); }
  TokenId id_limit() const { return static_cast<TokenId>(index_by_id_.size()); }

 private:
  std::vector<TokenId> symbols_of(std::string_view word) const;
  TokenId unknown_id() const;

  std::unique_ptr<const BpeSpec> spec_;
  std::string file_;
  StringIndex index_;
  std::vector<std::int32_t> index_by_id_;
  MergeTable merges_;
  std::array<TokenId, 0x800> short_ids_;   // of characters below U+0800; -1: not in the vocabulary
  std::array<TokenId, 256> fallback_ids_;  // of `<0x00>` … `<0xFF>`
  TokenId unk_id_ = -1;
};

}  // namespace quorum::tok
