// The grader of queries with tests: takes the program out of the completion and judges it in the
// sandbox. Queries of other kinds go to the grader of answers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "benchmarks/livecodebench/code_extraction.h"
#include "benchmarks/livecodebench/judge.h"
#include "benchmarks/math/grader.h"
#include "harness/task.h"

namespace quorum::code {

struct CodeGraderOptions {
  // The first decides the verdict; each is reported.
  std::vector<Mode> modes = {Mode::kProcess, Mode::kLcbOfficial};
  // Of `process`; lcb-official takes the official rule.
  ExtractionRule extraction = ExtractionRule::kLastBlock;
  JudgeLimits limits;
  // Where programs run; null: grade() throws Error(kEnvironment) for a program that has to be run.
  std::shared_ptr<ProgramRunner> runner;
  bool only_tests =
      false;  // all queries have tests: the grader of answers is no part of the version
};

// "process,lcb-official" and the like; each once. Error(kUsage) says what there is.
Result<std::vector<Mode>> parse_modes(const std::string& text);
std::string modes_text(const std::vector<Mode>& modes);

// A Grade's reason is one word a mode, "process:AC lcb-official:WA", with the test that decided and
// how many there are: "process:WA@3/20"; "known-bad" follows for problems whose tests are known to
// be bad. Its warning says more for people, and why the problem is known to be bad. Thread-safe:
// many samples may be graded at once, each on its caller's thread. grade() throws
// Error(kEnvironment) when the sandbox fails: that is no verdict. What was judged before (same
// program, tests, mode) is not run again. C++ (suites with another `language` than python) is
// judged by `process` alone: lcb-official has no word on it, and where only lcb-official is asked
// for, grade() throws Error(kUsage).
std::shared_ptr<const Grader> make_code_grader(const AnswerGraderOptions& answers,
                                               const CodeGraderOptions& options);

// What a reason says of a mode; nullopt: nothing.
std::optional<ProgramVerdict> verdict_in_reason(const std::string& reason, Mode mode);

}  // namespace quorum::code
