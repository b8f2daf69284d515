// Turns tokens back into text: the decoders of tokenizer.json, in order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/pattern.h"
#include "engine/tokenizer/spec.h"

namespace quorum::tok {

class Decoder {
 public:
  // nullopt: tokens are joined by spaces, as Hugging Face does without a decoder. Throws
  // Error(kData) naming `file`.
  Decoder(const std::optional<std::vector<DecoderStep>>& steps, const std::string& file);

  // The text of all tokens, valid UTF-8. Thread-safe.
  std::string decode(std::vector<std::string> tokens) const;
  // The bytes of one token, alone they may be no valid UTF-8. `first`: without what decode() strips
  // at the beginning of a text. Thread-safe.
  std::string token_bytes(std::string_view token, bool first) const;

 private:
  struct Step {
    DecoderStep spec;
    std::optional<Pattern> pattern;
  };
  bool joined_by_space_ = false;
  std::vector<Step> steps_;
};

}  // namespace quorum::tok
