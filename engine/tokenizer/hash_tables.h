// Two flat open-addressing tables, filled once and then only read: a vocabulary of 150,000 strings
// and 280,000 merges load in tens of milliseconds.
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/tokenizer/spec.h"

namespace quorum::tok {

// Strings of a StringPack to their index; the pack must outlive the table.
class StringIndex {
 public:
  explicit StringIndex(const StringPack& strings) : strings_(&strings) {
    slots_.assign(std::bit_ceil(strings.size() * 2 + 2), {0, -1});
  }
  // The index that the string has now, and whether it had none before.
  std::pair<std::int32_t, bool> insert(std::int32_t index) {
    const std::string_view text = (*strings_)[static_cast<std::size_t>(index)];
    Slot& slot = slots_[locate(text)];
    if (slot.index >= 0) return {slot.index, false};
    slot = {hash(text), index};
    return {index, true};
  }
  // -1: absent.
  std::int32_t find(std::string_view text) const { return slots_[locate(text)].index; }

 private:
  struct Slot {
    std::uint32_t hash;
    std::int32_t index;
  };
  static std::uint32_t hash(std::string_view text) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
  }
  std::size_t locate(std::string_view text) const {
    const std::uint32_t h = hash(text);
    for (std::size_t at = h;; ++at) {
      at &= slots_.size() - 1;
      const Slot& slot = slots_[at];
      if (slot.index < 0 ||
          (slot.hash == h && (*strings_)[static_cast<std::size_t>(slot.index)] == text))
        return at;
    }
  }

  const StringPack* strings_;
  std::vector<Slot> slots_;
};

// A pair of neighbouring tokens to its merge.
class MergeTable {
 public:
  struct Merge {
    std::uint64_t pair = kNone;
    std::uint32_t rank = 0;
    TokenId result = 0;
  };

  explicit MergeTable(std::size_t count) : slots_(std::bit_ceil(count * 2 + 2)) {}
  // A later merge of the same pair takes the place of an earlier one.
  void insert(TokenId left, TokenId right, std::uint32_t rank, TokenId result) {
    const std::uint64_t pair = pack(left, right);
    slots_[locate(pair)] = {pair, rank, result};
  }
  const Merge* find(TokenId left, TokenId right) const {
    const Merge& slot = slots_[locate(pack(left, right))];
    return slot.pair == kNone ? nullptr : &slot;
  }

 private:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  static std::uint64_t pack(TokenId left, TokenId right) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
           static_cast<std::uint32_t>(right);
  }
  std::size_t locate(std::uint64_t pair) const {
    std::uint64_t h = pair * 0x9E3779B97F4A7C15u;
    h ^= h >> 32;
    for (std::size_t at = h;; ++at) {
      at &= slots_.size() - 1;
      if (slots_[at].pair == pair || slots_[at].pair == kNone) return at;
    }
  }

  std::vector<Merge> slots_;
};

}  // namespace quorum::tok
