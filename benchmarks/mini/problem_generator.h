// The problems of the `mini` benchmark and of the text that models/tiny is trained on: twelve kinds
// of arithmetic and short word problems, five levels of each, drawn from a seed. The wording is
// this project's own.
//
// Training and test problems are disjoint by construction: the numbers in a problem's text decide
// its split, so not even a rewording of a test problem is in the training text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/philox.h"

namespace quorum {

inline constexpr int kMiniLevels = 5;
inline constexpr int kMiniCount = 60;  // every level of every kind once

struct MiniProblem {
  std::string id;    // "mini-SEED-INDEX"; empty outside draw_mini
  std::string kind;  // one of mini_kinds()
  int level = 1;     // 1 (easiest) to kMiniLevels
  std::string problem;
  std::int64_t answer = 0;  // never negative
  std::string reasoning;    // a worked solution: its equations hold, its last number is the answer
};

enum class MiniSplit { kTrain, kTest };

// One eighth of all problems is test: the first byte of SHA-256 over the numbers of the text
// (joined by commas) is below 32.
MiniSplit mini_split(std::string_view problem);

std::span<const std::string_view> mini_kinds();

// One problem of either split. `kind` indexes mini_kinds(), `level` is 1 to kMiniLevels.
MiniProblem draw_problem(PhiloxStream& random, std::size_t kind, int level);
// One problem of the training split, kind and level uniform.
MiniProblem draw_training_problem(PhiloxStream& random);
// `count` different problems of the test split, in the order level 1 of every kind, level 2 of
// every kind, …: the kinds' and levels' shares differ by one at most. The benchmark `mini` is seed
// 0.
std::vector<MiniProblem> draw_mini(std::uint64_t seed, int count = kMiniCount);

// One JSON object a line: id, kind, level, problem, answer. The committed mini.jsonl is that of
// seed 0.
std::string mini_jsonl(std::span<const MiniProblem> problems);

// The user message of a problem, as the default prompt of the mathematics benchmarks words it.
std::string mini_prompt(std::string_view problem);
// What a model should write after the open thought "<think>\n".
std::string mini_completion(const MiniProblem& problem);

}  // namespace quorum
