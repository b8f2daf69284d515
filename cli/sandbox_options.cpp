#include "cli/sandbox_options.h"

#include <fmt/core.h>

#include <cstdio>

#include "base/error.h"

namespace quorum::cli {

sandbox::Options sandbox_options(const SandboxOptions& flags) {
  sandbox::Options options;
  options.python = flags.python;
  if (!flags.level.empty()) {
    options.level = sandbox::parse_level(flags.level);
    if (!options.level)
      throw Error(ErrorKind::kUsage, "--sandbox-level " + flags.level + " is unknown", "",
                  "A, B, C or D");
  }
  for (const std::string& wall : flags.without) {
    bool* const left_out = wall == "seccomp"      ? &options.without.seccomp
                           : wall == "landlock"   ? &options.without.landlock
                           : wall == "namespaces" ? &options.without.namespaces
                                                  : nullptr;
    if (left_out == nullptr)
      throw Error(ErrorKind::kUsage, "--test-without " + wall + " is unknown", "",
                  "seccomp, landlock or namespaces");
    *left_out = true;
    fmt::print(stderr, "warning: the sandbox has no {} on request: a program can break out of it\n",
               wall);
  }
  return options;
}

}  // namespace quorum::cli
