// From facts about a run to its ending: a pure function.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "sandbox/sandbox.h"

namespace quorum::sandbox {

// Whether the kernel killed for want of memory while the program ran.
enum class OutOfMemory {
  kNo,
  kAtLimit,    // of the run's own cgroup
  kOfMachine,  // while the run was below its limit: a larger group, or the whole machine, was not
};

struct RunFacts {
  int wait_status = 0;               // as of wait4(2)
  std::chrono::nanoseconds wall{0};  // by the clock
  std::chrono::nanoseconds cpu{0}, run_delay{0};
  bool killed_for_time = false;   // by the supervisor
  bool too_many_threads = false;  // and ended for it by the supervisor
  OutOfMemory out_of_memory = OutOfMemory::kNo;
  std::uint64_t image_bytes = 0;  // of a compiled program, to be mapped before its first line
  std::uint64_t out_bytes = 0,
                err_bytes = 0;  // sizes of the files; at most one byte above the larger limit
  bool at_file_limit = false;   // a file of its was, or may have been, about to become too large
  std::string_view err;         // what it wrote to stderr
};

struct Decision {
  Ending ending = Ending::kExited;
  int exit_code = 0, signal = 0;
  std::string detail;
};

Decision decide(Language language, const Limits& limits, const RunFacts& facts);

// The time that counts: what the program waited for a CPU is the machine's fault.
std::chrono::nanoseconds own_wall(const RunFacts& facts);

// Whether that is more than it had. On a busy machine it is known to some 50 ms or 5 %: a thread's
// last wait, and the supervisor's own, are not in it.
bool over_wall(const Limits& limits, const RunFacts& facts);
std::chrono::nanoseconds busy_margin(std::chrono::nanoseconds limit);
// Whether others had the CPU for more than a tenth of the time.
bool was_busy(std::chrono::nanoseconds wall, std::chrono::nanoseconds run_delay);

// Whether the run ended by itself, but used more time than it had, which a quieter machine might
// undo.
bool near_miss(const Limits& limits, const RunFacts& facts);

}  // namespace quorum::sandbox
