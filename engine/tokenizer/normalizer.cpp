#include "engine/tokenizer/normalizer.h"

#include "base/error.h"
#include "engine/tokenizer/unicode.h"

namespace quorum::tok {

namespace {

std::string_view strip(std::string_view text, bool left, bool right) {
  if (left) {
    for (std::size_t at = 0; !text.empty(); at = 0) {
      if (!is_white_space(next_char(text, at))) break;
      text.remove_prefix(at);
    }
  }
  if (right) {
    for (std::size_t end = text.size(); !text.empty(); end = text.size()) {
      if (!is_white_space(previous_char(text, end))) break;
      text.remove_suffix(text.size() - end);
    }
  }
  return text;
}

// The reference garbles what such a pattern inserts in front of a text.
void check_start(const Pattern& pattern, std::string_view text, MatchScratch& scratch,
                 const std::string& file) {
  if (pattern.starts_empty(text, scratch))
    throw Error(ErrorKind::kData, file + ": pattern of normalizer `Replace`",
                "it matches the empty text, which is not supported");
}

}  // namespace

Normalizer::Normalizer(const std::vector<NormalizerStep>& steps, const std::string& file)
    : file_(file) {
  for (const NormalizerStep& step : steps) {
    Step& added = steps_.emplace_back(Step{step, std::nullopt});
    if (step.kind != NormalizerStep::Kind::kReplace) continue;
    added.pattern.emplace(step.pattern, file + ": pattern of normalizer `Replace`");
    MatchScratch scratch(0);
    check_start(*added.pattern, "", scratch, file);
  }
}

std::string Normalizer::apply(std::string_view text, MatchScratch& scratch) const {
  using Kind = NormalizerStep::Kind;
  std::string out(text);
  for (const Step& step : steps_) {
    switch (step.spec.kind) {
      case Kind::kNfc: out = normal_form(out, NormalForm::kNfc); break;
      case Kind::kNfd: out = normal_form(out, NormalForm::kNfd); break;
      case Kind::kNfkc: out = normal_form(out, NormalForm::kNfkc); break;
      case Kind::kNfkd: out = normal_form(out, NormalForm::kNfkd); break;
      case Kind::kLowercase: out = lower_case(out); break;
      case Kind::kPrepend:
        if (!out.empty()) out.insert(0, step.spec.content);
        break;
      case Kind::kReplace:
        check_start(*step.pattern, out, scratch, file_);
        out = step.pattern->replace(out, step.spec.content, scratch);
        break;
      case Kind::kStrip:
        out = std::string(strip(out, step.spec.strip_left, step.spec.strip_right));
        break;
      case Kind::kByteLevel: out = bytes_to_alphabet(out); break;
    }
    scratch.check_size(out.size());
  }
  return out;
}

}  // namespace quorum::tok
