#include "generators/engine_generator.h"

#include <map>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "harness/identity.h"
#include "support/catch.h"
#include "support/run_fake.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

Query query_of(const std::string& id, const std::string& text) {
  Query query;
  query.id = id;
  query.messages = {{"user", text}};
  query.gold = "4";
  return query;
}

Benchmark sums(int queries) {
  Benchmark benchmark = fake_benchmark("sums", 0);
  for (int i = 0; i < queries; ++i)
    benchmark.queries.push_back(
        query_of("sum-" + std::to_string(i), "What is " + std::to_string(i) + " + 2?"));
  return benchmark;
}

EngineGeneratorOptions small_options() {
  EngineGeneratorOptions options;
  options.backend.threads = 1;
  options.backend.max_batch = 4;
  options.backend.kv_memory = 64 << 20;
  return options;
}

EngineGenerator embedded(const EngineGeneratorOptions& options = small_options()) {
  return EngineGenerator(open_model_files(source_path("models/tiny").string(), ""), options);
}

// A copy of the embedded checkpoint with some text of one file replaced.
void copy_checkpoint(const std::filesystem::path& target, const std::string& file,
                     const std::string& from, const std::string& to) {
  for (const auto& entry : std::filesystem::directory_iterator(source_path("models/tiny")))
    if (entry.is_regular_file())
      std::filesystem::copy_file(entry.path(), target / entry.path().filename());
  const std::string text = read_file(target / file);
  const std::string changed = replace_all(text, from, to);
  REQUIRE(changed != text);
  write_file_atomic(target / file, changed);
}

std::string problem_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Collector : AttemptSource, CompletionSink {
  std::vector<Attempt> attempts;
  std::size_t at = 0;
  std::map<std::pair<int, int>, Completion> completions;

  std::optional<Attempt> next() override {
    return at < attempts.size() ? std::optional(attempts[at++]) : std::nullopt;
  }
  void push(const Attempt& attempt, AttemptOutcome outcome) override {
    completions[{attempt.query, attempt.sample}] = std::get<Completion>(std::move(outcome));
  }
};

Collector generate(EngineGenerator& generator, const Benchmark& benchmark,
                   const SamplingSettings& sampling, int samples, bool reversed = false) {
  Collector collector;
  for (int query = 0; query < static_cast<int>(benchmark.queries.size()); ++query)
    for (int sample = 0; sample < samples; ++sample)
      collector.attempts.push_back(
          {0, query, sample,
           sample_key(sampling.seed, benchmark.name,
                      benchmark.queries[static_cast<std::size_t>(query)].id, sample)});
  if (reversed) std::reverse(collector.attempts.begin(), collector.attempts.end());
  generator.run(std::vector<Benchmark>{benchmark}, sampling, collector, collector, {});
  return collector;
}

}  // namespace

TEST_CASE("A prompt has one BOS and ends in an open thought") {
  const EngineGenerator generator = embedded();
  const PreparedPrompt prompt = generator.prepare(query_of("q", "What is 2 + 2?"));
  CHECK(prompt.thinking);
  CHECK(has(prompt.text, "What is 2 + 2?"));
  const auto bos = generator.files().tokenizer.bos_id();
  REQUIRE(bos);
  CHECK(prompt.token_ids.front() == *bos);
  CHECK(std::count(prompt.token_ids.begin(), prompt.token_ids.end(), *bos) == 1);

  EngineGeneratorOptions off = small_options();
  off.think = ThinkMode::kOff;
  CHECK(ends_in_open_thought("x<think>\n"));
  CHECK(ends_in_open_thought("<think>"));
  CHECK(!ends_in_open_thought("<think>\n\n</think>\n"));
  CHECK(!ends_in_open_thought("what does <think> mean?<assistant>"));
  CHECK(!ends_in_open_thought(""));
}

TEST_CASE("The engine's completions are the same alone and together and in any order") {
  SamplingSettings sampling;
  sampling.max_tokens = 40;
  const Benchmark benchmark = sums(3);
  EngineGenerator generator = embedded();
  const Collector together = generate(generator, benchmark, sampling, 3);
  REQUIRE(together.completions.size() == 9);
  CHECK(generator.live_tokens() > 9);

  EngineGeneratorOptions one = small_options();
  one.backend.max_batch = 1;
  EngineGenerator lonely = embedded(one);
  const Collector alone = generate(lonely, benchmark, sampling, 3, true);
  int different = 0, lengths = 0;
  for (const auto& [place, completion] : together.completions) {
    const Completion& other = alone.completions.at(place);
    CHECK(completion.token_ids == other.token_ids);
    CHECK(completion.text == other.text);
    CHECK(*completion.logprob_sum == *other.logprob_sum);
    CHECK(*completion.logprob_sum <= 0);
    CHECK(completion.tokens == static_cast<int>(completion.token_ids.size()));
    CHECK(completion.tokens <= 40);
    CHECK((completion.finish == FinishReason::kLength) ==
          (completion.tokens == 40 &&
           completion.token_ids.back() != *generator.files().tokenizer.eos_id()));
    CHECK(!has(completion.text, generator.files().tokenizer.eos_text()));
    different += completion.token_ids != together.completions.at({place.first, 0}).token_ids;
    lengths += completion.finish == FinishReason::kLength;
  }
  CHECK(different > 0);
  CHECK(generator.identity().numerics == lonely.identity().numerics);
}

TEST_CASE("The text of a completion leaves out the stop token only") {
  SamplingSettings greedy;
  greedy.temperature = 0;
  greedy.max_tokens = 1000;
  EngineGenerator generator = embedded();
  const Collector collector = generate(generator, sums(2), greedy, 1);
  for (const auto& [place, completion] : collector.completions) {
    REQUIRE(completion.finish == FinishReason::kStop);
    CHECK(completion.token_ids.back() == *generator.files().tokenizer.eos_id());
    std::vector<TokenId> visible = completion.token_ids;
    visible.pop_back();
    CHECK(completion.text == generator.files().tokenizer.decode(visible));
    CHECK(has(completion.text, "</think>"));
  }
}

TEST_CASE("The identity names checkpoint and template and arithmetic") {
  const EngineGenerator generator = embedded();
  const GeneratorIdentity identity = generator.identity();
  CHECK(identity.engine == "cpu");
  CHECK(identity.checkpoint.size() == 64);
  CHECK(!identity.checkpoint_sampled);
  CHECK(identity.template_hash.size() == 64);
  CHECK(identity.numerics.size() == 16);
  CHECK(identity.context == generator.spec().max_positions);

  EngineGeneratorOptions dry = small_options();
  dry.load_weights = false;
  const GeneratorIdentity light = embedded(dry).identity();
  CHECK(light.numerics.empty());
  CHECK(light.checkpoint == identity.checkpoint);

  const ScratchFolder scratch;
  copy_checkpoint(scratch.path(), "chat_template.jinja", "think", "think ");
  const GeneratorIdentity other =
      EngineGenerator(open_model_files(scratch.path().string(), ""), dry).identity();
  CHECK(other.template_hash != identity.template_hash);
  CHECK(other.checkpoint != identity.checkpoint);
}

TEST_CASE("Preflight refuses prompts without room and says what cuts the token limit") {
  EngineGeneratorOptions options = small_options();
  options.backend.max_positions = 64;
  EngineGenerator generator = embedded(options);
  SamplingSettings sampling;
  sampling.max_tokens = 8;
  Benchmark benchmark = sums(2);
  generator.preflight(std::vector<Benchmark>{benchmark}, sampling);
  CHECK(generator.warnings().empty());

  sampling.max_tokens = 32768;
  generator.preflight(std::vector<Benchmark>{benchmark}, sampling);
  REQUIRE(generator.warnings().size() == 1);
  CHECK(has(generator.warnings()[0], "--max-tokens 32768 is cut"));
  CHECK(has(generator.warnings()[0], "64"));
  const Collector cut = generate(generator, benchmark, sampling, 1);
  for (const auto& [place, completion] : cut.completions)
    CHECK(completion.tokens +
              static_cast<int>(
                  generator.prepare(benchmark.queries[static_cast<std::size_t>(place.first)])
                      .token_ids.size()) <=
          64);

  std::string text = "What is 2 + 2?";
  for (int i = 0; i < 100; ++i) text += " 12 + 34 + 56?";
  benchmark.queries.push_back(query_of("too-long", text));
  const std::string problem =
      problem_of([&] { generator.preflight(std::vector<Benchmark>{benchmark}, sampling); });
  CHECK(has(problem, "too-long"));
  CHECK(has(problem, "context of 64"));
}

TEST_CASE("Several BOS tokens are refused wherever they come from") {
  const EngineGenerator generator = embedded();
  const std::string bos = generator.files().tokenizer.bos_text();
  CHECK(has(problem_of([&] { generator.prepare(query_of("sneaky", "Say " + bos + " now")); }),
            "sneaky"));
  CHECK(has(problem_of([&] { generator.prepare(query_of("sneaky", "Say " + bos + " now")); }),
            "BOS"));

  const ScratchFolder scratch;
  copy_checkpoint(scratch.path(), "chat_template.jinja", "{{", "{{ bos_token }}{{ bos_token }}{{");
  const EngineGenerator doubled(open_model_files(scratch.path().string(), ""), small_options());
  CHECK(problem_of([&] { doubled.prepare(query_of("q", "hello")); }).find("more than one") !=
        std::string::npos);
}

TEST_CASE("A stop token that occurs in reasoning is refused") {
  const ScratchFolder scratch;
  EngineGeneratorOptions dry = small_options();
  dry.load_weights = false;
  const auto end_of_thought = embedded(dry).files().tokenizer.id_of("</think>");
  REQUIRE(end_of_thought);
  copy_checkpoint(scratch.path(), "generation_config.json", "\"eos_token_id\": 1",
                  "\"eos_token_id\": " + std::to_string(*end_of_thought));
  EngineGenerator generator(open_model_files(scratch.path().string(), ""), dry);
  const std::string problem =
      problem_of([&] { generator.preflight(std::vector<Benchmark>{sums(1)}, {}); });
  CHECK(has(problem, "</think>"));
  CHECK(has(problem, "eos_token_id"));
}

TEST_CASE("A base model without a template cannot be run") {
  const ScratchFolder scratch;
  copy_checkpoint(scratch.path(), "tokenizer_config.json", "\"add_eos_token\"",
                  "\"add_no_eos_token\"");
  std::filesystem::remove(scratch.path() / "chat_template.jinja");
  const std::string problem = problem_of(
      [&] { EngineGenerator(open_model_files(scratch.path().string(), ""), small_options()); });
  CHECK(has(problem, "chat template"));
}

TEST_CASE("A run of the embedded model exports the same bytes however it is made") {
  const ScratchFolder scratch;
  FakeRun fake{{sums(3)}};
  fake.samples = 4;
  fake.sampling.max_tokens = 24;
  const auto text_of = [&](const std::string& name, const EngineGeneratorOptions& options,
                           std::optional<std::uint64_t> shuffle) {
    Store store = Store::open(scratch.path() / name, Store::Mode::kWrite);
    EngineGenerator generator = embedded(options);
    fake.shuffle = shuffle;
    CHECK(fake.run(store, generator).generated == 12);
    return export_text(store);
  };
  EngineGeneratorOptions batch = small_options();
  batch.backend.max_batch = 16;
  batch.backend.threads = 2;
  const std::string expected = text_of("a.db", small_options(), std::nullopt);
  CHECK(expected == text_of("b.db", batch, 3));
  EngineGeneratorOptions one = small_options();
  one.backend.max_batch = 1;
  CHECK(expected == text_of("c.db", one, std::nullopt));
}
