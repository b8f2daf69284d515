// Byte-level BPE read from tokenizer.json as it stands, equal to Hugging Face tokenizers, id for
// id.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/decoder_spec.h"

namespace quorum {

class Tokenizer {
 public:
  // Reads tokenizer.json and, for BOS and the template, tokenizer_config.json of a checkpoint.
  // Throws Error(kData); a component that it cannot run exactly is refused by name.
  static Tokenizer load(const std::filesystem::path& directory);
  // The same from memory; `file` is named in errors. The config text may be empty.
  static Result<Tokenizer> parse(std::string_view tokenizer_json,
                                 std::string_view tokenizer_config_json, const std::string& file);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  // Added and special tokens in the text become their ids; no BOS is added. Malformed UTF-8 is
  // replaced by U+FFFD first. Thread-safe. Throws Error(kUsage) for more than 64 MiB, and
  // Error(kData) when a pattern or a step of the file backtracks or grows a text without end, or a
  // character needs an unknown token that the vocabulary lacks.
  std::vector<TokenId> encode(std::string_view text) const;
  // All tokens, special ones as their text; malformed UTF-8 becomes U+FFFD. An id outside the
  // vocabulary gives nothing.
  std::string decode(const std::vector<TokenId>& ids, bool skip_special = false) const;
  // The raw bytes of one token (a special token's text); an unknown id gives nothing. `first`:
  // without what decode() drops at the beginning of a text, which is the leading space of
  // SentencePiece-like vocabularies.
  std::string token_bytes(TokenId id, bool first = false) const;

  std::optional<TokenId> id_of(std::string_view token) const;
  bool is_special(TokenId id) const;
  int vocab_size() const;  // the largest id + 1

  // From tokenizer_config.json: whether an encoded text should begin with BOS, and which token that
  // is.
  bool adds_bos() const;
  std::optional<TokenId> bos_id() const;
  std::optional<TokenId> eos_id() const;
  const std::string& bos_text() const;
  const std::string& eos_text() const;
  // The chat template of tokenizer_config.json (a string, or the entry named "default" of a list);
  // empty: none.
  const std::string& config_chat_template() const;

 private:
  struct Impl;
  explicit Tokenizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Turns a stream of token ids into text as it becomes whole: bytes that begin an unfinished UTF-8
// sequence wait for the next token.
class StreamDecoder {
 public:
  explicit StreamDecoder(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}
  std::string push(TokenId id);
  // What is left at the end; malformed bytes become U+FFFD.
  std::string finish();

 private:
  const Tokenizer& tokenizer_;
  std::string pending_;
  bool first_ = true;
};

}  // namespace quorum
