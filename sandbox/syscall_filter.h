// The seccomp filters: default deny, one table of names for every architecture.
//
// Three programs are built once, at start, by libseccomp, and installed raw: nothing is allocated
// between fork and exec. A call that the table refuses or does not name gets EPERM; one newer than
// every name of the table gets ENOSYS, so that libraries fall back. A call of another architecture
// (int 0x80 on x86-64) kills the process; x32 gets ENOSYS.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "sandbox/self_placeholder.h"

namespace quorum::sandbox {

// Instructions of classic BPF (struct sock_filter), as seccomp(2) takes them.
using FilterBytes = std::string;

struct SyscallFilters {
  // For the interpreter that is forked for each run: may fork, and tighten what holds its children.
  FilterBytes base;
  // On top of base, for the program itself: no new process, no signal to another, no further
  // filter. Where it says kSelfPlaceholder, the process's own id belongs.
  FilterBytes program;
  // The same, and no other program: where there is no process namespace, a thread that becomes one
  // would outlive its parent.
  FilterBytes program_without_exec;
  // For the compiler, instead of both: as base, with what compilers need (processes, chmod).
  FilterBytes compiler;
};

// Throws Error(kEnvironment) when libseccomp cannot build one.
SyscallFilters build_filters();

// `filter` with the process's id in place of kSelfPlaceholder.
FilterBytes for_process(FilterBytes filter, pid_t self);

// Installs it for this process, which must have set no_new_privs. False with errno.
bool install_filter(const FilterBytes& filter);

}  // namespace quorum::sandbox
