// A literal text or a regular expression, found in a text from left to right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/regex.h"
#include "engine/tokenizer/spec.h"

namespace quorum::tok {

// A part [begin, end) of a text that is a match, or lies between matches.
struct Part {
  std::size_t begin = 0, end = 0;
  bool is_match = false;
};

class Pattern {
 public:
  // Throws Error(kData): `where` names file and field.
  Pattern(const PatternSpec& spec, const std::string& where);

  // The matches and what lies between them, in order, covering the text; empty matches are
  // included.
  std::vector<Part> parts(std::string_view text, MatchScratch& scratch) const;
  // Whether it matches nothing at the beginning of a text.
  bool starts_empty(std::string_view text, MatchScratch& scratch) const;
  // The text with every match replaced.
  std::string replace(std::string_view text, std::string_view content, MatchScratch& scratch) const;

 private:
  std::string literal_;         // used when there is no regex
  std::optional<Regex> regex_;  // also for an empty literal, which matches everywhere
};

}  // namespace quorum::tok
