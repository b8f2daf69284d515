#include "engine/tokenizer/decoder.h"

#include <algorithm>

#include "base/text.h"
#include "engine/tokenizer/unicode.h"

namespace quorum::tok {

namespace {

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// The byte of `<0x41>`. Hugging Face reads the two characters as Rust does a number, where a plus
// sign may come first.
std::optional<char> fallback_byte(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return std::nullopt;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
  };
  const int high = token[3] == '+' ? 0 : digit(token[3]), low = digit(token[4]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high << 4 | low);
}

// Runs of byte tokens become their text, or one U+FFFD a byte when they are no valid UTF-8.
std::vector<std::string> join_bytes(std::vector<std::string> tokens) {
  std::vector<std::string> out;
  std::string bytes;
  const auto flush = [&] {
    if (bytes.empty()) return;
    if (is_valid_utf8(bytes))
      out.push_back(bytes);
    else
      out.insert(out.end(), bytes.size(), std::string(kReplacementCharacter));
    bytes.clear();
  };
  for (std::string& token : tokens) {
    if (const std::optional<char> byte = fallback_byte(token)) {
      bytes += *byte;
      continue;
    }
    flush();
    out.push_back(std::move(token));
  }
  flush();
  return out;
}

std::string strip(std::string_view token, const DecoderStep& step, bool at_end) {
  for (std::int64_t i = 0; i < step.start && token.starts_with(step.content); ++i)
    token.remove_prefix(step.content.size());
  for (std::int64_t i = 0; at_end && i < step.stop && token.ends_with(step.content); ++i)
    token.remove_suffix(step.content.size());
  return std::string(token);
}

std::string without_metaspace(std::string_view token, const DecoderStep& step, bool first) {
  return replace_all(token, step.replacement, first && step.drop_first ? "" : " ");
}

std::string concatenate(const std::vector<std::string>& tokens) {
  std::string out;
  for (const std::string& token : tokens) out += token;
  return out;
}

}  // namespace

Decoder::Decoder(const std::optional<std::vector<DecoderStep>>& steps, const std::string& file)
    : joined_by_space_(!steps) {
  if (!steps) return;
  for (const DecoderStep& step : *steps) {
    Step& added = steps_.emplace_back(Step{step, std::nullopt});
    if (step.kind == DecoderStep::Kind::kReplace)
      added.pattern.emplace(step.pattern, file + ": pattern of decoder `Replace`");
  }
}

std::string Decoder::decode(std::vector<std::string> tokens) const {
  using Kind = DecoderStep::Kind;
  if (joined_by_space_) return join(tokens, " ");
  std::size_t bytes = 0;
  for (const std::string& token : tokens) bytes += token.size();
  MatchScratch scratch(bytes);
  for (const Step& step : steps_) {
    switch (step.spec.kind) {
      case Kind::kByteLevel: {
        std::string raw;
        for (const std::string& token : tokens) raw += alphabet_to_bytes(token).value_or(token);
        tokens = {sanitize_utf8(raw)};
        break;
      }
      case Kind::kByteFallback: tokens = join_bytes(std::move(tokens)); break;
      case Kind::kFuse: tokens = {concatenate(tokens)}; break;
      case Kind::kReplace: {
        std::size_t total = 0;
        for (std::string& token : tokens) {
          token = step.pattern->replace(token, step.spec.content, scratch);
          scratch.check_size(total += token.size());
        }
        break;
      }
      case Kind::kStrip:
        for (std::string& token : tokens) token = strip(token, step.spec, true);
        break;
      case Kind::kMetaspace:
        for (std::size_t i = 0; i < tokens.size(); ++i)
          tokens[i] = without_metaspace(tokens[i], step.spec, i == 0);
        break;
    }
  }
  return concatenate(tokens);
}

std::string Decoder::token_bytes(std::string_view token, bool first) const {
  using Kind = DecoderStep::Kind;
  if (joined_by_space_) return (first ? "" : " ") + std::string(token);
  std::string text(token);
  bool fused = false;
  for (const Step& step : steps_) {
    switch (step.spec.kind) {
      case Kind::kByteLevel: text = alphabet_to_bytes(text).value_or(text); break;
      case Kind::kByteFallback:
        if (const std::optional<char> byte = fallback_byte(text)) text = *byte;
        break;
      case Kind::kFuse: fused = true; break;
      case Kind::kReplace: {
        if (!is_valid_utf8(text)) break;
        MatchScratch scratch(text.size());
        text = step.pattern->replace(text, step.spec.content, scratch);
        break;
      }
      case Kind::kStrip:
        if (!fused || first) text = strip(text, step.spec, !fused);
        break;
      case Kind::kMetaspace: text = without_metaspace(text, step.spec, first); break;
    }
  }
  return text;
}

}  // namespace quorum::tok
