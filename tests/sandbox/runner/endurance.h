// Many runs, and ends at random moments: what is left on the machine.
#pragma once

#include "sandbox/runner/modes.h"

namespace quorum::attacks {

// Runs `runs` small programs, of which some fail in each way, and prints processes, descriptors,
// control groups, mounts, files in /dev/shm and memory at the start, at each tenth and at the end.
// The number of programs with another ending than they must have, and of counts that grew; lines
// with FAIL say which.
int run_endurance(const SandboxChoice& choice, long runs);

// Starts `program endure …` again and again, kills it or a process below it with SIGKILL at a
// random moment, and looks for what is left after three seconds. Where not the harness was killed,
// it must end well by itself: the sandbox goes on with what is left. The number of rounds that went
// wrong.
int run_kills(const std::string& program, const SandboxChoice& choice, int rounds, unsigned seed);

}  // namespace quorum::attacks
