#include "harness/identity.h"

#include <bit>

#include "base/sha256.h"

namespace quorum {
namespace {

// Adding +0 makes one zero of the two.
std::uint64_t double_bits(double value) { return std::bit_cast<std::uint64_t>(value + 0.0); }

}  // namespace

std::uint64_t sample_key(std::uint64_t seed, std::string_view benchmark, std::string_view query,
                         int sample) {
  Sha256 hash;
  hash.field(seed).field(benchmark).field(query).field(static_cast<std::uint64_t>(sample));
  const auto digest = hash.digest();
  std::uint64_t first = 0;
  for (int i = 0; i < 8; ++i) first = first << 8 | digest[static_cast<std::size_t>(i)];
  return first >> 1;
}

std::string prompt_digest(const PreparedPrompt& prompt, std::span<const Message> messages) {
  Sha256 hash;
  if (!prompt.token_ids.empty()) {
    hash.field("tokens");
    for (const std::int32_t id : prompt.token_ids) hash.field(static_cast<std::uint64_t>(id));
    return hash.hex();
  }
  hash.field("messages");
  for (const Message& message : messages) hash.field(message.role).field(message.content);
  return hash.hex();
}

std::string completion_key(const GeneratorIdentity& generator, const SamplingSettings& sampling,
                           std::string_view prompt_digest, std::string_view benchmark,
                           std::string_view query, int sample) {
  Sha256 hash;
  hash.field("quorum completion 1").field(generator.checkpoint).field(generator.engine);
  hash.field(static_cast<std::uint64_t>(generator.tensor_parallel));
  hash.field(double_bits(sampling.temperature)).field(double_bits(sampling.top_p));
  hash.field(static_cast<std::uint64_t>(sampling.max_tokens)).field(sampling.seed);
  hash.field(prompt_digest).field(benchmark).field(query).field(static_cast<std::uint64_t>(sample));
  return hash.hex();
}

std::string gold_hash(const Query& query) {
  Sha256 hash;
  hash.field(grader_kind_name(query.grader)).field(query.gold).field(query.tests_json);
  return hash.hex();
}

}  // namespace quorum
