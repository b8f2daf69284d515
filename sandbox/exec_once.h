// Lets a process replace its program once, and then never again: for compiled programs where there
// is no process namespace. A thread that calls exec becomes its process's first one without the
// signal of the parent's death, and would outlive everybody.
//
// A filter asks a listener about each exec (seccomp_unotify(2)). Who holds the listener answers the
// first, of code that is ours, and closes it: from then on the kernel answers with ENOSYS.
#pragma once

#include "base/file.h"

namespace quorum::sandbox {

// Installs the filter for this process, which must have set no_new_privs, and returns the listener.
// Throws Error(kEnvironment), also where this process is under such a filter already.
UniqueFd ask_before_exec();

// Answers the question that waits at the listener: go on. False with errno.
bool allow_exec(int listener);

}  // namespace quorum::sandbox
