// A real trained model through tokenizer, weights, backend and engine: the greedy text of
// llama2.c's own program.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "engine/checkpoint.h"
#include "engine/cpu_backend.h"
#include "engine/engine.h"
#include "engine/tokenizer.h"
#include "engine/weights.h"
#include "support/catch.h"
#include "support/stories260k.h"
#include "support/test_data.h"

using namespace quorum;

namespace {

std::vector<TokenId> generate_greedily(const std::filesystem::path& folder,
                                       std::vector<TokenId> prompt, int max_tokens) {
  const DecoderSpec spec = read_decoder_spec(folder);
  const std::unique_ptr<WeightSource> source = open_safetensors(folder.string());
  const std::unique_ptr<Backend> backend = make_cpu_backend(
      spec, bind_weights(spec, *source), {.threads = 1, .slots = 1, .kv_bytes = 16 << 20});
  Engine engine(*backend);
  std::optional<EngineRequest> request =
      EngineRequest{.prompt = std::make_shared<const std::vector<TokenId>>(std::move(prompt)),
                    .sampling = {.temperature = 0, .top_p = 1},
                    .max_tokens = max_tokens,
                    .stop_ids = {1}};
  std::vector<TokenId> tokens;
  engine.run([&] { return std::exchange(request, std::nullopt); },
             [&](EngineCompletion done) { tokens = done.tokens; }, {});
  return tokens;
}

}  // namespace

TEST_CASE("the converted tokenizer encodes as SentencePiece does") {
  const quorum::testing::ScratchFolder folder;
  if (!quorum::testing::write_stories260k(folder.path())) return;
  const Tokenizer tokenizer = Tokenizer::load(folder.path());
  CHECK(tokenizer.vocab_size() == 512);
  CHECK(tokenizer.adds_bos());
  CHECK(tokenizer.bos_id() == 1);
  CHECK(tokenizer.eos_id() == 2);
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.encode("Once upon a time") == std::vector<TokenId>{403, 407, 261, 378});
  CHECK(tokenizer.encode(" two  spaces ") ==
        std::vector<TokenId>{410, 259, 424, 414, 410, 262, 427, 412, 331, 419, 410});
  CHECK(tokenizer.encode("<s>a</s>") == std::vector<TokenId>{1, 261, 2});
  CHECK(tokenizer.encode("你") == std::vector<TokenId>{410, 231, 192, 163});
  for (const std::string text :
       {"Once upon a time", " two  spaces ", "h\u00e9llo 你好 🙂\n\ttab"})
    CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
  CHECK(tokenizer.token_bytes(403) == " Once");
  CHECK(tokenizer.token_bytes(403, true) == "Once");
  CHECK(tokenizer.token_bytes(231) == "\xE4");
}

TEST_CASE("stories260K tells the story that llama2.c tells") {
  const quorum::testing::ScratchFolder folder;
  if (!quorum::testing::write_stories260k(folder.path())) return;
  const auto expected =
      quorum::testing::shared_data("weights/stories260K/expected_stdout_t0_n200.txt");
  if (!expected) return;
  const Tokenizer tokenizer = Tokenizer::load(folder.path());
  const std::vector<TokenId> tokens = generate_greedily(folder.path(), {*tokenizer.bos_id()}, 200);
  CHECK(tokens.size() == 200);
  CHECK(tokenizer.decode(tokens) == read_file(*expected));
}
