// Tokens outside the model's vocabulary, or of it but marked: found in a text before anything else
// is done to it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/tokenizer/bpe.h"
#include "engine/tokenizer/normalizer.h"
#include "engine/tokenizer/spec.h"

namespace quorum::tok {

// Texts, found leftmost first and of those the longest.
class TextSet {
 public:
  // No text may be empty or there twice.
  explicit TextSet(std::vector<std::string> texts = {});

  struct Match {
    std::size_t begin = 0, end = 0;
    std::size_t index = 0;  // into the texts as given
  };
  // The first match that begins at or after `from`.
  std::optional<Match> find(std::string_view text, std::size_t from) const;

 private:
  std::vector<std::string> texts_;  // sorted
  std::vector<std::size_t> index_;
  struct Range {
    std::size_t begin = 0, end = 0;
  };
  std::array<Range, 256> by_first_byte_;
};

class AddedTokens {
 public:
  // A part [begin, end) of a text: a token, or text between tokens (id -1).
  struct Piece {
    std::size_t begin = 0, end = 0;
    TokenId id = -1;
  };

  // Adds a token as Hugging Face does: a token of the model keeps its id, another one gets the next
  // free id; one that is there already takes the new properties.
  void add(const AddedToken& token, const Bpe& model);
  // Prepares the search. Throws Error(kData) naming `file`.
  void finish(const Normalizer& normalizer, const Bpe& model, const std::string& file);

  // Splits at the tokens that match the text as it stands, or (`normalized`) the normalized text.
  // Parts without a token that are empty are left out.
  std::vector<Piece> split(std::string_view text, bool normalized) const;

  std::optional<TokenId> id_of(std::string_view content) const;
  // What decoding shows for it: the content, normalized for a token that is matched normalized.
  // nullopt: not an added token.
  std::optional<std::string_view> text_of(TokenId id) const;
  bool is_special_text(std::string_view content) const {
    return special_texts_.contains(std::string(content));
  }
  const std::unordered_map<TokenId, AddedToken>& by_id() const { return by_id_; }

 private:
  struct Matcher {
    TextSet texts;
    std::vector<TokenId> ids;
  };
  TokenId next_id(const Bpe& model) const;

  std::unordered_map<std::string, TokenId> ids_;
  std::unordered_map<TokenId, AddedToken> by_id_;
  std::unordered_map<TokenId, std::string> normalized_texts_;
  std::unordered_set<std::string> special_texts_;
  TokenId largest_id_ = -1;
  std::string flipped_;  // a token that was added both to be matched normalized and as it stands
  Matcher raw_, normalized_;
};

}  // namespace quorum::tok
