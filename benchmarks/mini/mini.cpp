#include "benchmarks/mini/mini.h"

#include <nlohmann/json.hpp>

#include "benchmarks/mini/code_task_generator.h"
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

TaskSet mini_code_set(std::uint64_t seed) {
  TaskSet set;
  for (const CodeTask& task : draw_code_tasks(seed, kMiniCodeCount)) {
    TaskRow row;
    row.row = static_cast<int>(set.rows.size()) + 1;
    row.id = task.id;
    row.problem = task.task;
    row.grader = GraderKind::kTests;
    // The wording that models/tiny was trained on; prompt variants would be another language to it.
    row.messages = {{"user", code_prompt(task.task)}};
    nlohmann::ordered_json tests = nlohmann::ordered_json::array();
    for (const CodeTest& test : task.tests)
      tests.push_back({{"input", test.input}, {"output", test.output}});
    row.tests_json = tests.dump();
    set.rows.push_back(std::move(row));
  }
  return set;
}

BenchmarkCard mini_code_card() {
  BenchmarkCard card;
  card.title = "mini-code: 40 programs of a few lines";
  card.source = "this project (benchmarks/mini)";
  card.licence = "this project's";
  card.protocol = "64 samples, temperature 0.6, top-p 0.95; Python, five tests each";
  return card;
}

}  // namespace quorum
