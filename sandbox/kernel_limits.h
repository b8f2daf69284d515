// The limits that the kernel keeps for a run, and whether this process may set them: who was given
// less (ulimit) cannot give more.
#pragma once

#include <chrono>
#include <cstdint>

#include "sandbox/sandbox.h"

namespace quorum::sandbox {

// Of everything that a compiler does for one program. Its wall time is generous, because what its
// processes wait for a CPU is not known.
Limits compiler_limits();

struct KernelLimits {
  std::uint64_t cpu_seconds;  // then SIGXCPU; a second later SIGKILL
  std::uint64_t memory_bytes, file_bytes;
};
// `compiles`: of a compiler, else of a program.
KernelLimits kernel_limits(const Limits& limits, bool compiles);

// Of a time limit, for programs that did not have the machine to themselves.
std::chrono::nanoseconds with_grace(std::chrono::nanoseconds time);

// Throws Error(kEnvironment) that names the limit of this process that is lower.
void require_limits(const KernelLimits& needed);

}  // namespace quorum::sandbox
