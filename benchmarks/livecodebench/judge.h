// Runs a program's tests in a sandbox, in order, up to the first that fails.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "benchmarks/livecodebench/judgement.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "sandbox/sandbox.h"

namespace quorum::code {

// What every test of every program gets. Part of a grade's key.
struct JudgeLimits {
  // A test: CPU time, and wall time without waiting for a CPU. A suite's own limit comes first.
  int seconds = 6;
  std::uint64_t process_memory = std::uint64_t{1} << 30;
  // The official checker sets no limit; it has all tests of a program in memory at once.
  std::uint64_t official_memory = std::uint64_t{4} << 30;
  std::uint64_t output_bytes = std::uint64_t{64} << 20;
};

// Where programs run. Thread-safe. The sandbox is one; tests bring their own.
class ProgramRunner {
 public:
  virtual ~ProgramRunner() = default;
  // `channel` may be null. Blocks until the program has ended.
  virtual sandbox::Sandbox::Result run(sandbox::Run run,
                                       std::shared_ptr<sandbox::ChannelHandler> channel) = 0;
};

// A judgement, or why there is none: that the infrastructure failed says nothing about the program.
using JudgeResult = std::variant<Judgement, sandbox::InfraFailure>;

// The caller's thread waits. Precondition: lcb-official and functions: Python.
JudgeResult judge(ProgramRunner& runner, Mode mode, const TestSuite& suite,
                  const sandbox::Program& program, const JudgeLimits& limits = {});

// The Python text of the driver and wrapper: part of a grade's key.
std::string_view driver_source();

}  // namespace quorum::code
