#include "engine/tokenizer/added_tokens.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "engine/tokenizer/unicode.h"

namespace quorum::tok {

namespace {

// The search looks at as many bytes at every position of a text.
constexpr std::size_t kMaxTokenBytes = 1024;

}  // namespace

TextSet::TextSet(std::vector<std::string> texts) {
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return texts[a] < texts[b]; });
  for (const std::size_t i : order) {
    texts_.push_back(std::move(texts[i]));
    index_.push_back(i);
  }
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    Range& range = by_first_byte_[static_cast<unsigned char>(texts_[i][0])];
    if (range.begin == range.end) range.begin = i;
    range.end = i + 1;
  }
}

std::optional<TextSet::Match> TextSet::find(std::string_view text, std::size_t from) const {
  if (texts_.empty()) return std::nullopt;
  for (std::size_t at = from; at < text.size(); ++at) {
    Range range = by_first_byte_[static_cast<unsigned char>(text[at])];
    std::optional<Match> best;
    // The texts that agree with the first `depth` bytes are a range that shrinks; the one that ends
    // there stands first.
    for (std::size_t depth = 1; range.begin < range.end; ++depth) {
      if (texts_[range.begin].size() == depth) {
        best = Match{at, at + depth, index_[range.begin]};
        ++range.begin;
      }
      if (at + depth >= text.size()) break;
      const auto wanted = static_cast<unsigned char>(text[at + depth]);
      const auto first = texts_.begin() + static_cast<std::ptrdiff_t>(range.begin);
      const auto last = texts_.begin() + static_cast<std::ptrdiff_t>(range.end);
      const auto byte = [&](const std::string& candidate) {
        return static_cast<unsigned char>(candidate[depth]);
      };
      const auto low = std::partition_point(
          first, last, [&](const std::string& candidate) { return byte(candidate) < wanted; });
      const auto high = std::partition_point(
          low, last, [&](const std::string& candidate) { return byte(candidate) <= wanted; });
      range = {static_cast<std::size_t>(low - texts_.begin()),
               static_cast<std::size_t>(high - texts_.begin())};
    }
    if (best) return best;
  }
  return std::nullopt;
}

TokenId AddedTokens::next_id(const Bpe& model) const {
  return std::max(largest_id_ + 1, static_cast<TokenId>(model.size()));
}

void AddedTokens::add(const AddedToken& token, const Bpe& model) {
  if (token.content.empty()) return;
  const TokenId id =
      id_of(token.content).value_or(model.id_of(token.content).value_or(next_id(model)));
  if (const auto known = by_id_.find(id);
      known != by_id_.end() && known->second.normalized != token.normalized)
    flipped_ = token.content;
  largest_id_ = std::max(largest_id_, id);
  ids_[token.content] = id;
  by_id_[id] = token;
  if (token.special) special_texts_.insert(token.content);
}

void AddedTokens::finish(const Normalizer& normalizer, const Bpe& model, const std::string& file) {
  const auto fail = [&](const std::string& because) {
    throw Error(ErrorKind::kData, file + ": added_tokens", because);
  };
  if (!flipped_.empty() && !normalizer.empty())
    fail("token `" + flipped_ + "` is there twice, once normalized and once not");
  std::vector<std::string> raw_texts, normalized_texts;
  std::unordered_map<std::string, std::string> owners;
  for (const auto& [id, token] : by_id_) {
    if (id > kMaxTokenId) fail("there are too many tokens");
    if (token.content.size() > kMaxTokenBytes)
      fail("token `" + token.content.substr(0, 80) + "…` is longer than " +
           std::to_string(kMaxTokenBytes) + " bytes");
    const std::optional<std::string_view> other = model.text_of(id);
    if (other && *other != token.content)
      fail("token `" + token.content + "` would take the id " + std::to_string(id) + " of `" +
           std::string(*other) + "`");
    (token.normalized ? normalized_ : raw_).ids.push_back(id);
    if (!token.normalized) {
      raw_texts.push_back(token.content);
      continue;
    }
    MatchScratch scratch(token.content.size());
    const std::string& text =
        normalized_texts.emplace_back(normalizer.apply(token.content, scratch));
    if (text.empty()) fail("token `" + token.content + "` is empty after the normalizer");
    const auto [owner, is_new] = owners.emplace(text, token.content);
    if (!is_new)
      fail("tokens `" + owner->second + "` and `" + token.content +
           "` are the same after the normalizer");
    normalized_texts_[id] = text;
  }
  raw_.texts = TextSet(std::move(raw_texts));
  normalized_.texts = TextSet(std::move(normalized_texts));
}

std::vector<AddedTokens::Piece> AddedTokens::split(std::string_view text, bool normalized) const {
  const Matcher& matcher = normalized ? normalized_ : raw_;
  std::vector<Piece> pieces;
  // Where the text that no piece covers yet begins. A token that takes the space on its right may
  // reach beyond the next match, which then begins before `done` and still counts.
  std::size_t done = 0;
  // The run of white space that the last rstrip took: looked at once, however many tokens lie in
  // it.
  std::size_t space_begin = 0, space_end = 0;
  for (std::size_t from = 0;
       const std::optional<TextSet::Match> match = matcher.texts.find(text, from);) {
    from = match->end;
    std::size_t begin = match->begin, end = match->end;
    const TokenId id = matcher.ids[match->index];
    const AddedToken& token = by_id_.at(id);
    if (token.single_word) {
      std::size_t before = begin, after = end;
      if ((begin > 0 && is_word(previous_char(text, before))) ||
          (end < text.size() && is_word(next_char(text, after))))
        continue;
    }
    if (token.lstrip) {
      std::size_t at = begin;
      while (at > done && is_white_space(previous_char(text, at))) begin = at;
      begin = std::max(begin, done);
    }
    if (token.rstrip) {
      if (end >= space_begin && end < space_end) {
        end = space_end;
      } else {
        space_begin = end;
        for (std::size_t at = end; at < text.size() && is_white_space(next_char(text, at));)
          end = at;
        space_end = end;
      }
    }
    if (done < begin) pieces.push_back({done, begin, -1});
    if (begin < end) pieces.push_back({begin, end, id});
    done = end;
  }
  if (done < text.size()) pieces.push_back({done, text.size(), -1});
  return pieces;
}

std::optional<TokenId> AddedTokens::id_of(std::string_view content) const {
  const auto found = ids_.find(std::string(content));
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string_view> AddedTokens::text_of(TokenId id) const {
  if (const auto text = normalized_texts_.find(id); text != normalized_texts_.end())
    return text->second;
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second.content;
}

}  // namespace quorum::tok
