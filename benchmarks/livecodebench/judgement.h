// What the tests say of a program.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "benchmarks/livecodebench/test_suite.h"
#include "sandbox/sandbox.h"

namespace quorum::code {

enum class ProgramVerdict {
  kAccepted,
  kWrongAnswer,
  kTimeLimit,
  kMemoryLimit,
  kOutputLimit,
  kRuntimeError,
  kCompileError
};
std::string verdict_code(ProgramVerdict verdict);  // "AC", "WA", "TLE", "MLE", "OLE", "RE", "CE"
std::optional<ProgramVerdict> parse_verdict_code(std::string_view code);

// How a program's tests are run.
enum class Mode {
  kProcess,     // a fresh process a test, the program as it is; a function through a small wrapper
  kLcbOfficial  // all tests of a program in one process, by the rules of LiveCodeBench's checker
};
std::string mode_name(Mode mode);  // "process", "lcb-official"
std::optional<Mode> parse_mode(std::string_view name);

struct Judgement {
  ProgramVerdict verdict = ProgramVerdict::kAccepted;
  std::size_t test = 0;   // that decided, from 0; of an accepted program the number of tests
  std::size_t tests = 0;  // of the suite
  // kLcbOfficial: the error code that the official checker would store; 0: passed. -2 wrong, -3
  // time, -4 error, -5 the process died (which it reports as wrong).
  int official = 0;
  std::string detail;  // for people: "line 3: …", "MemoryError"; may be empty
};

// What one run of a program in `process` mode says of one test; pure. A program that was killed or
// ended with another exit code than 0 is judged by that, whatever it printed. `record`: what the
// wrapper of a function sent, absent when it sent nothing.
Judgement decide(const sandbox::Outcome& outcome, const TestSuite& suite, std::size_t test,
                 const std::optional<std::string>& record = std::nullopt);

// What one record of the driver says of one test in `lcb-official` mode; pure. `record`: its letter
// and text (driver.py).
Judgement decide_official(std::string_view record, const TestSuite& suite, std::size_t test);

// The same for a driver that ended before it sent the record of this test.
Judgement decide_official_end(const sandbox::Outcome& outcome, const TestSuite& suite,
                              std::size_t test);

}  // namespace quorum::code
