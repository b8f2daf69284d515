// Rewrites a text before it is split: the normalizers of tokenizer.json, in order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/pattern.h"
#include "engine/tokenizer/spec.h"

namespace quorum::tok {

class Normalizer {
 public:
  // Throws Error(kData) naming `file` when a pattern does not compile.
  Normalizer(const std::vector<NormalizerStep>& steps, const std::string& file);

  bool empty() const { return steps_.empty(); }
  // `text` must be valid UTF-8. Thread-safe. Throws Error(kData) for a Replace that inserts in
  // front of the text.
  std::string apply(std::string_view text, MatchScratch& scratch) const;

 private:
  struct Step {
    NormalizerStep spec;
    std::optional<Pattern> pattern;
  };
  std::vector<Step> steps_;
  std::string file_;
};

}  // namespace quorum::tok
