#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "base/file.h"
#include "benchmarks/mini/code_task_generator.h"
#include "benchmarks/mini_solver.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

// Runs every program on its inputs in one interpreter and prints what differs.
constexpr const char* kDriver = R"(
import contextlib, io, json, sys
wrong = 0
for task in json.load(open(sys.argv[1])):
    for given, expected in task["tests"]:
        sys.stdin, out = io.StringIO(given), io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(task["program"], {})
        if out.getvalue() != expected:
            wrong += 1
            print(task["task"], repr(given), repr(expected), repr(out.getvalue()))
sys.exit(1 if wrong else 0)
)";

}  // namespace

TEST_CASE("the program of every code task prints the expected output for every input") {
  if (std::system("python3 -c pass >/dev/null 2>&1") != 0) {
    std::cout << "SKIPPED: python3 is not installed\n";
    return;
  }
  nlohmann::json all = nlohmann::json::array();
  PhiloxStream random(51);
  for (int round = 0; round < 10; ++round) {
    for (std::size_t family = 0; family < code_family_count(); ++family) {
      const CodeTask task = draw_code_task(random, family);
      nlohmann::json tests = nlohmann::json::array();
      for (const CodeTest& test : task.tests) tests.push_back({test.input, test.output});
      all.push_back({{"task", task.task}, {"program", task.program}, {"tests", tests}});
    }
  }
  const ScratchFolder folder;
  write_file_atomic(folder.path() / "tasks.json", all.dump());
  write_file_atomic(folder.path() / "driver.py", kDriver);
  const std::string command = "python3 '" + (folder.path() / "driver.py").string() + "' '" +
                              (folder.path() / "tasks.json").string() + "'";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("expected outputs of code tasks agree with a second computation") {
  PhiloxStream random(52);
  std::map<std::string, int> checked;
  for (int round = 0; round < 20; ++round) {
    for (std::size_t family = 0; family < code_family_count(); ++family) {
      const CodeTask task = draw_code_task(random, family);
      for (const CodeTest& test : task.tests) {
        const auto n = numbers_in(test.input), p = numbers_in(task.task);
        const auto number = [](std::int64_t value) { return std::to_string(value) + "\n"; };
        if (task.kind == "sum_of_two") {
          CHECK(test.output == number(n[0] + n[1]));
        } else if (task.kind == "gcd_of_two") {
          CHECK(test.output == number(std::gcd(n[0], n[1])));
        } else if (task.kind == "weighted_sum") {
          CHECK(test.output == number(n[0] + p[0] * n[1]));
        } else if (task.kind == "list_sum") {
          CHECK(test.output == number(std::accumulate(n.begin(), n.end(), std::int64_t{0})));
        } else if (task.kind == "text_reversed") {
          CHECK(test.output == std::string(test.input.rbegin() + 1, test.input.rend()) + "\n");
        } else {
          continue;
        }
        ++checked[task.kind];
      }
    }
  }
  CHECK(checked.size() == 5u);
}

TEST_CASE("code tasks for training and for tests are disjoint and draws repeat") {
  std::set<std::string> trained;
  PhiloxStream random(53);
  for (int i = 0; i < 20000; ++i) trained.insert(draw_training_code_task(random).task);
  std::set<std::string> tested, ids;
  const auto tasks = draw_code_tasks(0, 200);
  for (const CodeTask& task : tasks) {
    CHECK(trained.count(task.task) == 0);
    CHECK(code_split(task.task) == MiniSplit::kTest);
    CHECK(task.task.find('\n') == std::string::npos);
    CHECK(task.tests.size() == 5u);
    tested.insert(task.task);
    ids.insert(task.id);
  }
  CHECK(tested.size() == 200u);
  CHECK(ids.size() == 200u);
  const auto again = draw_code_tasks(0, 200);
  CHECK(again.back().task == tasks.back().task);
  CHECK(again.back().tests.front().input == tasks.back().tests.front().input);
  CHECK(code_family_count() >= 36u);
}

TEST_CASE("a code task's completion closes the thought and then shows one fenced program") {
  PhiloxStream random(54);
  const CodeTask task = draw_training_code_task(random);
  CHECK(code_completion(task) ==
        task.reasoning + "\n</think>\n\n```python\n" + task.program + "```");
  CHECK(code_prompt(task.task).rfind(task.task + "\n", 0) == 0);
}
