// Properties of the tokenizer that need no reference: streams, malformed input, refusals, limits,
// configuration files.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "engine/tokenizer.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using nlohmann::json;

namespace {

// All bytes, and a few merges; ids of bytes are in the order of their characters.
json byte_level_file() {
  json vocab = json::object();
  std::vector<std::string> characters;
  char32_t hidden = 256;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool visible =
        (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    append_utf8(characters.emplace_back(), visible ? byte : hidden++);
  }
  for (std::size_t byte = 0; byte < characters.size(); ++byte) vocab[characters[byte]] = byte;
  vocab["ab"] = 256;
  vocab["abab"] = 257;
  json file;
  file["version"] = "1.0";
  file["pre_tokenizer"] = {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  file["decoder"] = {{"type", "ByteLevel"}};
  file["model"] = {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"a b", "ab ab"}}};
  file["added_tokens"] = json::array();
  return file;
}

json added_token(int id, const std::string& content, bool special) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", special}};
}

Tokenizer parsed(const json& file, const json& config = nullptr) {
  return Tokenizer::parse(file.dump(), config.is_null() ? "" : config.dump(), "tokenizer.json")
      .take();
}

void check_refused(const json& file, const std::string& part, const json& config = nullptr) {
  const Result<Tokenizer> result =
      Tokenizer::parse(file.dump(), config.is_null() ? "" : config.dump(), "tokenizer.json");
  INFO(file.dump().substr(0, 200));
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind() == ErrorKind::kData);
  INFO(result.error().what());
  CHECK(std::string(result.error().what()).find(part) != std::string::npos);
  CHECK(result.error().message().find("tokenizer") == 0);
}

json with(const std::string& field, const json& value) {
  json file = byte_level_file();
  file[field] = value;
  return file;
}

json with_model(const std::string& field, const json& value) {
  json file = byte_level_file();
  file["model"][field] = value;
  return file;
}

}  // namespace

TEST_CASE("malformed UTF-8 is encoded as the replacement character") {
  const Tokenizer tokenizer = parsed(byte_level_file());
  const std::vector<TokenId> replacement = tokenizer.encode("\xEF\xBF\xBD");
  REQUIRE(replacement == std::vector<TokenId>{0xEF, 0xBF, 0xBD});
  CHECK(tokenizer.encode("\xFF") == replacement);
  CHECK(tokenizer.encode("\xC0\x80").size() == 6);           // overlong: two
  CHECK(tokenizer.encode("\xED\xA0\x80").size() == 9);       // a surrogate: three
  CHECK(tokenizer.encode("\xE2\x82") == replacement);        // a truncated sequence is one
  CHECK(tokenizer.encode("\xF4\x90\x80\x80").size() == 12);  // beyond U+10FFFF
  CHECK(tokenizer.encode(std::string_view("a\0b", 3)) == std::vector<TokenId>{'a', 0, 'b'});
}

TEST_CASE("decoding replaces malformed bytes and skips unknown ids") {
  const Tokenizer tokenizer = parsed(byte_level_file());
  CHECK(tokenizer.decode({0xE2, 0x82, 0xAC}) == "€");
  CHECK(tokenizer.decode({0xE2, 0x82}) == "\xEF\xBF\xBD");
  CHECK(tokenizer.decode({0xE2, 'a'}) ==
        "\xEF\xBF\xBD"
        "a");
  CHECK(tokenizer.decode({-1, 'a', 100000, 256}) == "aab");
  CHECK(tokenizer.token_bytes(0xE2) == "\xE2");
  CHECK(tokenizer.token_bytes(-5).empty());
  CHECK(tokenizer.token_bytes(5000).empty());
}

TEST_CASE("a stream holds back unfinished characters only") {
  const Tokenizer tokenizer = parsed(byte_level_file());
  StreamDecoder stream(tokenizer);
  CHECK(stream.push('a') == "a");
  CHECK(stream.push(0xF0).empty());
  CHECK(stream.push(0x9F).empty());
  CHECK(stream.push(0x99).empty());
  CHECK(stream.push(0x82) == "🙂");
  CHECK(stream.push(0xE2).empty());
  CHECK(stream.push('b') ==
        "\xEF\xBF\xBD"
        "b");
  CHECK(stream.push(0x80) == "\xEF\xBF\xBD");
  CHECK(stream.push(0xE2).empty());
  CHECK(stream.finish() == "\xEF\xBF\xBD");
  CHECK(stream.finish().empty());
}

TEST_CASE("merges apply by rank and then from the left") {
  const Tokenizer tokenizer = parsed(byte_level_file());
  CHECK(tokenizer.encode("abab") == std::vector<TokenId>{257});
  CHECK(tokenizer.encode("aabab") == std::vector<TokenId>{'a', 257});
  CHECK(tokenizer.encode("ababab") == std::vector<TokenId>{257, 256});
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.vocab_size() == 258);
}

TEST_CASE("a word of a million characters is encoded in one go") {
  const Tokenizer tokenizer = parsed(byte_level_file());
  std::string text;
  for (int i = 0; i < 500000; ++i) text += "ab";
  const std::vector<TokenId> ids = tokenizer.encode(text);
  CHECK(ids == std::vector<TokenId>(250000, 257));
  CHECK(tokenizer.decode(ids) == text);
}

TEST_CASE("a long run of combining marks is normalized in one go") {
  const Tokenizer tokenizer = parsed(with("normalizer", {{"type", "NFC"}}));
  std::string text = "a";
  for (int i = 0; i < 100000; ++i) text += i % 2 == 0 ? "\u0307" : "\u0323";
  const std::string out = tokenizer.decode(tokenizer.encode(text));
  CHECK(out.starts_with(
      "\u1EA1\u0323\u0323"));  // a with the first dot below; the others are sorted in front
  CHECK(out.ends_with("\u0307\u0307"));
}

TEST_CASE("added tokens are found before anything else and keep their text") {
  json file = byte_level_file();
  file["added_tokens"] = {added_token(258, "<think>", false), added_token(259, "<|end|>", true)};
  const Tokenizer tokenizer = parsed(file);
  CHECK(tokenizer.encode("ab<think>ab<|end|>") == std::vector<TokenId>{256, 258, 256, 259});
  CHECK(tokenizer.decode({256, 258, 259}) == "ab<think><|end|>");
  CHECK(tokenizer.decode({256, 258, 259}, true) == "ab<think>");
  CHECK(tokenizer.token_bytes(259) == "<|end|>");
  CHECK(tokenizer.id_of("<think>") == 258);
  CHECK_FALSE(tokenizer.id_of("<thinking>").has_value());
  CHECK(tokenizer.is_special(259));
  CHECK_FALSE(tokenizer.is_special(258));
  CHECK_FALSE(tokenizer.is_special('a'));
  CHECK(tokenizer.vocab_size() == 260);
}

TEST_CASE("components that do not run exactly are refused by name") {
  check_refused(with("normalizer", {{"type", "BertNormalizer"}}), "BertNormalizer");
  check_refused(with("normalizer", {{"type", "Nmt"}}), "Nmt");
  check_refused(with("normalizer", {{"type", "Precompiled"}, {"precompiled_charsmap", ""}}),
                "Precompiled");
  check_refused(
      with("normalizer", {{"type", "Sequence"},
                          {"normalizers", {{{"type", "NFC"}}, {{"type", "StripAccents"}}}}}),
      "StripAccents");
  check_refused(with("pre_tokenizer", {{"type", "BertPreTokenizer"}}), "BertPreTokenizer");
  check_refused(with("pre_tokenizer", {{"type", "UnicodeScripts"}}), "UnicodeScripts");
  check_refused(with("decoder", {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}}),
                "WordPiece");
  check_refused(with("decoder", {{"type", "CTC"}}), "CTC");
  check_refused(with("decoder", {{"type", "BPEDecoder"}, {"suffix", "</w>"}}), "BPEDecoder");
  check_refused(with("version", "2.0"), "2.0");
  check_refused(with_model("type", "WordPiece"), "WordPiece");
  check_refused(with_model("dropout", 0.1), "dropout");
  check_refused(with_model("end_of_word_suffix", "</w>"), "end_of_word_suffix");
  check_refused(with_model("continuing_subword_prefix", "##"), "continuing_subword_prefix");
  json unigram = byte_level_file();
  unigram["model"] = {
      {"type", "Unigram"},
      {"unk_id", 0},
      {"vocab", json::array({json::array({"<unk>", 0.0}), json::array({"a", -1.5})})}};
  check_refused(unigram, "Unigram");
  check_refused(with("pre_tokenizer", {{"type", "Split"},
                                       {"pattern", {{"Regex", "a"}}},
                                       {"behavior", "Sideways"},
                                       {"invert", false}}),
                "Sideways");
  for (const json& pattern : {json{{"String", ""}}, json{{"Regex", "x*"}}})
    check_refused(with("normalizer", {{"type", "Replace"}, {"pattern", pattern}, {"content", "y"}}),
                  "empty");
  json collision = with("normalizer", {{"type", "Lowercase"}});
  collision["added_tokens"] =
      json::array({added_token(258, "Ab", false), added_token(259, "aB", false)});
  for (json& token : collision["added_tokens"]) token["normalized"] = true;
  check_refused(collision, "same after the normalizer");
  collision["added_tokens"] =
      json::array({added_token(258, "Ab", false), added_token(258, "Ab", false)});
  collision["added_tokens"][1]["normalized"] = true;
  check_refused(collision, "twice");
  json stripped =
      with("normalizer", {{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}});
  stripped["added_tokens"] = json::array({added_token(258, "  ", false)});
  stripped["added_tokens"][0]["normalized"] = true;
  check_refused(stripped, "empty after the normalizer");
  json first = with("pre_tokenizer",
                    {{"type", "Metaspace"}, {"replacement", "_"}, {"prepend_scheme", "first"}});
  first["normalizer"] = {{"type", "NFC"}};
  check_refused(first, "first");
}

TEST_CASE("files that are not what they must be are refused with the field") {
  for (const char* text : {"", "{", "[]", "null", "{\"model\":{}}",
                           "{\"model\":{\"vocab\":{\"a\":0}", "{\"model\":5}", "\xFF"})
    CHECK_FALSE(Tokenizer::parse(text, "", "tokenizer.json").ok());
  check_refused(with_model("vocab", {{"a", 1}, {"b", 1}}), "same id");
  check_refused(with_model("vocab", {{"a", -1}}), "model.vocab");
  check_refused(with_model("vocab", {{"a", 1 << 24}}), "model.vocab");
  check_refused(with_model("vocab", {{"a", 1.5}}), "model.vocab");
  check_refused(with_model("vocab", {{"a", json::array()}}), "model.vocab");
  check_refused(with_model("vocab", json::object()), "vocabulary");
  check_refused(with_model("merges", {"a b", "a nothing"}), "nothing");
  check_refused(with_model("merges", {"a b c"}), "model.merges");
  check_refused(with_model("merges", {"ab"}), "model.merges");
  check_refused(with_model("merges", {{"a", "b", "c"}}), "model.merges");
  check_refused(with_model("merges", {{"a"}}), "model.merges");
  check_refused(with_model("merges", {5}), "model.merges");
  check_refused(with_model("merges", {{{"a", "b"}}}), "model.merges");
  check_refused(with_model("merges", {{json::array({"a"}), "b"}}), "model.merges");
  check_refused(with("added_tokens", {{{"id", 300}}}), "content");
  check_refused(with("added_tokens", json::array({added_token(-1, "x", true)})),
                "added_tokens[0].id");
  check_refused(with("added_tokens", json::array({added_token(258, std::string(2000, 'x'), true)})),
                "longer");
  check_refused(with("pre_tokenizer", {{"type", "Split"},
                                       {"pattern", {{"Regex", "(a"}}},
                                       {"behavior", "Isolated"},
                                       {"invert", false}}),
                "Split");
  check_refused(with("pre_tokenizer", {{"type", "Split"},
                                       {"pattern", {{"Regex", std::string(20000, 'a')}}},
                                       {"behavior", "Isolated"},
                                       {"invert", false}}),
                "longer");
  std::string deep(100000, '[');
  CHECK_FALSE(Tokenizer::parse("{\"x\":" + deep, "", "tokenizer.json").ok());
  CHECK_FALSE(
      Tokenizer::parse("{\"x\":" + deep + std::string(deep.size(), ']') + "}", "", "tokenizer.json")
          .ok());
}

TEST_CASE("a pattern that backtracks without end gives an error and no hang") {
  for (const char* pattern :
       {"(a*)*b", "(a|a)*b", "(?:a?){40}a{40}", "^(([a-z])+.)+[A-Z]([a-z])+$"}) {
    const Tokenizer tokenizer = parsed(with("pre_tokenizer", {{"type", "Split"},
                                                              {"pattern", {{"Regex", pattern}}},
                                                              {"behavior", "Isolated"},
                                                              {"invert", false}}));
    INFO(pattern);
    try {
      tokenizer.encode(std::string(40, 'a') + "!" + std::string(40, 'a'));
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kData);
    }
  }
  const Tokenizer tokenizer = parsed(with("pre_tokenizer", {{"type", "Split"},
                                                            {"pattern", {{"Regex", "(a|aa)+$"}}},
                                                            {"behavior", "Isolated"},
                                                            {"invert", false}}));
  CHECK_THROWS_AS(tokenizer.encode(std::string(200, 'a') + "!"), Error);
}

TEST_CASE("steps that blow a text up end in an error") {
  json doubling = json::array(), levels = json::array();
  for (int i = 0; i < 60; ++i) {
    doubling.push_back({{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", "aa"}});
    levels.push_back({{"type", "ByteLevel"}, {"add_prefix_space", true}, {"use_regex", false}});
  }
  const Tokenizer normalizer =
      parsed(with("normalizer", {{"type", "Sequence"}, {"normalizers", doubling}}));
  CHECK_THROWS_AS(normalizer.encode("banana"), Error);
  CHECK(normalizer.encode("xyz") == std::vector<TokenId>{'x', 'y', 'z'});
  const Tokenizer pre_tokenizer =
      parsed(with("pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", levels}}));
  CHECK_THROWS_AS(pre_tokenizer.encode("é"), Error);
  const Tokenizer decoder = parsed(with("decoder", {{"type", "Sequence"}, {"decoders", doubling}}));
  CHECK_THROWS_AS(decoder.decode({'a'}), Error);
}

TEST_CASE("tokenizer_config.json gives BOS and EOS and the chat template in all its forms") {
  json file = byte_level_file();
  file["added_tokens"] = {added_token(258, "<s>", true), added_token(259, "</s>", true)};
  const json as_object = {{"__type", "AddedToken"}, {"content", "</s>"}, {"lstrip", false}};
  const Tokenizer tokenizer = parsed(file, {{"add_bos_token", true},
                                            {"bos_token", "<s>"},
                                            {"eos_token", as_object},
                                            {"chat_template", "T"}});
  CHECK(tokenizer.adds_bos());
  CHECK(tokenizer.bos_id() == 258);
  CHECK(tokenizer.eos_id() == 259);
  CHECK(tokenizer.bos_text() == "<s>");
  CHECK(tokenizer.eos_text() == "</s>");
  CHECK(tokenizer.config_chat_template() == "T");

  const json list = json::array(
      {{{"name", "tool_use"}, {"template", "A"}}, {{"name", "default"}, {"template", "B"}}});
  CHECK(parsed(file, {{"chat_template", list}}).config_chat_template() == "B");
  CHECK(parsed(file, {{"chat_template", json::array({list[0]})}}).config_chat_template().empty());

  const Tokenizer none =
      parsed(file, {{"bos_token", nullptr}, {"add_bos_token", false}, {"eos_token", "<absent>"}});
  CHECK_FALSE(none.adds_bos());
  CHECK_FALSE(none.bos_id().has_value());
  CHECK_FALSE(none.eos_id().has_value());
  CHECK_FALSE(parsed(file).adds_bos());
  CHECK_FALSE(parsed(file, {{"add_bos_token", true}, {"bos_token", "<absent>"}}).adds_bos());
  check_refused(file, "add_bos_token", {{"add_bos_token", "yes"}});
}

TEST_CASE("a post-processor that puts BOS in front counts unless the config says no") {
  json file = byte_level_file();
  file["added_tokens"] = {added_token(258, "<s>", true)};
  const json bos = {{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
             text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
  const json processor = {
      {"type", "TemplateProcessing"},
      {"single", {bos, text}},
      {"pair", json::array()},
      {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {258}}, {"tokens", {"<s>"}}}}}}};
  file["post_processor"] = processor;
  CHECK(parsed(file, {{"bos_token", "<s>"}}).adds_bos());
  CHECK(parsed(file).bos_id() == 258);  // without a config the post-processor names it
  CHECK_FALSE(parsed(file, {{"bos_token", "<s>"}, {"add_bos_token", false}}).adds_bos());
  file["post_processor"] = {{"type", "Sequence"},
                            {"processors", {{{"type", "ByteLevel"}}, processor}}};
  CHECK(parsed(file, {{"bos_token", "<s>"}}).adds_bos());
  CHECK(parsed(file, {{"bos_token", "<s>"}}).encode("ab") == std::vector<TokenId>{256});
  file["post_processor"]["processors"][1]["single"] = {text, bos};
  CHECK_FALSE(parsed(file, {{"bos_token", "<s>"}}).adds_bos());
}

TEST_CASE("added tokens of tokenizer_config.json join those of tokenizer.json") {
  json file = byte_level_file();
  file["added_tokens"] = {added_token(258, "<s>", true)};
  const json more = {{"258", {{"content", "<s>"}, {"special", true}}},
                     {"259", {{"content", "<x>"}, {"special", true}}},
                     {"260", {{"content", "<y>"}, {"rstrip", true}, {"special", false}}}};
  const Tokenizer tokenizer = parsed(file, {{"added_tokens_decoder", more}});
  CHECK(tokenizer.encode("<s><x>a<y>  b") == std::vector<TokenId>{258, 259, 'a', 260, 'b'});
  CHECK(tokenizer.is_special(259));
  CHECK_FALSE(tokenizer.is_special(260));
  CHECK(tokenizer.vocab_size() == 261);
  check_refused(file, "added_tokens_decoder",
                {{"added_tokens_decoder", {{"300", {{"content", "<z>"}}}}}});
  check_refused(file, "added_tokens_decoder",
                {{"added_tokens_decoder", {{"x", {{"content", "<z>"}}}}}});
  // A named token of the vocabulary is cut out of a text although no list of added tokens has it.
  CHECK(parsed(file, {{"eos_token", "abab"}}).encode("ababa") == std::vector<TokenId>{257, 'a'});
  CHECK(parsed(file, {{"eos_token", "b"}}).encode("ab") == std::vector<TokenId>{'a', 'b'});
  CHECK(parsed(file, {{"eos_token", "b"}}).is_special('b'));
}

TEST_CASE("a directory is loaded with whichever of its files are there") {
  const quorum::testing::ScratchFolder folder;
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  };
  CHECK_THROWS_AS(Tokenizer::load(folder.path()), Error);
  json file = byte_level_file();
  file["added_tokens"] = {added_token(258, "<s>", true), added_token(259, "</s>", true)};
  write("tokenizer.json", file.dump());
  CHECK_FALSE(Tokenizer::load(folder.path()).bos_id().has_value());
  write("special_tokens_map.json", R"({"bos_token":{"content":"<s>"},"eos_token":"<s>"})");
  CHECK(Tokenizer::load(folder.path()).bos_id() == 258);
  write("tokenizer_config.json", R"({"eos_token":"</s>"})");
  CHECK(Tokenizer::load(folder.path()).eos_id() == 259);
  CHECK(Tokenizer::load(folder.path()).bos_id() == 258);
  write("tokenizer_config.json", "{");
  try {
    Tokenizer::load(folder.path());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.message().find("tokenizer_config.json") != std::string::npos);
  }
}

TEST_CASE("threads share one tokenizer") {
  json file = byte_level_file();
  file["pre_tokenizer"]["use_regex"] = true;
  file["normalizer"] = {{"type", "NFC"}};
  const Tokenizer tokenizer = parsed(file);
  const std::string text = "ab abab cafe\u0301 12345 \n\n ababab 'll";
  const std::vector<TokenId> expected = tokenizer.encode(text);
  std::vector<int> good(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < good.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) good[t] += tokenizer.encode(text) == expected;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(good == std::vector<int>(4, 200));
}

TEST_CASE("properties in patterns know the Unicode version of the reference") {
  // U+1FAE8 is an emoji since Unicode 15, U+31350 a letter since 15, U+1E4F0 a digit since 15,
  // U+2EBF0 a letter since 15.1.
  const auto pieces = [](const std::string& pattern, const std::string& text) {
    const Tokenizer tokenizer = parsed(
        with("pre_tokenizer",
             {{"type", "Sequence"},
              {"pretokenizers",
               {{{"type", "Split"},
                 {"pattern", {{"Regex", pattern}}},
                 {"behavior", "Removed"},
                 {"invert", false}},
                {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}}));
    return tokenizer.decode(tokenizer.encode(text));
  };
  CHECK(pieces("\\p{S}", "x\U0001FAE8") == "x");
  CHECK(pieces("\\p{L}", "1\U00031350\U0002EBF0") == "1");
  CHECK(pieces("\\p{Lo}", "1\U00031350") == "1");
  CHECK(pieces("\\p{N}+", "x\U0001E4F0") == "x");
  CHECK(pieces("[^\\p{Han}]", "x\U00031350") == "\U00031350");
  CHECK(pieces("\\P{L}", "a1é") == "aé");
}
