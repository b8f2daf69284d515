// The identities of property 1: what makes two samples the same sample. The number of samples, the
// list of benchmarks and the machine are outside all of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/generator.h"
#include "harness/task.h"

namespace quorum {

// The key of a sample's random numbers: the first 63 bits of SHA-256 over the length-prefixed
// (seed, benchmark, query id, sample index).
std::uint64_t sample_key(std::uint64_t seed, std::string_view benchmark, std::string_view query,
                         int sample);

// 64 hex digits over the prompt's token ids, or over role and content of the messages where the
// generator does not know the ids. The two never collide.
std::string prompt_digest(const PreparedPrompt& prompt, std::span<const Message> messages);

// 64 hex digits: the identity of one completion.
std::string completion_key(const GeneratorIdentity& generator, const SamplingSettings& sampling,
                           std::string_view prompt_digest, std::string_view benchmark,
                           std::string_view query, int sample);

// 64 hex digits over what a query is judged by: the gold answer, the grader's kind, the tests. Part
// of a grade's key.
std::string gold_hash(const Query& query);

}  // namespace quorum
