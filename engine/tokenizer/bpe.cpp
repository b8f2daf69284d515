#include "engine/tokenizer/bpe.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "engine/tokenizer/unicode.h"

namespace quorum::tok {

namespace {

// A candidate merge of the symbol at `position` with the next one.
struct Candidate {
  std::uint32_t rank, position;
  TokenId result;
};

// For a heap whose top has the least rank, then the least position.
bool later(const Candidate& a, const Candidate& b) {
  return a.rank != b.rank ? a.rank > b.rank : a.position > b.position;
}

constexpr std::uint32_t kNoSymbol = ~std::uint32_t{0};

struct Symbol {
  TokenId id;
  std::uint32_t previous, next;
  bool removed = false;
};

std::string quoted(std::string_view token) { return "`" + std::string(token.substr(0, 80)) + "`"; }

}  // namespace

Bpe::Bpe(BpeSpec spec, const std::string& file)
    : spec_(std::make_unique<const BpeSpec>(std::move(spec))),
      file_(file),
      index_(spec_->vocab),
      merges_(spec_->merges.size() / 2) {
  const StringPack& vocab = spec_->vocab;
  TokenId limit = 0;
  for (const TokenId id : spec_->ids) limit = std::max(limit, id + 1);
  index_by_id_.assign(static_cast<std::size_t>(limit), -1);
  for (std::size_t i = 0; i < vocab.size(); ++i) {
    if (!index_.insert(static_cast<std::int32_t>(i)).second)
      throw Error(ErrorKind::kData, file + ": model.vocab",
                  "token " + quoted(vocab[i]) + " is there twice");
    std::int32_t& owner = index_by_id_[static_cast<std::size_t>(spec_->ids[i])];
    if (owner >= 0)
      throw Error(ErrorKind::kData, file + ": model.vocab",
                  "tokens " + quoted(vocab[static_cast<std::size_t>(owner)]) + " and " +
                      quoted(vocab[i]) + " have the same id " + std::to_string(spec_->ids[i]));
    owner = static_cast<std::int32_t>(i);
  }

  std::string joined;
  const auto known = [&](std::string_view token) {
    const std::optional<TokenId> id = id_of(token);
    if (!id)
      throw Error(ErrorKind::kData, file + ": model.merges",
                  "token " + quoted(token) + " of a merge is not in the vocabulary");
    return *id;
  };
  for (std::size_t i = 0; i + 1 < spec_->merges.size(); i += 2) {
    const std::string_view left = spec_->merges[i], right = spec_->merges[i + 1];
    joined.assign(left).append(right);
    merges_.insert(known(left), known(right), static_cast<std::uint32_t>(i / 2), known(joined));
  }

  for (std::size_t c = 0; c < short_ids_.size(); ++c) {
    std::string text;
    append_utf8(text, static_cast<char32_t>(c));
    short_ids_[c] = id_of(text).value_or(-1);
  }
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (std::size_t byte = 0; byte < 256; ++byte)
    fallback_ids_[byte] =
        id_of(std::string("<0x") + kDigits[byte >> 4] + kDigits[byte & 15] + ">").value_or(-1);
  if (spec_->unk_token) unk_id_ = id_of(*spec_->unk_token).value_or(-1);
}

std::optional<TokenId> Bpe::id_of(std::string_view token) const {
  const std::int32_t index = index_.find(token);
  if (index < 0) return std::nullopt;
  return spec_->ids[static_cast<std::size_t>(index)];
}

std::optional<std::string_view> Bpe::text_of(TokenId id) const {
  if (id < 0 || id >= id_limit()) return std::nullopt;
  const std::int32_t index = index_by_id_[static_cast<std::size_t>(id)];
  if (index < 0) return std::nullopt;
  return spec_->vocab[static_cast<std::size_t>(index)];
}

TokenId Bpe::unknown_id() const {
  if (unk_id_ < 0)
    throw Error(
        ErrorKind::kData, file_ + ": model.unk_token",
        "a text has a character that is not in the vocabulary, and neither is the unknown token " +
            quoted(*spec_->unk_token));
  return unk_id_;
}

// One symbol a character. What the vocabulary lacks becomes byte tokens, else the unknown token,
// else nothing. An unknown token is added only when the next known character comes: byte tokens
// overtake it, as they do in Hugging Face's.
std::vector<TokenId> Bpe::symbols_of(std::string_view word) const {
  std::vector<TokenId> symbols;
  symbols.reserve(word.size());
  bool unknown_pending = false;
  const auto flush = [&] {
    if (unknown_pending) symbols.push_back(unk_id_);
    unknown_pending = false;
  };
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t begin = at;
    const char32_t c = next_char(word, at);
    const std::string_view character = word.substr(begin, at - begin);
    const TokenId id = c < short_ids_.size() ? short_ids_[c] : id_of(character).value_or(-1);
    if (id >= 0) {
      flush();
      symbols.push_back(id);
      continue;
    }
    const auto fallback = [&](char byte) {
      return fallback_ids_[static_cast<unsigned char>(byte)];
    };
    if (spec_->byte_fallback && std::all_of(character.begin(), character.end(),
                                            [&](char byte) { return fallback(byte) >= 0; })) {
      for (const char byte : character) symbols.push_back(fallback(byte));
    } else if (spec_->unk_token) {
      unknown_id();
      if (!spec_->fuse_unk) flush();
      unknown_pending = true;
    }
  }
  flush();
  return symbols;
}

void Bpe::encode(std::string_view word, std::vector<TokenId>& out) const {
  if (spec_->ignore_merges) {
    if (const std::optional<TokenId> id = id_of(word)) {
      out.push_back(*id);
      return;
    }
  }
  const std::vector<TokenId> ids = symbols_of(word);
  const auto count = static_cast<std::uint32_t>(ids.size());
  std::vector<Symbol> symbols(count);
  std::vector<Candidate> heap;
  heap.reserve(count);
  const auto propose = [&](std::uint32_t left, std::uint32_t right) {
    const MergeTable::Merge* merge = merges_.find(symbols[left].id, symbols[right].id);
    if (merge == nullptr) return false;
    heap.push_back({merge->rank, left, merge->result});
    return true;
  };
  for (std::uint32_t i = 0; i < count; ++i)
    symbols[i] = {ids[i], i == 0 ? kNoSymbol : i - 1, i + 1 < count ? i + 1 : kNoSymbol};
  for (std::uint32_t i = 0; i + 1 < count; ++i) propose(i, i + 1);
  std::make_heap(heap.begin(), heap.end(), later);

  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const Candidate best = heap.back();
    heap.pop_back();
    Symbol& left = symbols[best.position];
    if (left.removed || left.next == kNoSymbol) continue;
    Symbol& right = symbols[left.next];
    // A stale candidate is one whose symbols have changed, unless they still merge into the same
    // token.
    const MergeTable::Merge* merge = merges_.find(left.id, right.id);
    if (merge == nullptr || merge->result != best.result) continue;

    left.id = best.result;
    left.next = right.next;
    right.removed = true;
    if (left.next != kNoSymbol) symbols[left.next].previous = best.position;
    if (left.previous != kNoSymbol && propose(left.previous, best.position))
      std::push_heap(heap.begin(), heap.end(), later);
    if (left.next != kNoSymbol && propose(best.position, left.next))
      std::push_heap(heap.begin(), heap.end(), later);
  }
  for (std::uint32_t i = 0; i != kNoSymbol && i < count; i = symbols[i].next)
    out.push_back(symbols[i].id);
}

}  // namespace quorum::tok
