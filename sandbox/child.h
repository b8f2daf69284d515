// The processes that a worker starts: interpreters, compiled programs, the compiler.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/file.h"
#include "sandbox/protocol.h"
#include "sandbox/worker.h"

namespace quorum::sandbox {

inline constexpr std::uint64_t kCompilerScratchBytes = std::uint64_t{256} << 20;

// An interpreter that serves requests on `requests`; what it says before it can is in `errors`.
// Throws Error(kEnvironment) when it cannot be forked; later failures end it.
pid_t start_zygote(const WorkerSetup& setup, int requests, int errors, bool numpy, bool proc);

// A compiled program, or the compiler. It reports to the harness itself that it waits, or why it
// cannot. Where setup.needs_chain(), `line` is the child's end of it: a compiled program sends over
// this socket whom it asks before it becomes its program (exec_once.h); the compiler and all its
// processes are killed when the other end of this pipe is closed. Else it is -1. Throws
// Error(kEnvironment) when it cannot be forked.
pid_t start_child(const WorkerSetup& setup, const RunRequest& request,
                  const std::vector<UniqueFd>& descriptors, int line);

// What the compiler made, as a sealed file in memory; none if there is nothing, or too much.
UniqueFd take_compiled(const WorkerSetup& setup);

// Nanoseconds that the process (ended, not yet reaped) waited for a CPU; -1: unknown.
std::int64_t run_delay_of(pid_t pid);

}  // namespace quorum::sandbox
