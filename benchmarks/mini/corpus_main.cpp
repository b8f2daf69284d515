// mini_corpus: the training text of models/tiny, and problem sets, as JSON lines on stdout.
//   mini_corpus train COUNT SEED [CODE_PERCENT]   {"prompt", "completion"} of the training split
//   mini_corpus mini SEED [COUNT]                 {"id", "kind", "level", "problem", "answer"} of
//   the test split mini_corpus code SEED COUNT                   {"id", "kind", "prompt",
//   "completion", "program", "tests"} of the test split
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/mini/code_task_generator.h"
#include "benchmarks/mini/problem_generator.h"

namespace {

using namespace quorum;

// All texts here are ASCII.
std::string json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

void print(const std::string& line) { std::fwrite(line.data(), 1, line.size(), stdout); }

void print_training(long count, std::uint64_t seed, std::uint32_t code_percent) {
  PhiloxStream random(seed);
  for (long i = 0; i < count; ++i) {
    std::string prompt, completion;
    if (random.below(100) < code_percent) {
      const CodeTask task = draw_training_code_task(random);
      prompt = code_prompt(task.task);
      completion = code_completion(task);
    } else {
      const MiniProblem problem = draw_training_problem(random);
      prompt = mini_prompt(problem.problem);
      completion = mini_completion(problem);
    }
    print("{\"prompt\": " + json(prompt) + ", \"completion\": " + json(completion) + "}\n");
  }
}

void print_code(std::uint64_t seed, int count) {
  for (const CodeTask& task : draw_code_tasks(seed, count)) {
    std::string tests;
    for (const CodeTest& test : task.tests)
      tests += (tests.empty() ? "" : ", ") + ("{\"input\": " + json(test.input)) +
               ", \"output\": " + json(test.output) + '}';
    print("{\"id\": " + json(task.id) + ", \"kind\": " + json(task.kind) + ", \"prompt\": " +
          json(code_prompt(task.task)) + ", \"completion\": " + json(code_completion(task)) +
          ", \"program\": " + json(task.program) + ", \"tests\": [" + tests + "]}\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t i) { return std::strtoull(words[i].c_str(), nullptr, 10); };
  if (words.size() >= 3 && words[0] == "train") {
    print_training(static_cast<long>(number(1)), number(2),
                   words.size() > 3 ? static_cast<std::uint32_t>(number(3)) : 12);
  } else if (words.size() >= 2 && words[0] == "mini") {
    print(mini_jsonl(
        draw_mini(number(1), words.size() > 2 ? static_cast<int>(number(2)) : kMiniCount)));
  } else if (words.size() >= 3 && words[0] == "code") {
    print_code(number(1), static_cast<int>(number(2)));
  } else {
    std::fputs(
        "use: mini_corpus train COUNT SEED [CODE_PERCENT] | mini SEED [COUNT] | code SEED COUNT\n",
        stderr);
    return 2;
  }
  return 0;
}
