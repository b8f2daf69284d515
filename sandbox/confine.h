// What a process gives up before it becomes the interpreter, a program or a compiler.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "sandbox/landlock.h"
#include "sandbox/run_limits.h"
#include "sandbox/sandbox.h"
#include "sandbox/syscall_filter.h"

namespace quorum::sandbox {

inline constexpr unsigned kInsideUser =
    1000;  // how programs see their user where a namespace can name it

// The user that programs run as.
struct Identity {
  uid_t uid;
  gid_t gid;
  bool change;          // whether it has to be taken first: by root
  bool user_namespace;  // whether programs are to have a user namespace of their own (root at A and
                        // B)
};

// Takes the identity, and no other group; drops every capability; forbids gaining any
// (no_new_privs); asks to die with the parent. Throws Error(kEnvironment).
void drop_privileges(const Identity& identity);

// Makes this process's own user namespace usable: its user, seen as `uid` inside. False with errno.
bool map_own_user(uid_t outside_uid, gid_t outside_gid, uid_t uid, gid_t gid);

// The limits that hold for every process of a worker.
void limit_worker();
// Threads and processes of the user, counted in its user namespace if that is made before; 0: not
// limited here.
void limit_processes(std::uint64_t most);

// set_run_limits(), or throws Error(kEnvironment).
void limit_run(const RunLimits& limits);

}  // namespace quorum::sandbox
