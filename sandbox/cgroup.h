// Control groups for memory and processes, version 2 or 1, where this process may make some.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "sandbox/decide.h"

namespace quorum::sandbox {

// One group, for one worker. Removed when the object goes; its processes must be dead by then.
class Cgroup {
 public:
  Cgroup(std::vector<std::filesystem::path> folders, bool unified);
  ~Cgroup();
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;

  // Throws Error(kEnvironment).
  void add(pid_t pid);
  // Opens what a worker needs in order to set its own memory limit later, from a box without these
  // files, and what the harness needs in order to see why something was killed. Throws
  // Error(kEnvironment).
  UniqueFd open_limit() const;   // to be given to set_limit
  UniqueFd open_events() const;  // to be given to memory_events
  UniqueFd open_hits() const;    // to be given to memory_events; version 2 has none

 private:
  std::vector<std::filesystem::path> folders_;  // of memory first
  bool unified_;
};

// False with errno.
bool set_limit(int limit_fd, std::uint64_t bytes);
// How often the kernel has killed in the group for want of memory, and how often the group's own
// limit left no memory. `hits_fd` is of open_hits(), -1 for version 2.
struct MemoryEvents {
  std::uint64_t kills = 0, limit_hits = 0;
};
MemoryEvents memory_events(int events_fd, int hits_fd);
// What happened between two looks.
OutOfMemory out_of_memory(const MemoryEvents& before, const MemoryEvents& after);

// Of a launcher, and locked while it lives (locked_folder.h).
struct LockedGroup {
  std::filesystem::path path;
  UniqueFd lock;
};

// Version 2 hands controllers down only from a group that holds no process itself. Moves this
// process and its parent out of `group` into a new one below it, if nobody else is there; nullopt:
// somebody is, or it is not allowed.
std::optional<LockedGroup> step_aside(const std::filesystem::path& group);
// Undoes it, once no other group below hands controllers down: the group hands none down, holds
// everybody who was in `leaf`, and `leaf` is gone.
void step_back(const std::filesystem::path& leaf);

// A folder of ours in each hierarchy: below our own group or, where that is not possible, at the
// top (version 1) or below the nearest group above where it is (version 2).
class CgroupParent {
 public:
  // Throws Error(kEnvironment) that says why there is none.
  static std::unique_ptr<CgroupParent> make();
  ~CgroupParent();
  CgroupParent(const CgroupParent&) = delete;
  CgroupParent& operator=(const CgroupParent&) = delete;

  std::unique_ptr<Cgroup> make_group(const std::string& name, std::uint64_t max_processes);
  int version() const { return unified_ ? 2 : 1; }

 private:
  CgroupParent(std::vector<LockedGroup> groups, bool unified);
  std::vector<std::filesystem::path> folders_;
  std::vector<UniqueFd> locks_;
  std::optional<LockedGroup> aside_;
  bool unified_;
};

// Removes a folder of a CgroupParent and the groups in it, as far as no process is in them. Tries
// again for as long as a second while some are there.
void remove_groups(const std::filesystem::path& parent);
// The same for those of launchers that were killed, wherever a launcher of ours may have made them.
void remove_abandoned_groups();

// From /proc/self/cgroup and /proc/self/mountinfo: where each controller ("memory", "pids"; "" is
// version 2) has our own group. Pure, for tests.
struct CgroupPlace {
  std::filesystem::path mount, own;  // own: below mount; equal to it at the top
};
std::optional<CgroupPlace> find_cgroup(const std::string& controller,
                                       const std::string& self_cgroup,
                                       const std::string& mountinfo);

}  // namespace quorum::sandbox
