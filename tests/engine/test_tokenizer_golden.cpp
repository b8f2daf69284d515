// Against Hugging Face tokenizers: the shared vectors of real tokenizers, and
// tests/golden/tokenizer.json for every component.
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "engine/tokenizer.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using nlohmann::json;

namespace {

std::vector<TokenId> ids_of(const json& array) { return array.get<std::vector<TokenId>>(); }

std::string streamed(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
  StreamDecoder stream(tokenizer);
  std::string text;
  for (const TokenId id : ids) text += stream.push(id);
  return text + stream.finish();
}

std::optional<Tokenizer> shared_tokenizer(const std::string& name) {
  const auto folder = quorum::testing::shared_data("tokenizers/hf/" + name);
  if (!folder) return std::nullopt;
  return Tokenizer::load(*folder);
}

void check_vectors(const std::string& name, std::size_t expected_count) {
  const auto tokenizer = shared_tokenizer(name);
  const auto file = quorum::testing::shared_data("tokenizers/vectors/hf_vectors.jsonl");
  if (!tokenizer || !file) return;
  std::size_t count = 0;
  for (const std::string& line : split(trim(read_file(*file)), '\n')) {
    const json row = json::parse(line);
    if (row["tokenizer"] != name) continue;
    ++count;
    INFO(row["text"]);
    const std::vector<TokenId> ids = ids_of(row["ids"]);
    CHECK(tokenizer->encode(row["text"].get<std::string>()) == ids);
    CHECK(tokenizer->decode(ids) == row["decoded"].get<std::string>());
    CHECK(streamed(*tokenizer, ids) == row["decoded"].get<std::string>());
  }
  CHECK(count == expected_count);
}

// Vectors of llama.cpp: texts between marker lines, ids line by line.
void check_ggml_vectors(const std::string& name, const std::string& vectors) {
  const auto tokenizer = shared_tokenizer(name);
  const auto inputs = quorum::testing::shared_data("tokenizers/vectors/" + vectors + ".inp");
  const auto outputs = quorum::testing::shared_data("tokenizers/vectors/" + vectors + ".out");
  if (!tokenizer || !inputs || !outputs) return;
  std::string text = read_file(*inputs);
  const std::vector<std::string> lines = split(read_file(*outputs), '\n');
  const std::string marker = "\n__ggml_vocab_test__\n";
  std::size_t count = 0;
  for (std::size_t at; !text.empty();
       text.erase(0, at == std::string::npos ? at : at + marker.size()), ++count) {
    at = text.find(marker);
    REQUIRE(count < lines.size());
    std::vector<TokenId> expected;
    std::istringstream numbers(lines[count]);
    for (TokenId id; numbers >> id;) expected.push_back(id);
    INFO(text.substr(0, at));
    CHECK(tokenizer->encode(std::string_view(text).substr(0, at)) == expected);
  }
  CHECK(count >= 40);
}

const json& golden() {
  static const json document =
      json::parse(read_file(quorum::testing::source_path("tests/golden/tokenizer.json")));
  return document;
}

std::string tokenizer_file(const json& entry) {
  json file = entry["tokenizer"];
  const json& vocabulary = golden()["vocabularies"][entry["vocabulary"].get<std::string>()];
  file["model"]["vocab"] = vocabulary["vocab"];
  file["model"]["merges"] = vocabulary["merges"];
  if (entry["merges_as_text"])
    for (json& merge : file["model"]["merges"])
      merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
  return file.dump();
}

}  // namespace

TEST_CASE("the Qwen tokenizer gives the ids and texts of Hugging Face") {
  check_vectors("r1-distill-qwen", 96);
}
TEST_CASE("the Llama 3 tokenizer gives the ids and texts of Hugging Face") {
  check_vectors("r1-distill-llama", 96);
}
TEST_CASE("the DeepSeek V3 tokenizer gives the ids and texts of Hugging Face") {
  check_vectors("deepseek-v3", 96);
}

TEST_CASE("the Qwen tokenizer passes the vectors of llama.cpp") {
  check_ggml_vectors("r1-distill-qwen", "ggml-vocab-qwen2.gguf");
}
TEST_CASE("the Llama 3 tokenizer passes the vectors of llama.cpp") {
  check_ggml_vectors("r1-distill-llama", "ggml-vocab-llama-bpe.gguf");
}

TEST_CASE("tokenizers of R1 pass the vectors of public tests") {
  const auto file = quorum::testing::shared_data("tokenizers/vectors/r1_vectors.json");
  const auto llama = shared_tokenizer("r1-distill-llama"),
             qwen = shared_tokenizer("r1-distill-qwen"), deepseek = shared_tokenizer("deepseek-v3");
  if (!file || !llama || !qwen || !deepseek) return;
  std::size_t checked = 0;
  for (const json& row : json::parse(read_file(*file))) {
    const std::string name = row["tokenizer"];
    if (name.find("R1") == std::string::npos && name.find("V3") == std::string::npos) continue;
    const Tokenizer& tokenizer = name.find("Llama") != std::string::npos  ? *llama
                                 : name.find("Qwen") != std::string::npos ? *qwen
                                                                          : *deepseek;
    INFO(name << ": " << row["text"]);
    CHECK(tokenizer.encode(row["text"].get<std::string>()) == ids_of(row["ids"]));
    ++checked;
  }
  CHECK(checked >= 10);
}

TEST_CASE("every component gives the ids and texts of Hugging Face") {
  std::size_t checked = 0;
  for (const json& entry : golden()["cases"]) {
    INFO(entry["name"]);
    const Result<Tokenizer> parsed = Tokenizer::parse(tokenizer_file(entry), "", "tokenizer.json");
    if (!parsed) FAIL(parsed.error().what());
    const Tokenizer& tokenizer = parsed.value();
    for (std::size_t i = 0; i < entry["texts"].size(); ++i, ++checked) {
      const std::string text = golden()["texts"][entry["texts"][i].get<std::size_t>()];
      INFO(json(text));
      if (entry["ids"][i] == "error") {
        CHECK_THROWS_AS(tokenizer.encode(text), Error);
        continue;
      }
      const std::vector<TokenId> ids = ids_of(entry["ids"][i]);
      CHECK(tokenizer.encode(text) == ids);
      const std::string decoded = entry["decoded"][i];
      CHECK(tokenizer.decode(ids) == decoded);
      CHECK(streamed(tokenizer, ids) == decoded);
      CHECK(tokenizer.decode(ids, true) ==
            (entry["skipped"][i].is_null() ? decoded : entry["skipped"][i].get<std::string>()));
    }
  }
  CHECK(checked > 600);
}
