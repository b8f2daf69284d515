// The first process of a worker: small, never the program's. It keeps the interpreters, makes the
// scratch, starts compiled programs and the compiler, and reaps.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/file.h"
#include "sandbox/box_root.h"
#include "sandbox/confine.h"
#include "sandbox/interpreter.h"
#include "sandbox/sandbox.h"
#include "sandbox/syscall_filter.h"

namespace quorum::sandbox {

// Everything a worker is told by the launcher that forks it.
struct WorkerSetup {
  std::uint32_t id = 0;
  bool compiles = false;    // for one compilation, with processes; else for runs
  bool namespaces = false;  // it is the first process of new ones
  bool seccomp = true, landlock = true;
  bool map_user = false;  // its user namespace is new and has no names yet
  uid_t outside_uid = 0;  // of the launcher, for the map
  gid_t outside_gid = 0;
  Identity identity{};
  std::uint64_t max_processes = 0;
  const Python* python = nullptr;
  const Compiler* compiler = nullptr;  // may be null
  const SyscallFilters* filters = nullptr;
  std::string private_folder;  // of a compilation without namespaces: its only writable place
  std::string new_root;        // at level D: an empty folder, the root of programs
  int harness = -1;            // the worker's end of its socket
  int life = -1;               // a byte: begin; the end of it: the launcher is gone
  int group_limit = -1;        // of its cgroup, or -1

  // Whether nothing but parents' deaths ends what it starts.
  bool needs_chain() const { return !namespaces; }
};

// Does not return before the worker ends. The exit code.
int run_worker(const WorkerSetup& setup);

// The environment of everything that runs in a box, and the size of a compiled program that is
// taken.
inline constexpr std::uint64_t kMaxExecutableBytes = std::uint64_t{64} << 20;
const char* const* box_environment();

}  // namespace quorum::sandbox
