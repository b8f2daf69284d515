// A process as the harness sees it from outside, in its own /proc.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace quorum::sandbox {

// The number by which this process knows the process behind a pidfd; 0: it is gone, or not visible.
pid_t pid_of(int pidfd);

struct ExpectedWalls {
  bool seccomp = true;
  std::uint64_t memory_bytes = 0, cpu_seconds = 0, file_bytes = 0;  // resource limits
};
// What is missing of the walls around a process that waits to be let go; empty: all is up. It looks
// for no_new_privs, a seccomp filter, no capability, no superuser, no core dump, and the resource
// limits.
std::string missing_walls(pid_t pid, const ExpectedWalls& expected);

// The same, of the texts of /proc/PID/status and /proc/PID/limits. Pure.
std::string missing_in_status(const std::string& status, bool seccomp);
std::string missing_in_limits(const std::string& limits, const ExpectedWalls& expected);

// How long its threads that are alive were runnable without a CPU: of the one that waited longest.
std::chrono::nanoseconds run_delay(pid_t pid);
// Of its first thread only: all there is at the gate.
std::chrono::nanoseconds first_run_delay(pid_t pid);
int thread_count(pid_t pid);
// Whether one of its threads has a CPU or waits for one.
bool is_runnable(pid_t pid);
// Of all its threads, ended ones too.
std::optional<std::chrono::nanoseconds> cpu_time(pid_t pid);
// How many processes the kernel has killed for want of memory since the machine was started.
std::uint64_t machine_out_of_memory_kills();

}  // namespace quorum::sandbox
