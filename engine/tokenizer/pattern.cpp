#include "engine/tokenizer/pattern.h"

#include <utility>

#include "base/error.h"

namespace quorum::tok {

Pattern::Pattern(const PatternSpec& spec, const std::string& where) : literal_(spec.text) {
  if (spec.is_regex || spec.text.empty()) regex_.emplace(spec.text, where);
  if (literal_.size() > kMaxPatternBytes)
    throw Error(ErrorKind::kData, where,
                "the pattern is longer than " + std::to_string(kMaxPatternBytes) + " bytes");
}

std::vector<Part> Pattern::parts(std::string_view text, MatchScratch& scratch) const {
  std::vector<Part> parts;
  std::size_t done = 0;
  const auto found = [&](std::size_t begin, std::size_t end) {
    if (done != begin) parts.push_back({done, begin, false});
    parts.push_back({begin, end, true});
    done = end;
  };
  if (text.empty()) return {};
  if (regex_) {
    regex_->for_each_match(text, scratch, found);
  } else {
    for (std::size_t at; (at = text.find(literal_, done)) != std::string_view::npos;)
      found(at, at + literal_.size());
  }
  if (done != text.size()) parts.push_back({done, text.size(), false});
  return parts;
}

bool Pattern::starts_empty(std::string_view text, MatchScratch& scratch) const {
  bool first = true, empty = false;
  const auto found = [&](std::size_t begin, std::size_t end) {
    if (std::exchange(first, false)) empty = begin == 0 && end == 0;
  };
  if (regex_) regex_->for_each_match(text, scratch, found);
  return empty;
}

std::string Pattern::replace(std::string_view text, std::string_view content,
                             MatchScratch& scratch) const {
  std::string out;
  out.reserve(text.size());
  for (const Part& part : parts(text, scratch)) {
    out += part.is_match ? content : text.substr(part.begin, part.end - part.begin);
    scratch.check_size(out.size());
  }
  return out;
}

}  // namespace quorum::tok
