#include "generators/engine_generator.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "engine/checkpoint.h"
#include "generators/cuda_device.h"
#include "harness/results.h"

namespace quorum {
namespace {

using Prompt = std::shared_ptr<const std::vector<TokenId>>;

constexpr std::string_view kThoughtTags[] = {
    "<think>", "</think>", "<|begin_of_thought|>", "<|end_of_thought|>", "<thought>", "</thought>",
    "[THINK]", "[/THINK]"};

std::string messages_json(const std::vector<Message>& messages) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Message& message : messages)
    json.push_back(
        {{"role", sanitize_utf8(message.role)}, {"content", sanitize_utf8(message.content)}});
  return json.dump();
}

}  // namespace

bool ends_in_open_thought(std::string_view prompt) {
  constexpr std::string_view kOpen = "<think>";
  prompt = trim(prompt);
  return prompt.size() >= kOpen.size() && prompt.substr(prompt.size() - kOpen.size()) == kOpen;
}

struct EngineGenerator::Impl {
  ModelFiles files;
  EngineGeneratorOptions options;
  DecoderSpec spec;
  std::vector<TokenId> stops;
  std::vector<std::string> warnings;

  std::mutex mutex;  // of what is made on first use
  std::optional<CheckpointHash> checkpoint;
  std::unique_ptr<Backend> backend;
  std::unique_ptr<Engine> engine;
  std::string numerics;

  std::atomic<const Engine*> running{nullptr};
  std::atomic<std::int64_t> tokens_before{0};

  Impl(ModelFiles files_, const EngineGeneratorOptions& options_)
      : files(std::move(files_)), options(options_), spec(read_decoder_spec(files.directory)) {
    files.require_template();
    stops = stop_token_ids(spec, files.tokenizer);
  }

  int context() const {
    const int limit = options.backend.max_positions;
    return limit > 0 ? std::min(limit, spec.max_positions) : spec.max_positions;
  }

  void load() {
    const std::lock_guard guard(mutex);
    load_locked();
  }
  void load_locked() {
    if (backend) return;
    backend = load_backend(files.directory, spec, options.backend);
    numerics = backend->fingerprint();
    engine = std::make_unique<Engine>(*backend);
    running = engine.get();
  }

  Error bad_prompt(const Query& query, const std::string& because, const std::string& hint) const {
    return Error(ErrorKind::kData, "query " + query.id + " cannot be put to " + files.name, because,
                 hint);
  }

  void check_bos(const Query& query, const std::vector<TokenId>& ids) const {
    const auto bos = files.tokenizer.bos_id();
    if (!bos) return;
    const auto count = std::count(ids.begin(), ids.end(), *bos);
    if (count > 1 && std::find(stops.begin(), stops.end(), *bos) == stops.end())
      throw bad_prompt(query,
                       "its prompt has " + std::to_string(count) + " BOS tokens (" +
                           files.tokenizer.bos_text() + "), a model is trained on one",
                       "take the token out of the query, or correct the chat template");
    if (files.tokenizer.adds_bos() && (ids.empty() || ids.front() != *bos))
      throw bad_prompt(query, "its prompt does not begin with BOS, which the tokenizer asks for",
                       "correct the chat template");
  }

  void check_stops() {
    for (const TokenId id : stops) {
      const std::string text = files.tokenizer.token_bytes(id);
      for (const std::string_view tag : kThoughtTags)
        if (trim(text) == tag)
          throw Error(
              ErrorKind::kData, files.name + " would stop in the middle of its reasoning",
              "token " + std::to_string(id) + " (" + text + ") is among its end-of-text tokens",
              "correct eos_token_id in generation_config.json or config.json");
      if (!files.tokenizer.is_special(id))
        warnings.push_back("the end-of-text token " + std::to_string(id) + " (" + text +
                           ") is an ordinary token of the vocabulary");
    }
    if (stops.empty())
      warnings.push_back(files.name +
                         " has no end-of-text token: every completion runs to the token limit");
  }
};

EngineGenerator::EngineGenerator(ModelFiles files, const EngineGeneratorOptions& options)
    : impl_(std::make_unique<Impl>(std::move(files), options)) {}
EngineGenerator::~EngineGenerator() = default;

GeneratorIdentity EngineGenerator::identity() const {
  Impl& impl = *impl_;
  const std::lock_guard guard(impl.mutex);
  std::future<CheckpointHash> hash;  // beside the load
  if (!impl.checkpoint)
    hash = std::async(std::launch::async, hash_checkpoint, impl.files.directory);
  if (impl.options.load_weights) impl.load_locked();
  if (!impl.checkpoint) impl.checkpoint = hash.get();
  GeneratorIdentity identity;
  identity.model = impl.files.name;
  identity.checkpoint = impl.checkpoint->hex;
  identity.checkpoint_sampled = impl.checkpoint->sampled;
  identity.engine = engine_name(impl.options.backend.device);
  identity.template_hash = sha256_hex(impl.files.require_template().source());
  identity.numerics = impl.numerics;
  identity.description = impl.backend ? impl.backend->description() : impl.options.backend.device;
  identity.context = impl.context();
  return identity;
}

PreparedPrompt EngineGenerator::prepare(const Query& query) const {
  const Impl& impl = *impl_;
  PreparedPrompt prompt;
  try {
    prompt.text =
        render_chat(impl.files.require_template(), impl.files.tokenizer,
                    messages_json(query.messages), impl.options.think, impl.options.unix_time);
    prompt.token_ids = encode_prompt(impl.files.tokenizer, prompt.text);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kData) throw;
    throw impl.bad_prompt(
        query, error.because().empty() ? error.message() : error.message() + ": " + error.because(),
        error.hint());
  }
  if (prompt.token_ids.empty())
    throw impl.bad_prompt(query, "its prompt has no tokens", "give the query a text");
  impl.check_bos(query, prompt.token_ids);
  prompt.thinking = ends_in_open_thought(prompt.text);
  return prompt;
}

void EngineGenerator::preflight(std::span<const Benchmark> benchmarks,
                                const SamplingSettings& sampling) {
  Impl& impl = *impl_;
  impl.warnings.clear();
  impl.check_stops();
  int least = sampling.max_tokens;
  for (const Benchmark& benchmark : benchmarks)
    for (const Query& query : benchmark.queries) {
      const auto length = static_cast<std::int64_t>(prepare(query).token_ids.size());
      if (length >= impl.context())
        throw impl.bad_prompt(query,
                              "its prompt has " + std::to_string(length) +
                                  " tokens, and the context of " + std::to_string(impl.context()) +
                                  " has no room for an answer",
                              "leave it out with --ids, or take a model with a longer context");
      least = std::min(least, impl.context() - static_cast<int>(length));
    }
  if (least < sampling.max_tokens)
    impl.warnings.push_back("--max-tokens " + std::to_string(sampling.max_tokens) +
                            " is cut to what the context of " + std::to_string(impl.context()) +
                            " tokens leaves after the prompt: " + std::to_string(least) +
                            " after the longest one");
}

void EngineGenerator::run(std::span<const Benchmark> benchmarks, const SamplingSettings& sampling,
                          AttemptSource& source, CompletionSink& sink, std::stop_token stop) {
  Impl& impl = *impl_;
  QUORUM_CHECK(impl.options.load_weights);
  impl.load();
  impl.tokens_before = impl.engine->stats().generated_tokens;

  // One pointer a query: that is how the engine knows siblings.
  std::vector<std::vector<Prompt>> prompts;
  for (const Benchmark& benchmark : benchmarks) prompts.emplace_back(benchmark.queries.size());
  std::unordered_map<std::uint64_t, Attempt> in_flight;
  std::uint64_t next_id = 0;

  const auto next = [&]() -> std::optional<EngineRequest> {
    const std::optional<Attempt> attempt = source.next();
    if (!attempt) return std::nullopt;
    const auto b = static_cast<std::size_t>(attempt->benchmark),
               q = static_cast<std::size_t>(attempt->query);
    Prompt& prompt = prompts.at(b).at(q);
    if (!prompt)
      prompt =
          std::make_shared<const std::vector<TokenId>>(prepare(benchmarks[b].queries[q]).token_ids);
    EngineRequest request;
    request.id = next_id++;
    request.prompt = prompt;
    request.sampling = {sampling.temperature, sampling.top_p};
    request.sample_key = attempt->key;
    request.max_tokens =
        std::min(sampling.max_tokens, impl.context() - static_cast<int>(prompt->size()));
    request.stop_ids = impl.stops;
    request.block = attempt->sample / kSampleBlock;
    in_flight.emplace(request.id, *attempt);
    return request;
  };
  const auto finished = [&](EngineCompletion done) {
    const auto entry = in_flight.extract(done.id);
    QUORUM_CHECK(!entry.empty());
    Completion completion;
    completion.finish =
        done.end == SequenceEnd::kStop ? FinishReason::kStop : FinishReason::kLength;
    completion.tokens = static_cast<int>(done.tokens.size());
    completion.logprob_sum = done.logprob_sum;
    completion.seconds = done.seconds;
    completion.token_ids = std::move(done.tokens);
    std::vector<TokenId> visible = completion.token_ids;
    if (completion.finish == FinishReason::kStop && !visible.empty()) visible.pop_back();
    completion.text = impl.files.tokenizer.decode(visible);
    sink.push(entry.mapped(), std::move(completion));
  };
  impl.engine->run(next, finished, stop);
}

std::int64_t EngineGenerator::live_tokens() const {
  const Engine* engine = impl_->running;
  return engine == nullptr ? 0 : engine->stats().generated_tokens - impl_->tokens_before;
}

const std::vector<std::string>& EngineGenerator::warnings() const { return impl_->warnings; }
const DecoderSpec& EngineGenerator::spec() const { return impl_->spec; }
const ModelFiles& EngineGenerator::files() const { return impl_->files; }
EngineStats EngineGenerator::stats() const {
  return impl_->engine ? impl_->engine->stats() : EngineStats{};
}

}  // namespace quorum
