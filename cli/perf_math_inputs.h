// What `quorum perf math` grades: pairs of answers and whole outputs, the same ones for a seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace quorum::cli {

struct AnswerPair {
  std::string gold, answer;
};

// Answers in the proportions of the MATH test set: six in ten are integers, one is a fraction, then
// radicals, expressions, degrees, tuples, intervals, matrices and so on.
std::vector<std::string> answers_like_math(std::size_t count, std::uint64_t seed);

// Every answer against other ways of writing it: delimiters, spaces, \dfrac, \left, a period, a
// name in front, the gold one as it is. `count` pairs, all of them different.
std::vector<AnswerPair> rewritten_pairs(const std::vector<std::string>& golds, std::size_t count);

// Gold answers against other gold answers, as wrong answers look. `count` pairs, all different.
std::vector<AnswerPair> wrong_pairs(const std::vector<std::string>& golds, std::size_t count);

// Fractions against others of the same value: reducible ones, decimals, mixed numbers.
std::vector<AnswerPair> equal_fractions(std::size_t count, std::uint64_t seed);

// Outputs of `bytes` each: a thought in prose and formulas, then the answer in a box.
std::vector<std::string> long_outputs(const std::vector<std::string>& answers, std::size_t count,
                                      std::size_t bytes, std::uint64_t seed);

}  // namespace quorum::cli
