// Attacks without a sandbox: that they succeed there shows that they are attacks.
#pragma once

#include <optional>
#include <string>

#include "sandbox/runner/corpus.h"
#include "sandbox/runner/targets.h"

namespace quorum::attacks {

// How a program ended.
struct Ran {
  bool compiled = true;  // false: there is no program, and `err` is the compiler's message
  int exit_code = 0;
  int signal = 0;
  bool ended_by_runner = false;  // it was still running
  std::string out, err;
  std::uint64_t out_bytes = 0, err_bytes = 0;  // also of what was not read
};

// Runs the attack unsandboxed, with bounded counts and under limits of processes, memory and CPU
// time, in a session of its own, as a child of a process that it may kill. `control-in` gives what
// it needs around it: "pid namespace", "mount namespace", "terminal", "open descriptor", "grader"
// (it is run inside the process of a grader). Throws std::runtime_error when it cannot be run.
Ran run_control(const Attack& attack, const Targets& targets, const Amounts& amounts);

// Why this machine or user cannot run the control of an attack; nullopt: it can.
std::optional<std::string> no_control(const Attack& attack);

struct ControlVerdict {
  bool succeeded = false;
  bool absent = false;  // this kernel lacks what is attacked
  std::string seen;     // what happened, in words
};
// Whether the control did what the attack's key `control` says:
// - breach: it printed BREACH; "breach or absent": or ABSENT, as this kernel lacks what is attacked
// - same: it ends as it must end in the sandbox: it is harmless
// - endless: it was still running
// - flood: its output is larger than any limit
// - crash: a signal ended it; kill: SIGKILL ended it
// - kills: the process of the test is dead; left: it left a file
// - no program: the compiler refused it, or a limit ended the compiler
// - run: it ran (what it leaves behind is looked for by the attack after it)
ControlVerdict judge_control(const Attack& attack, const Ran& ran,
                             const std::vector<std::string>& damage, std::uint64_t output_limit);

// True when a line of `text` begins with `word`.
bool has_line(const std::string& text, const std::string& word);

}  // namespace quorum::attacks
