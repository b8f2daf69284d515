// What tokenizer.json says, as plain data: the reader fills it, the components run it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/decoder_spec.h"

namespace quorum::tok {

// Ids are vector indices later on, so a hostile file must not choose them freely.
inline constexpr std::int64_t kMaxTokenId = (1 << 24) - 1;

// A literal text or an Oniguruma regular expression.
struct PatternSpec {
  bool is_regex = false;
  std::string text;
};

struct NormalizerStep {
  enum class Kind { kNfc, kNfd, kNfkc, kNfkd, kLowercase, kPrepend, kReplace, kStrip, kByteLevel };
  Kind kind = Kind::kNfc;
  PatternSpec pattern;                           // kReplace
  std::string content;                           // kReplace, kPrepend
  bool strip_left = false, strip_right = false;  // kStrip
};

// What becomes of the delimiter when a text is split at it.
enum class SplitBehavior { kRemoved, kIsolated, kMergedWithPrevious, kMergedWithNext, kContiguous };
enum class PrependScheme { kAlways, kFirst, kNever };

struct PreTokenizerStep {
  enum class Kind {
    kSplit,
    kDigits,
    kPunctuation,
    kWhitespace,
    kWhitespaceSplit,
    kDelimiter,
    kByteLevel,
    kMetaspace
  };
  Kind kind = Kind::kSplit;
  PatternSpec pattern;                                // kSplit
  SplitBehavior behavior = SplitBehavior::kIsolated;  // kSplit, kDigits, kPunctuation
  bool invert = false;                                // kSplit
  bool add_prefix_space = false, use_regex = true;    // kByteLevel
  std::string replacement;                            // kMetaspace, kDelimiter: one character
  PrependScheme prepend_scheme = PrependScheme::kAlways;
  bool split = true;  // kMetaspace
};

struct DecoderStep {
  enum class Kind { kByteLevel, kByteFallback, kFuse, kReplace, kStrip, kMetaspace };
  Kind kind = Kind::kByteLevel;
  PatternSpec pattern;               // kReplace
  std::string content;               // kReplace; kStrip: one character
  std::int64_t start = 0, stop = 0;  // kStrip
  std::string replacement;           // kMetaspace: one character
  bool drop_first = true;            // kMetaspace: no space for a replacement in the first token
};

struct AddedToken {
  std::string content;
  bool single_word = false, lstrip = false, rstrip = false, normalized = false, special = false;
  bool operator==(const AddedToken&) const = default;
};

// Strings packed one after another: a vocabulary has hundreds of thousands.
class StringPack {
 public:
  void add(std::string_view text) {
    bytes_ += text;
    ends_.push_back(bytes_.size());
  }
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

struct BpeSpec {
  StringPack vocab;
  std::vector<TokenId> ids;  // of vocab[i]
  StringPack merges;         // left, right, left, right, … by rank
  std::optional<std::string> unk_token;
  bool fuse_unk = false, byte_fallback = false, ignore_merges = false;
};

struct TokenizerSpec {
  std::vector<NormalizerStep> normalizer;
  std::vector<PreTokenizerStep> pre_tokenizer;
  BpeSpec model;
  std::vector<AddedToken>
      added_tokens;  // in the order of the file; their ids follow from the order
  std::optional<std::vector<DecoderStep>> decoder;
  std::string template_bos;  // the special token that the post-processor puts in front of a text;
                             // may be empty
};

// What tokenizer_config.json and special_tokens_map.json add.
struct TokenizerConfig {
  std::vector<std::pair<std::int64_t, AddedToken>> added_tokens;  // added_tokens_decoder, by id
  std::vector<AddedToken> named_tokens;  // bos, eos, unk, pad and the like; special
  std::string bos_text, eos_text, chat_template;
  std::optional<bool> add_bos;
};

}  // namespace quorum::tok
