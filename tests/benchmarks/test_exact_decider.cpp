// The processes that run Calcium: killed, busy, missing.
#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/math/answer.h"
#include "benchmarks/math/exact_decider.h"
#include "benchmarks/math/exact_request.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

using Clock = std::chrono::steady_clock;

// The processes that any thread of this one has started.
std::vector<pid_t> children() {
  std::vector<pid_t> all;
  DIR* const tasks = opendir("/proc/self/task");
  REQUIRE(tasks != nullptr);
  while (const dirent* entry = readdir(tasks)) {
    std::ifstream file(std::string("/proc/self/task/") + entry->d_name + "/children");
    for (pid_t pid = 0; file >> pid;) all.push_back(pid);
  }
  closedir(tasks);
  return all;
}

// On a busy machine a request may get no CPU within its time: silence, after which it is asked
// again.
ExactAnswer ask(const std::string& a, const std::string& b) {
  ExactAnswer answer = ExactAnswer::kTimeout;
  for (int i = 0; i < 50 && answer == ExactAnswer::kTimeout; ++i) {
    answer = decide_exactly(*parse_expression(a), *parse_expression(b));
  }
  return answer;
}

std::string nested_root(int depth) {
  std::string text = "2";
  for (int i = 0; i < depth; ++i) text = "\\sqrt{1+" + text + "}";
  return text;
}

}  // namespace

TEST_CASE("One process serves many requests", "[exact]") {
  set_exact_decider_program(testing::program_path().string());
  const ExactDeciderCounts before = exact_decider_counts();
  for (int n = 2; n < 20; ++n) {
    const std::string root = std::to_string(n * n + 1);
    CHECK(ask("\\sqrt{" + root + "}^2", root) == ExactAnswer::kEqual);
    CHECK(ask("\\sqrt{" + root + "}", std::to_string(n)) == ExactAnswer::kUnequal);
  }
  const ExactDeciderCounts after = exact_decider_counts();
  const auto timeouts = after.timeouts - before.timeouts;
  CHECK(after.requests - before.requests == 36 + timeouts);
  CHECK(after.started - before.started <= 1 + timeouts);
}

TEST_CASE("A killed process is replaced and changes no answer", "[exact]") {
  set_exact_decider_program(testing::program_path().string());
  for (int round = 0; round < 5; ++round) {
    CHECK(ask("\\sqrt{6+2\\sqrt{5}}", "1+\\sqrt{5}") == ExactAnswer::kEqual);
    const std::vector<pid_t> running = children();
    CHECK(!running.empty());
    for (const pid_t pid : running) kill(pid, SIGKILL);
    CHECK(ask("\\sqrt{6+2\\sqrt{5}}", "2+\\sqrt{5}") == ExactAnswer::kUnequal);
  }
}

TEST_CASE("Many threads get the same verdicts while processes are killed", "[exact]") {
  set_exact_decider_program(testing::program_path().string());
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0}, asked{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        const int a = 2 + (i + t) % 7, b = a + 1 + i % 3;
        const std::string sum = std::to_string(a + b), product = std::to_string(4 * a * b);
        const std::string gold = "\\sqrt{" + sum + "+\\sqrt{" + product + "}}";
        const std::string right =
            "\\sqrt{" + std::to_string(a) + "}+\\sqrt{" + std::to_string(b) + "}";
        wrong += !equivalent(gold, right, GraderKind::kMath).equal;
        wrong += equivalent(gold, right + "+\\frac{1}{9^{9}}", GraderKind::kMath).equal;
        ++asked;
      }
    });
  }
  std::thread killer([&] {
    while (!stop) {
      for (const pid_t pid : children()) kill(pid, SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  for (std::thread& thread : threads) thread.join();
  stop = true;
  killer.join();
  CHECK(asked == 240);
  CHECK(wrong == 0);
}

TEST_CASE("A request that runs away is ended in time and the numbers' word stands", "[exact]") {
  set_exact_decider_program(testing::program_path().string());
  const std::string hard = nested_root(16);
  const ExactDeciderCounts before = exact_decider_counts();
  const auto begin = Clock::now();
  const EquivalenceVerdict verdict =
      equivalent(hard, "\\sqrt{(" + hard + ")^2}", GraderKind::kMath);
  CHECK(Clock::now() - begin < std::chrono::milliseconds(1000));
  CHECK(verdict.reason == "equal_numeric");
  CHECK(exact_decider_counts().timeouts == before.timeouts + 1);
  CHECK(equivalent("\\sqrt{2}+\\sqrt{3}", "\\sqrt{5+2\\sqrt{6}}", GraderKind::kMath).reason ==
        "equal_exact");
}

TEST_CASE("Without a program, or with one that is none, there is no answer", "[exact]") {
  set_exact_decider_program("");
  CHECK(ask("2", "2") == ExactAnswer::kAbsent);
  set_exact_decider_program("/nonexistent/program");
  CHECK(ask("2", "2") == ExactAnswer::kAbsent);
  // It ends at once: dead twice.
  set_exact_decider_program("/bin/true");
  CHECK(ask("2", "2") == ExactAnswer::kDied);
  CHECK(equivalent("\\sqrt{2}+\\sqrt{3}", "\\sqrt{5+2\\sqrt{6}}", GraderKind::kMath).reason ==
        "equal_numeric");
  set_exact_decider_program(testing::program_path().string());
  CHECK(ask("2", "2") == ExactAnswer::kEqual);
  CHECK(children().size() <= ExactDeciderLimits::kProcesses);
}

TEST_CASE("Requests are read strictly", "[exact]") {
  CHECK(answer_exact_request("# 1/2\n# 2/4\n") == kYes);
  CHECK(answer_exact_request("# a\nc pi\n") == kNo);
  CHECK(answer_exact_request("# 8\n# -1b\n# 1/3\nroot odd\n") == kNo);
  CHECK(answer_exact_request("# -3\n# -1b\n# 1/3\nroot odd\n") == kYes);
  CHECK(answer_exact_request("# 9\n# -1b\n# 2/3\nroot even\n") == kYes);
  for (const char* bad : {"", "# 1\n", "# 1\n+\n", "# x\n# 1\n", "c tau\n# 1\n", "f nothing\n",
                          "# 1\nf nothing\n# 1\n", "@\n", "root odd\n", "-\n", "# 1/0\n# 1/0\n"}) {
    INFO(bad);
    CHECK(answer_exact_request(bad) == kDontKnow);
  }
  CHECK(!exact_request(*parse_expression("x"), *parse_expression("1")).has_value());
}

}  // namespace quorum
