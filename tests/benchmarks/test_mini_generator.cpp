#include <map>
#include <set>
#include <string>
#include <unordered_set>

#include "base/file.h"
#include "benchmarks/mini/problem_generator.h"
#include "benchmarks/mini_solver.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

// Every level of every kind `rounds` times, of both splits.
template <class Visit>
void visit_problems(std::uint64_t seed, int rounds, Visit visit) {
  PhiloxStream random(seed);
  for (int round = 0; round < rounds; ++round)
    for (std::size_t kind = 0; kind < mini_kinds().size(); ++kind)
      for (int level = 1; level <= kMiniLevels; ++level) visit(draw_problem(random, kind, level));
}

std::multiset<std::int64_t> number_set(const std::string& problem) {
  const auto numbers = numbers_in(problem);
  return {numbers.begin(), numbers.end()};
}

}  // namespace

TEST_CASE("every answer of the mini generator follows from the problem text alone") {
  visit_problems(11, 300, [](const MiniProblem& problem) {
    INFO(problem.kind << " " << problem.level << ": " << problem.problem);
    REQUIRE(solve(problem.kind, problem.problem) == problem.answer);
    REQUIRE(problem.answer >= 0);
  });
}

TEST_CASE("every step of a worked solution holds and its last number is the answer") {
  int steps = 0;
  visit_problems(12, 200, [&](const MiniProblem& problem) {
    INFO(problem.problem << " -> " << problem.reasoning);
    std::string_view rest = problem.reasoning;
    for (std::size_t stop; (stop = rest.find('.')) != std::string_view::npos;
         rest.remove_prefix(stop + 1)) {
      const std::string_view sentence = rest.substr(0, stop);
      const std::size_t equals = sentence.find(" = ");
      if (equals == std::string_view::npos) continue;
      bool exact = false;
      const std::int64_t left = evaluate(sentence.substr(0, equals), exact);
      REQUIRE(exact);
      REQUIRE(std::to_string(left) == sentence.substr(equals + 3));
      ++steps;
    }
    REQUIRE(numbers_in(problem.reasoning).back() == problem.answer);
  });
  CHECK(steps > 20000);
}

TEST_CASE("mini is the committed file and the same in every draw") {
  // Compared as a whole: a failure should not print both files.
  const bool reproduced =
      mini_jsonl(draw_mini(0)) == read_file(source_path("benchmarks/mini/mini.jsonl"));
  CHECK(reproduced);
  CHECK(mini_jsonl(draw_mini(0)) != mini_jsonl(draw_mini(1)));
  CHECK(mini_jsonl(draw_mini(7, 100)) == mini_jsonl(draw_mini(7, 100)));
}

TEST_CASE("mini holds every level of every kind once and only test problems") {
  for (const std::uint64_t seed : {0ull, 1ull, 2ull, ~0ull}) {
    std::map<std::pair<std::string, int>, int> counts;
    std::set<std::string> texts, ids;
    for (const MiniProblem& problem : draw_mini(seed)) {
      ++counts[{problem.kind, problem.level}];
      texts.insert(problem.problem);
      ids.insert(problem.id);
      CHECK(mini_split(problem.problem) == MiniSplit::kTest);
    }
    CHECK(counts.size() == mini_kinds().size() * kMiniLevels);
    CHECK(texts.size() == static_cast<std::size_t>(kMiniCount));
    CHECK(ids.size() == static_cast<std::size_t>(kMiniCount));
  }
}

TEST_CASE("a shorter draw is the beginning of a longer one and kinds differ by one at most") {
  const auto longer = draw_mini(3, 205), shorter = draw_mini(3, 31);
  CHECK(mini_jsonl(std::span(longer).first(31)) == mini_jsonl(shorter));
  std::map<std::string, int> counts;
  for (const MiniProblem& problem : longer) ++counts[problem.kind];
  for (const auto& [kind, count] : counts) CHECK((count == 17 || count == 18));
}

TEST_CASE("a large draw never repeats a problem") {
  std::unordered_set<std::string> texts;
  const auto problems = draw_mini(5, 9000);
  for (const MiniProblem& problem : problems) texts.insert(problem.problem);
  CHECK(texts.size() == 9000u);
}

TEST_CASE("no test problem nor a rewording of one is in the training text") {
  std::set<std::multiset<std::int64_t>> trained;
  PhiloxStream random(21);
  for (int i = 0; i < 30000; ++i) {
    const MiniProblem problem = draw_training_problem(random);
    REQUIRE(mini_split(problem.problem) == MiniSplit::kTrain);
    trained.insert(number_set(problem.problem));
  }
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    for (const MiniProblem& problem : draw_mini(seed))
      REQUIRE(trained.count(number_set(problem.problem)) == 0);
  CHECK(mini_split("How much larger is 90 than 41?") == mini_split("Subtract 41 from 90."));
}

TEST_CASE("one eighth of the problems is test") {
  int test = 0, all = 0;
  visit_problems(31, 300, [&](const MiniProblem& problem) {
    test += mini_split(problem.problem) == MiniSplit::kTest;
    ++all;
  });
  CHECK(test > all * 0.11);
  CHECK(test < all * 0.14);
}

// Of N problems, 200,000 draws see at most N (1 - exp(-200000 / N)) different ones in the mean,
// whatever their odds: 181,270 for a million, with a standard deviation of 120.
TEST_CASE("there are more than a million different problems") {
  std::unordered_set<std::size_t> seen;
  PhiloxStream random(41);
  for (int i = 0; i < 200000; ++i) {
    const std::size_t kind = random.below(static_cast<std::uint32_t>(mini_kinds().size()));
    seen.insert(std::hash<std::string>()(
        draw_problem(random, kind, random.between(1, kMiniLevels)).problem));
  }
  CHECK(seen.size() > 182500);
}

TEST_CASE("the prompt and the completion of a problem have the form of the benchmark") {
  const MiniProblem problem = draw_mini(0).front();
  CHECK(mini_prompt(problem.problem) ==
        problem.problem +
            "\nPlease reason step by step, and put your final answer within \\boxed{}.");
  CHECK(mini_completion(problem) == problem.reasoning + "\n</think>\n\nThe answer is \\boxed{" +
                                        std::to_string(problem.answer) + "}.");
}
