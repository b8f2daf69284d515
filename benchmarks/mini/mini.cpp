#include "benchmarks/mini/mini.h"

#include "benchmarks/mini/problem_generator.h"

namespace quorum {

TaskSet mini_set(std::uint64_t seed) {
  TaskSet set;
  for (const MiniProblem& problem : draw_mini(seed)) {
    TaskRow row;
    row.row = static_cast<int>(set.rows.size()) + 1;
    row.id = problem.id;
    row.problem = problem.problem;
    row.gold = std::to_string(problem.answer);
    row.grader = GraderKind::kInteger;
    set.rows.push_back(std::move(row));
  }
  return set;
}

BenchmarkCard mini_card() {
  BenchmarkCard card;
  card.title = "mini: 60 arithmetic and short word problems";
  card.source = "this project (benchmarks/mini)";
  card.licence = "this project's";
  card.protocol = "64 samples, temperature 0.6, top-p 0.95; non-negative integers";
  return card;
}

}  // namespace quorum
