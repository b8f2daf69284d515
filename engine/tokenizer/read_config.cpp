#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_reader.h"
#include "engine/tokenizer/read_spec.h"

namespace quorum::tok {

using nlohmann::json;

namespace {

constexpr const char* kNamedTokens[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                        "pad_token", "cls_token", "mask_token"};

// A token as {"content": …} with the defaults of transformers, or as its text, which is then
// special.
AddedToken read_token(const Field& field, bool special) {
  if (field.json().is_string()) return {.content = field.as_string(), .special = special};
  AddedToken token{.content = field.at("content").as_string()};
  token.single_word = field.bool_or("single_word", false);
  token.lstrip = field.bool_or("lstrip", false);
  token.rstrip = field.bool_or("rstrip", false);
  token.special = field.bool_or("special", special);
  token.normalized = field.bool_or("normalized", !token.special);
  return token;
}

std::string read_chat_template(const Field& field) {
  if (field.json().is_string()) return field.as_string();
  for (std::size_t i = 0; i < field.elements(); ++i)
    if (field.element(i).at("name").as_string() == "default")
      return field.element(i).at("template").as_string();
  return "";
}

std::int64_t read_id(const Field& field, const std::string& key) {
  const bool digits =
      !key.empty() && key.size() <= 9 &&
      std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::int64_t id = digits ? std::stoll(key) : kMaxTokenId + 1;
  if (id > kMaxTokenId)
    field.fail("`" + key.substr(0, 40) + "` is not a token id from 0 to " +
               std::to_string(kMaxTokenId));
  return id;
}

void read_file(const Field& root, TokenizerConfig& config) {
  const auto take_text = [&](const char* key, std::string& text) {
    if (text.empty() && root.has(key)) text = read_token(root.at(key), true).content;
  };
  take_text("bos_token", config.bos_text);
  take_text("eos_token", config.eos_text);
  for (const char* key : kNamedTokens)
    if (root.has(key)) config.named_tokens.push_back(read_token(root.at(key), true));
  if (root.has("additional_special_tokens")) {
    const Field list = root.at("additional_special_tokens");
    for (std::size_t i = 0; i < list.elements(); ++i)
      config.named_tokens.push_back(read_token(list.element(i), true));
  }
}

json read_object(std::string_view text, const std::string& file) {
  if (text.empty()) return json::object();
  json document = parse_bounded(text, file);
  if (!document.is_object()) throw Error(ErrorKind::kData, file, "it must be a JSON object");
  return document;
}

}  // namespace

TokenizerConfig read_tokenizer_config(std::string_view config_text, const std::string& config_file,
                                      std::string_view map_text, const std::string& map_file) {
  TokenizerConfig config;
  const json document = read_object(config_text, config_file);
  const Field root(document, config_file + ": ");
  read_file(root, config);
  if (root.has("add_bos_token")) config.add_bos = root.at("add_bos_token").as_bool();
  if (root.has("chat_template"))
    config.chat_template = read_chat_template(root.at("chat_template"));
  if (root.has("added_tokens_decoder")) {
    const Field tokens = root.at("added_tokens_decoder");
    if (!tokens.json().is_object()) tokens.fail("it must be an object");
    for (const auto& [key, value] : tokens.json().items())
      config.added_tokens.emplace_back(read_id(tokens, key),
                                       read_token(Field(value, tokens.path() + "." + key), false));
    std::sort(config.added_tokens.begin(), config.added_tokens.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  const json map = read_object(map_text, map_file);
  read_file(Field(map, map_file + ": "), config);
  return config;
}

}  // namespace quorum::tok
