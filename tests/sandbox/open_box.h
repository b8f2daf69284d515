// One sandbox for the tests of a file, at the strongest level that this machine allows.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/sandbox.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum::testing {

inline constexpr int kBoxWorkers = 2;

inline sandbox::Sandbox& box() {
  static const auto opened = [] {
    sandbox::Options options;
    options.launcher = program_path();
    options.workers = kBoxWorkers;
    return sandbox::Sandbox::open(options);
  }();
  return *opened;
}

inline sandbox::Run make_run(const std::string& source,
                             sandbox::Language language = sandbox::Language::kPython,
                             std::string_view input = "") {
  sandbox::Run run;
  run.program = std::make_shared<sandbox::Program>(sandbox::Program{language, source});
  run.input = sandbox::Input(input);
  run.limits.cpu = run.limits.wall = std::chrono::seconds(5);
  return run;
}

// Fails the test if the sandbox itself does.
inline sandbox::Outcome outcome_of(const sandbox::Run& run) {
  const sandbox::Sandbox::Result result = box().run(run);
  if (const auto* failure = std::get_if<sandbox::InfraFailure>(&result))
    FAIL("infrastructure: " << failure->what);
  return std::get<sandbox::Outcome>(result);
}

}  // namespace quorum::testing
