#include "benchmarks/mini/problem_generator.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/sha256.h"
#include "benchmarks/mini/problem_kinds.h"

namespace quorum {
namespace {

constexpr std::array<std::string_view, 12> kKinds = {
    "add",      "subtract", "multiply", "brackets", "remainder", "fraction",
    "sequence", "money",    "travel",   "ages",     "units",     "area"};
constexpr std::array<mini::Draft (*)(PhiloxStream&, int), 12> kDraw = {
    mini::draw_add,       mini::draw_subtract, mini::draw_multiply, mini::draw_brackets,
    mini::draw_remainder, mini::draw_fraction, mini::draw_sequence, mini::draw_money,
    mini::draw_travel,    mini::draw_ages,     mini::draw_units,    mini::draw_area};

// The stream that draw_mini uses, so that no training seed repeats its numbers.
constexpr std::uint32_t kMiniStream = 0x6d696e69;

// The numbers of a text in ascending order, so that rewordings that state them in another order
// share a key.
std::string number_key(std::string_view text) {
  std::vector<std::int64_t> numbers;
  const char *at = text.data(), *end = at + text.size();
  while (at != end) {
    std::int64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    const bool digit = *at >= '0' && *at <= '9';
    if (digit && error == std::errc()) numbers.push_back(number);
    at = digit && next != at ? next : at + 1;
  }
  std::sort(numbers.begin(), numbers.end());
  std::string key;
  for (const std::int64_t number : numbers) key += std::to_string(number) + ',';
  return key;
}

}  // namespace

MiniSplit mini_split(std::string_view problem) {
  return Sha256().update(number_key(problem)).digest()[0] < 32 ? MiniSplit::kTest
                                                               : MiniSplit::kTrain;
}

std::span<const std::string_view> mini_kinds() { return kKinds; }

MiniProblem draw_problem(PhiloxStream& random, std::size_t kind, int level) {
  QUORUM_CHECK(kind < kKinds.size() && level >= 1 && level <= kMiniLevels, "no such kind or level");
  mini::Draft draft = kDraw[kind](random, level);
  return {"",           std::string(kKinds[kind]), level, std::move(draft.problem),
          draft.answer, std::move(draft.reasoning)};
}

MiniProblem draw_training_problem(PhiloxStream& random) {
  const std::size_t kind = random.below(static_cast<std::uint32_t>(kKinds.size()));
  const int level = random.between(1, kMiniLevels);
  for (;;) {
    MiniProblem problem = draw_problem(random, kind, level);
    if (mini_split(problem.problem) == MiniSplit::kTrain) return problem;
  }
}

std::vector<MiniProblem> draw_mini(std::uint64_t seed, int count) {
  PhiloxStream random(seed, kMiniStream);
  std::vector<MiniProblem> problems;
  std::set<std::string> seen;
  for (int i = 0; i < count; ++i) {
    const std::size_t kind = static_cast<std::size_t>(i) % kKinds.size();
    int level = 1 + i / static_cast<int>(kKinds.size()) % kMiniLevels;
    for (int tries = 1;; ++tries) {
      if (tries % 1000 == 0)
        level = level % kMiniLevels + 1;  // this level's test problems are used up
      MiniProblem problem = draw_problem(random, kind, level);
      if (mini_split(problem.problem) != MiniSplit::kTest || !seen.insert(problem.problem).second)
        continue;
      problem.id = "mini-" + std::to_string(seed) + '-' + std::to_string(i);
      problems.push_back(std::move(problem));
      break;
    }
  }
  return problems;
}

std::string mini_jsonl(std::span<const MiniProblem> problems) {
  std::string out;
  for (const MiniProblem& problem : problems) {
    QUORUM_CHECK(problem.problem.find_first_of("\"\\\n") == std::string::npos,
                 "a problem needs no JSON escapes");
    out += "{\"id\": \"" + problem.id + "\", \"kind\": \"" + problem.kind +
           "\", \"level\": " + std::to_string(problem.level) + ", \"problem\": \"" +
           problem.problem + "\", \"answer\": " + std::to_string(problem.answer) + "}\n";
  }
  return out;
}

std::string mini_prompt(std::string_view problem) {
  return std::string(problem) +
         "\nPlease reason step by step, and put your final answer within \\boxed{}.";
}

std::string mini_completion(const MiniProblem& problem) {
  return problem.reasoning + "\n</think>\n\nThe answer is \\boxed{" +
         std::to_string(problem.answer) + "}.";
}

}  // namespace quorum
