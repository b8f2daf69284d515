#include "benchmarks/mini/code_task_generator.h"

#include <set>
#include <utility>

#include "base/sha256.h"
#include "base/text.h"
#include "benchmarks/mini/code_families.h"

namespace quorum {
namespace {

using mini::CodeFamily;
using mini::CodeInput;
using mini::CodeParameter;

// The stream that draw_code_tasks uses, so that no training seed repeats its numbers.
constexpr std::uint32_t kCodeStream = 0x636f6465;
constexpr int kTests = 5;

struct InputWords {
  const char* reads;    // in the task
  const char* thought;  // in the thought
  const char* code;     // the first lines of the program
};

InputWords words_for(CodeInput input) {
  switch (input) {
    case CodeInput::kTwoNumbers:
      return {"two integers, one per line,", "the two numbers a and b",
              "a = int(input())\nb = int(input())\n"};
    case CodeInput::kOneNumber: return {"one integer", "the number a", "a = int(input())\n"};
    case CodeInput::kNumberList:
      return {"integers separated by spaces on one line", "the list xs",
              "xs = list(map(int, input().split()))\n"};
    case CodeInput::kText: break;
  }
  return {"one line of text", "the line s", "s = input()\n"};
}

std::string with_parameter(const char* pattern, const CodeFamily& family,
                           const CodeParameter& parameter) {
  const bool number = family.parameter == CodeFamily::kNumber;
  const std::string first =
      number ? std::to_string(parameter.number) : std::string(1, parameter.letter);
  return replace_all(replace_all(pattern, "{0}", first), "{1}", std::string(1, parameter.letter2));
}

std::string input_text(CodeInput input, const mini::CodeValues& values) {
  if (input == CodeInput::kText) return values.line + '\n';
  std::vector<std::string> parts;
  for (const std::int64_t number : values.numbers) parts.push_back(std::to_string(number));
  return join(parts, input == CodeInput::kNumberList ? " " : "\n") + '\n';
}

}  // namespace

MiniSplit code_split(std::string_view task) {
  return Sha256().update(task).digest()[0] < 32 ? MiniSplit::kTest : MiniSplit::kTrain;
}

std::size_t code_family_count() { return mini::code_families().size(); }

CodeTask draw_code_task(PhiloxStream& random, std::size_t family_index) {
  const CodeFamily& family = mini::code_families()[family_index];
  CodeParameter parameter;
  parameter.number = random.between(2, 60);
  parameter.letter = static_cast<char>('a' + random.below(26));
  parameter.letter2 = static_cast<char>(
      'a' + (parameter.letter - 'a' + 1 + static_cast<int>(random.below(25))) % 26);

  static constexpr const char* kOpenings[] = {
      "Write a Python program that reads ",    "Write a short Python program that reads ",
      "Give a Python program that reads ",     "In Python, write a program that reads ",
      "Write a program in Python that reads ", "Give a short Python program that reads "};
  const InputWords words = words_for(family.input);
  CodeTask task;
  task.kind = family.name;
  task.task = kOpenings[random.below(6)];
  task.task += words.reads;
  task.task += " and " + with_parameter(family.asks, family, parameter) + '.';
  task.reasoning = std::string("I read ") + words.thought + ", then " +
                   with_parameter(family.thought, family, parameter) + '.';
  task.program = words.code + with_parameter(family.prints, family, parameter) + '\n';
  for (int i = 0; i < kTests; ++i) {
    const mini::CodeValues values = mini::draw_values(random, family.input);
    task.tests.push_back(
        {input_text(family.input, values), family.output(values, parameter) + '\n'});
  }
  return task;
}

CodeTask draw_training_code_task(PhiloxStream& random) {
  const std::size_t family = random.below(static_cast<std::uint32_t>(code_family_count()));
  for (;;) {
    CodeTask task = draw_code_task(random, family);
    if (code_split(task.task) == MiniSplit::kTrain) return task;
  }
}

std::vector<CodeTask> draw_code_tasks(std::uint64_t seed, int count) {
  PhiloxStream random(seed, kCodeStream);
  std::vector<CodeTask> tasks;
  std::set<std::string> seen;
  for (std::size_t turn = 0; static_cast<int>(tasks.size()) < count; ++turn) {
    // A family without a parameter has few texts, perhaps none in the test split: after some tries
    // the next one follows.
    for (int tries = 0; tries < 100; ++tries) {
      CodeTask task = draw_code_task(random, turn % code_family_count());
      if (code_split(task.task) != MiniSplit::kTest || !seen.insert(task.task).second) continue;
      task.id = "code-" + std::to_string(seed) + '-' + std::to_string(tasks.size());
      tasks.push_back(std::move(task));
      break;
    }
  }
  return tasks;
}

std::string code_prompt(std::string_view task) {
  return std::string(task) + "\nThink first, then write the program in one fenced block.";
}

std::string code_completion(const CodeTask& task) {
  return task.reasoning + "\n</think>\n\n```python\n" + task.program + "```";
}

}  // namespace quorum
