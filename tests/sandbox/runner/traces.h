// What is to be seen on the machine from outside: processes, control groups, mounts.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>

namespace quorum::attacks {

// The living processes below `root` in the tree, whatever namespace, session or user they are in;
// those of `except` and below it are left out. Zombies count: somebody has to reap them. The caller
// must be a reaper of orphans (become_reaper) or some escape it.
std::set<pid_t> descendants(pid_t root, const std::set<pid_t>& except = {});

// The name of a process; empty: it is gone.
std::string name_of(pid_t pid);

// From now on orphans among the descendants of this process become its children.
void become_reaper();

// SIGKILL to all descendants of this process but `except`, until none is left; reaps them.
void end_descendants(const std::set<pid_t>& except);

// The control groups that launchers with these process ids made.
std::set<std::string> control_groups(const std::set<pid_t>& launchers);
// The lines of this process's mounts.
std::set<std::string> mounts();

}  // namespace quorum::attacks
