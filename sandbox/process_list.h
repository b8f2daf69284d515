// What /proc says of all processes of the machine, or of the process namespace.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace quorum::sandbox {

// Threads of all processes of this process's effective user. Those that end meanwhile may be
// missing.
std::uint64_t threads_of_user();

// The children of this process, ended ones that nobody waited for too.
std::vector<pid_t> children_of_this_process();

// CPU time of this process and all below it, ended ones that were waited for too; in steps of the
// kernel's clock ticks for each process, usually 10 ms.
std::chrono::nanoseconds cpu_time_of_this_tree();

}  // namespace quorum::sandbox
