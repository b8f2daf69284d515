// Splits a normalized text into the words that the model sees one by one: the pre-tokenizers of
// tokenizer.json, in order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/pattern.h"
#include "engine/tokenizer/spec.h"

namespace quorum::tok {

// Words as parts of one text, in order; what lies between them is dropped.
struct Words {
  struct Span {
    std::size_t begin = 0, end = 0;
  };
  std::string text;
  std::vector<Span> spans;

  std::string_view operator[](std::size_t i) const {
    return std::string_view(text).substr(spans[i].begin, spans[i].end - spans[i].begin);
  }
};

class PreTokenizer {
 public:
  // Throws Error(kData) naming `file` when a pattern does not compile.
  PreTokenizer(const std::vector<PreTokenizerStep>& steps, const std::string& file);

  // `piece` must be valid UTF-8; `at_start`: it begins where the whole text begins. Thread-safe.
  Words split(std::string_view piece, bool at_start, MatchScratch& scratch) const;

 private:
  struct Step {
    PreTokenizerStep spec;
    std::optional<Pattern> pattern;
  };
  std::vector<Step> steps_;
};

}  // namespace quorum::tok
