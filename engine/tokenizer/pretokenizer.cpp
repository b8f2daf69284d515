#include "engine/tokenizer/pretokenizer.h"

#include <algorithm>
#include <functional>

#include "engine/tokenizer/unicode.h"

namespace quorum::tok {

namespace {

// The pattern of GPT-2, which ByteLevel applies when `use_regex` is set.
constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

using Span = Words::Span;

// Joins parts as the behavior says and drops what is then empty. `offset` is added to every part.
void join_parts(const std::vector<Part>& parts, SplitBehavior behavior, std::size_t offset,
                std::vector<Span>& out) {
  const auto emit = [&](std::size_t begin, std::size_t end) {
    if (begin < end) out.push_back({begin + offset, end + offset});
  };
  switch (behavior) {
    case SplitBehavior::kIsolated:
      for (const Part& part : parts) emit(part.begin, part.end);
      return;
    case SplitBehavior::kRemoved:
      for (const Part& part : parts)
        if (!part.is_match) emit(part.begin, part.end);
      return;
    default: break;
  }
  std::vector<Part> joined;
  bool previous_match = false;
  const bool backwards = behavior == SplitBehavior::kMergedWithNext;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[backwards ? parts.size() - 1 - i : i];
    const bool joins = !joined.empty() &&
                       (behavior == SplitBehavior::kContiguous ? part.is_match == previous_match
                                                               : part.is_match && !previous_match);
    if (!joins)
      joined.push_back(part);
    else if (backwards)
      joined.back().begin = part.begin;
    else
      joined.back().end = part.end;
    previous_match = part.is_match;
  }
  if (backwards) std::reverse(joined.begin(), joined.end());
  for (const Part& part : joined) emit(part.begin, part.end);
}

// Every character that satisfies `is_delimiter` as a match of its own.
template <class Predicate>
std::vector<Part> parts_by_char(std::string_view text, Predicate is_delimiter) {
  std::vector<Part> parts;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (!is_delimiter(next_char(text, at))) continue;
    if (done < begin) parts.push_back({done, begin, false});
    parts.push_back({begin, at, true});
    done = at;
  }
  if (done < text.size()) parts.push_back({done, text.size(), false});
  return parts;
}

// Replaces every span by what `find` and the behavior make of it.
template <class Find>
void split_spans(Words& words, SplitBehavior behavior, Find find) {
  std::vector<Span> spans;
  spans.reserve(words.spans.size());
  for (std::size_t i = 0; i < words.spans.size(); ++i)
    join_parts(find(words[i]), behavior, words.spans[i].begin, spans);
  words.spans = std::move(spans);
}

// Rewrites every word: `rewrite(i, word, out)` appends the new text.
template <class Rewrite>
void rewrite_words(Words& words, const MatchScratch& scratch, Rewrite rewrite) {
  Words out;
  out.text.reserve(words.text.size() + words.text.size() / 4);
  out.spans.reserve(words.spans.size());
  for (std::size_t i = 0; i < words.spans.size(); ++i) {
    const std::size_t begin = out.text.size();
    rewrite(i, words[i], out.text);
    scratch.check_size(out.text.size());
    if (begin < out.text.size()) out.spans.push_back({begin, out.text.size()});
  }
  words = std::move(out);
}

// \w+ and runs of other visible characters.
std::vector<Part> whitespace_parts(std::string_view text) {
  std::vector<Part> parts;
  int current = -1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_char(text, at);
    const int kind = is_word(c) ? 1 : is_white_space(c) ? 0 : 2;
    if (kind == current)
      parts.back().end = at;
    else
      parts.push_back({begin, at, kind == 0});
    current = kind;
  }
  return parts;
}

void metaspace(const PreTokenizerStep& step, bool at_start, const MatchScratch& scratch,
               Words& words) {
  rewrite_words(words, scratch, [&](std::size_t i, std::string_view word, std::string& out) {
    const bool wanted =
        step.prepend_scheme == PrependScheme::kAlways ||
        (step.prepend_scheme == PrependScheme::kFirst && at_start && words.spans[i].begin == 0);
    if (wanted && !word.starts_with(' ') && !word.starts_with(step.replacement))
      out += step.replacement;
    for (const char c : word) {
      if (c == ' ')
        out += step.replacement;
      else
        out += c;
    }
  });
  if (!step.split) return;
  std::size_t at = 0;
  const char32_t replacement = next_char(step.replacement, at);
  split_spans(words, SplitBehavior::kMergedWithNext, [&](std::string_view word) {
    return parts_by_char(word, [&](char32_t c) { return c == replacement; });
  });
}

}  // namespace

PreTokenizer::PreTokenizer(const std::vector<PreTokenizerStep>& steps, const std::string& file) {
  using Kind = PreTokenizerStep::Kind;
  for (const PreTokenizerStep& step : steps) {
    Step& added = steps_.emplace_back(Step{step, std::nullopt});
    if (step.kind == Kind::kSplit)
      added.pattern.emplace(step.pattern, file + ": pattern of pre-tokenizer `Split`");
    if (step.kind == Kind::kByteLevel && step.use_regex)
      added.pattern.emplace(PatternSpec{true, std::string(kGpt2Pattern)}, "the pattern of GPT-2");
  }
}

Words PreTokenizer::split(std::string_view piece, bool at_start, MatchScratch& scratch) const {
  using Kind = PreTokenizerStep::Kind;
  Words words;
  if (piece.empty()) return words;
  words.text = piece;
  words.spans = {{0, piece.size()}};
  for (const Step& step : steps_) {
    const PreTokenizerStep& spec = step.spec;
    switch (spec.kind) {
      case Kind::kSplit:
        split_spans(words, spec.behavior, [&](std::string_view word) {
          std::vector<Part> parts = step.pattern->parts(word, scratch);
          if (spec.invert)
            for (Part& part : parts) part.is_match = !part.is_match;
          return parts;
        });
        break;
      case Kind::kDigits:
        split_spans(words, spec.behavior,
                    [](std::string_view word) { return parts_by_char(word, is_numeric); });
        break;
      case Kind::kPunctuation:
        split_spans(words, spec.behavior,
                    [](std::string_view word) { return parts_by_char(word, is_punctuation); });
        break;
      case Kind::kWhitespace: split_spans(words, SplitBehavior::kRemoved, whitespace_parts); break;
      case Kind::kWhitespaceSplit:
        split_spans(words, SplitBehavior::kRemoved,
                    [](std::string_view word) { return parts_by_char(word, is_white_space); });
        break;
      case Kind::kDelimiter: {
        std::size_t at = 0;
        const char32_t delimiter = next_char(spec.replacement, at);
        split_spans(words, SplitBehavior::kRemoved, [&](std::string_view word) {
          return parts_by_char(word, [&](char32_t c) { return c == delimiter; });
        });
        break;
      }
      case Kind::kByteLevel:
        if (spec.add_prefix_space)
          rewrite_words(words, scratch, [](std::size_t, std::string_view word, std::string& out) {
            if (!word.starts_with(' ')) out += ' ';
            out += word;
          });
        if (spec.use_regex)
          split_spans(words, SplitBehavior::kIsolated,
                      [&](std::string_view word) { return step.pattern->parts(word, scratch); });
        rewrite_words(words, scratch, [](std::size_t, std::string_view word, std::string& out) {
          for (const char byte : word) out += byte_alphabet()[static_cast<unsigned char>(byte)];
        });
        break;
      case Kind::kMetaspace: metaspace(spec, at_start, scratch, words); break;
    }
  }
  return words;
}

}  // namespace quorum::tok
