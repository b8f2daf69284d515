// One-line programming tasks with tests, drawn from a seed: a small part of the text that
// models/tiny is trained on, and problems for a sandboxed benchmark. The wording is this project's
// own.
//
// Training and test tasks are disjoint: the task's text decides its split.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/philox.h"
#include "benchmarks/mini/problem_generator.h"

namespace quorum {

struct CodeTest {
  std::string input;   // all of stdin
  std::string output;  // all of stdout that a right program prints
};

struct CodeTask {
  std::string id;    // "code-SEED-INDEX"; empty outside draw_code_tasks
  std::string kind;  // the family, for example "sum_of_two"
  std::string task;  // one line: "Write a Python program that …"
  std::vector<CodeTest> tests;
  std::string reasoning;  // a sentence or two
  std::string program;    // a right Python 3 program, a few lines
};

// One eighth of all tasks is test: the first byte of SHA-256 over the task's text is below 32.
MiniSplit code_split(std::string_view task);

// The number of families; `family` below is smaller.
std::size_t code_family_count();
// One task of either split.
CodeTask draw_code_task(PhiloxStream& random, std::size_t family);
// One task of the training split, the family uniform.
CodeTask draw_training_code_task(PhiloxStream& random);
// `count` tasks of the test split with different texts, family after family as far as each reaches.
std::vector<CodeTask> draw_code_tasks(std::uint64_t seed, int count);

// The user message of a task.
std::string code_prompt(std::string_view task);
// What a model should write after the open thought "<think>\n".
std::string code_completion(const CodeTask& task);

}  // namespace quorum
