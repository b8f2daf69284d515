#include "engine/tokenizer/read_spec.h"

#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_reader.h"

namespace quorum::tok {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxSteps = 256;
constexpr const char* kOtherTokenizers =
    "byte-level and SentencePiece-like BPE tokenizers run here; evaluate this model through an "
    "endpoint instead";

std::string type_of(const Field& field) { return field.at("type").as_string(); }

[[noreturn]] void unsupported(const Field& field, const std::string& what,
                              const std::string& type) {
  field.fail(what + " `" + type + "` is not supported", kOtherTokenizers);
}

PatternSpec read_pattern(const Field& field) {
  if (field.has("String")) return {false, field.at("String").as_string()};
  if (field.has("Regex")) return {true, field.at("Regex").as_string()};
  field.fail("a pattern is {\"String\": …} or {\"Regex\": …}");
}

SplitBehavior read_behavior(const Field& field) {
  const std::string name = field.as_string();
  if (name == "Removed") return SplitBehavior::kRemoved;
  if (name == "Isolated") return SplitBehavior::kIsolated;
  if (name == "MergedWithPrevious") return SplitBehavior::kMergedWithPrevious;
  if (name == "MergedWithNext") return SplitBehavior::kMergedWithNext;
  if (name == "Contiguous") return SplitBehavior::kContiguous;
  field.fail("behavior `" + name + "` is not known");
}

PrependScheme read_prepend_scheme(const Field& field) {
  PrependScheme scheme = PrependScheme::kAlways;
  if (field.has("prepend_scheme")) {
    const std::string name = field.at("prepend_scheme").as_string();
    if (name == "first")
      scheme = PrependScheme::kFirst;
    else if (name == "never")
      scheme = PrependScheme::kNever;
    else if (name != "always")
      field.at("prepend_scheme").fail("prepend scheme `" + name + "` is not known");
  }
  if (!field.bool_or("add_prefix_space", true) && scheme != PrependScheme::kNever)
    field.fail("`add_prefix_space` contradicts `prepend_scheme`");
  return scheme;
}

// Calls `read` for the component, or for every one of a Sequence, to any depth.
template <class Read>
void for_each_step(const Field& field, const char* children, Read read) {
  if (type_of(field) != "Sequence") return read(field);
  const Field list = field.at(children);
  for (std::size_t i = 0; i < list.elements(); ++i) for_each_step(list.element(i), children, read);
}

template <class Step>
Step& append(const Field& field, std::vector<Step>& steps) {
  if (steps.size() >= kMaxSteps)
    field.fail("there are more than " + std::to_string(kMaxSteps) + " components");
  return steps.emplace_back();
}

void read_normalizer(const Field& field, std::vector<NormalizerStep>& steps) {
  using Kind = NormalizerStep::Kind;
  const std::string type = type_of(field);
  NormalizerStep& step = append(field, steps);
  if (type == "NFC") {
    step.kind = Kind::kNfc;
  } else if (type == "NFD") {
    step.kind = Kind::kNfd;
  } else if (type == "NFKC") {
    step.kind = Kind::kNfkc;
  } else if (type == "NFKD") {
    step.kind = Kind::kNfkd;
  } else if (type == "Lowercase") {
    step.kind = Kind::kLowercase;
  } else if (type == "ByteLevel") {
    step.kind = Kind::kByteLevel;
  } else if (type == "Prepend") {
    step.kind = Kind::kPrepend;
    step.content = field.at("prepend").as_string();
  } else if (type == "Replace") {
    step.kind = Kind::kReplace;
    step.pattern = read_pattern(field.at("pattern"));
    step.content = field.at("content").as_string();
  } else if (type == "Strip") {
    step.kind = Kind::kStrip;
    step.strip_left = field.at("strip_left").as_bool();
    step.strip_right = field.at("strip_right").as_bool();
  } else {
    unsupported(field, "normalizer", type);
  }
}

void read_pre_tokenizer(const Field& field, bool has_normalizer,
                        std::vector<PreTokenizerStep>& steps) {
  using Kind = PreTokenizerStep::Kind;
  const std::string type = type_of(field);
  const bool first = steps.empty();
  PreTokenizerStep& step = append(field, steps);
  if (type == "Split") {
    step.kind = Kind::kSplit;
    step.pattern = read_pattern(field.at("pattern"));
    step.behavior = read_behavior(field.at("behavior"));
    step.invert = field.at("invert").as_bool();
  } else if (type == "Digits") {
    step.kind = Kind::kDigits;
    step.behavior = field.at("individual_digits").as_bool() ? SplitBehavior::kIsolated
                                                            : SplitBehavior::kContiguous;
  } else if (type == "Punctuation") {
    step.kind = Kind::kPunctuation;
    if (field.has("behavior")) step.behavior = read_behavior(field.at("behavior"));
  } else if (type == "Whitespace") {
    step.kind = Kind::kWhitespace;
  } else if (type == "WhitespaceSplit") {
    step.kind = Kind::kWhitespaceSplit;
  } else if (type == "CharDelimiterSplit") {
    step.kind = Kind::kDelimiter;
    step.replacement = field.at("delimiter").as_character();
  } else if (type == "ByteLevel") {
    step.kind = Kind::kByteLevel;
    step.add_prefix_space = field.at("add_prefix_space").as_bool();
    step.use_regex = field.bool_or("use_regex", true);
  } else if (type == "Metaspace") {
    step.kind = Kind::kMetaspace;
    step.replacement = field.at("replacement").as_character();
    step.prepend_scheme = read_prepend_scheme(field);
    step.split = field.bool_or("split", true);
    // Where a piece lies in the text as it was read is not tracked through rewriting.
    if (step.prepend_scheme == PrependScheme::kFirst && (has_normalizer || !first))
      field.fail(
          "`prepend_scheme` \"first\" after a normalizer or another pre-tokenizer is not supported",
          kOtherTokenizers);
  } else {
    unsupported(field, "pre-tokenizer", type);
  }
}

void read_decoder(const Field& field, std::vector<DecoderStep>& steps) {
  using Kind = DecoderStep::Kind;
  const std::string type = type_of(field);
  DecoderStep& step = append(field, steps);
  if (type == "ByteLevel") {
    step.kind = Kind::kByteLevel;
  } else if (type == "ByteFallback") {
    step.kind = Kind::kByteFallback;
  } else if (type == "Fuse") {
    step.kind = Kind::kFuse;
  } else if (type == "Replace") {
    step.kind = Kind::kReplace;
    step.pattern = read_pattern(field.at("pattern"));
    step.content = field.at("content").as_string();
  } else if (type == "Strip") {
    step.kind = Kind::kStrip;
    step.content = field.at("content").as_character();
    step.start = field.at("start").as_int(0, 1 << 20);
    step.stop = field.at("stop").as_int(0, 1 << 20);
  } else if (type == "Metaspace") {
    step.kind = Kind::kMetaspace;
    step.replacement = field.at("replacement").as_character();
    step.drop_first = read_prepend_scheme(field) != PrependScheme::kNever;
  } else {
    unsupported(field, "decoder", type);
  }
}

void read_model(const Field& field, BpeSpec& model) {
  // Files of GPT-2's time have no type.
  const std::string type = field.has("type") ? type_of(field) : "BPE";
  if (type != "BPE") unsupported(field, "model", type);
  if (model.ids.empty()) field.fail("the vocabulary is missing or empty");
  if (field.has("vocab") || field.has("merges"))
    field.fail("`vocab` must be an object, `merges` an array");
  const auto refuse_text = [&](const char* key) {
    if (field.has(key) && !field.at(key).as_string().empty())
      field.fail(std::string("`") + key + "` is not supported", kOtherTokenizers);
  };
  refuse_text("continuing_subword_prefix");
  refuse_text("end_of_word_suffix");
  if (field.has("dropout") &&
      !(field.at("dropout").json().is_number() && field.at("dropout").json().get<double>() == 0))
    field.fail("`dropout` makes tokens random", "set it to null");
  if (field.has("unk_token")) model.unk_token = field.at("unk_token").as_string();
  model.fuse_unk = field.bool_or("fuse_unk", false);
  model.byte_fallback = field.bool_or("byte_fallback", false);
  model.ignore_merges = field.bool_or("ignore_merges", false);
}

// The special token that a post-processor puts before the first text, or "".
std::string read_template_bos(const Field& field) {
  const std::string type = field.has("type") ? type_of(field) : "";
  if (type == "Sequence") {
    const Field list = field.at("processors");
    for (std::size_t i = 0; i < list.elements(); ++i)
      if (std::string bos = read_template_bos(list.element(i)); !bos.empty()) return bos;
  }
  if (type != "TemplateProcessing") return "";
  const Field single = field.at("single");
  if (single.elements() < 2 || !single.element(0).has("SpecialToken")) return "";
  const std::string name = single.element(0).at("SpecialToken").at("id").as_string();
  if (!field.has("special_tokens") || !field.at("special_tokens").has(name.c_str())) return name;
  const Field special = field.at("special_tokens").at(name.c_str());
  if (!special.has("tokens") || special.at("tokens").elements() != 1) return name;
  return special.at("tokens").element(0).as_string();
}

}  // namespace

TokenizerSpec read_tokenizer_json(std::string_view text, const std::string& file) {
  TokenizerSpec spec;
  const json document = parse_bounded(text, file, &spec.model);
  const Field root(document, file + ": ");
  if (root.has("version") && root.at("version").as_string() != "1.0")
    root.fail("version `" + root.at("version").as_string() + "` is not supported");
  if (!root.has("model")) root.fail("the field `model` is missing");
  read_model(root.at("model"), spec.model);
  if (root.has("normalizer"))
    for_each_step(root.at("normalizer"), "normalizers",
                  [&](const Field& step) { read_normalizer(step, spec.normalizer); });
  if (root.has("pre_tokenizer"))
    for_each_step(root.at("pre_tokenizer"), "pretokenizers", [&](const Field& step) {
      read_pre_tokenizer(step, !spec.normalizer.empty(), spec.pre_tokenizer);
    });
  if (root.has("decoder")) {
    spec.decoder.emplace();
    for_each_step(root.at("decoder"), "decoders",
                  [&](const Field& step) { read_decoder(step, *spec.decoder); });
  }
  if (root.has("post_processor")) spec.template_bos = read_template_bos(root.at("post_processor"));
  if (root.has("added_tokens")) {
    const Field list = root.at("added_tokens");
    for (std::size_t i = 0; i < list.elements(); ++i) {
      const Field token = list.element(i);
      token.at("id").as_int(0, kMaxTokenId);
      spec.added_tokens.push_back({token.at("content").as_string(),
                                   token.at("single_word").as_bool(), token.at("lstrip").as_bool(),
                                   token.at("rstrip").as_bool(), token.at("normalized").as_bool(),
                                   token.at("special").as_bool()});
    }
  }
  return spec;
}

}  // namespace quorum::tok
