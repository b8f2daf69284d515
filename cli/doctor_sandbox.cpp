// The sandbox part of quorum doctor.
#include <fmt/core.h>

#include "base/error.h"
#include "cli/finding.h"
#include "cli/sandbox_options.h"
#include "sandbox/cpp_support.h"
#include "sandbox/sandbox.h"

namespace quorum::cli {

std::vector<Finding> sandbox_findings(const SandboxOptions& flags) {
  sandbox::Options options = sandbox_options(flags);
  options.workers = 1;
  try {
    const auto box = sandbox::Sandbox::open(options);
    const sandbox::Report& report = box->report();
    std::vector<Finding> list;
    const bool strong = report.level <= sandbox::Level::kB;
    list.push_back(
        {"sandbox",
         fmt::format("level {} on Linux {}", sandbox::to_string(report.level), report.kernel),
         strong || report.refused.empty() ? "" : report.refused.back().advice,
         strong ? State::kOk : State::kWarning});
    for (const sandbox::Finding& f : report.refused)
      list.push_back({"sandbox " + f.what, "does not hold: " + f.found, f.advice, State::kWarning});
    for (const sandbox::Finding& f : report.walls)
      list.push_back(
          {"sandbox wall", f.what + ": " + f.found, f.advice, f.ok ? State::kOk : State::kWarning});
    for (const sandbox::Finding& f : report.canaries)
      list.push_back({"sandbox canary", f.what + ": " + f.found, f.advice,
                      f.ok ? State::kOk : State::kWarning});
    list.push_back(
        {"Python programs",
         fmt::format("{} ({}), {}", report.python, report.python_version,
                     report.numpy_version.empty() ? "no numpy" : "numpy " + report.numpy_version),
         "", State::kOk});
    for (const std::string& folder : report.foreign_path)
      list.push_back({"Python programs", folder + " is on the interpreter's path, but not in it",
                      "programs do not see it; install what they need into the interpreter",
                      State::kWarning});
    const std::optional<Error> no = sandbox::no_cpp(report);
    list.push_back({"C++ programs", no ? "none: " + no->because() : report.compiler,
                    no ? no->hint() : "", no ? State::kWarning : State::kOk});
    return list;
  } catch (const Error& error) {
    // Everything but programs works without it.
    return {{"sandbox", error.message() + ": " + error.because(), error.hint(), State::kWarning}};
  }
}

}  // namespace quorum::cli
