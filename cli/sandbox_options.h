// From the flags that name a sandbox to the sandbox's options.
#pragma once

#include "cli/options.h"
#include "sandbox/sandbox.h"

namespace quorum::cli {

// Throws Error(kUsage) for names that do not exist; says loudly on stderr which walls are left out.
sandbox::Options sandbox_options(const SandboxOptions& flags);

}  // namespace quorum::cli
