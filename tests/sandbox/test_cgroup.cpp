// Control groups: where they are, what they say, and who is in them.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "sandbox/cgroup.h"
#include "sandbox/locked_folder.h"
#include "sandbox/system.h"
#include "support/catch.h"

using namespace quorum::sandbox;

namespace {

namespace fs = std::filesystem;

// At the top of version 2, for one test; empty: none can be made here.
fs::path new_unified_group() {
  const auto place =
      find_cgroup("", read_text("/proc/self/cgroup"), read_text("/proc/self/mountinfo"));
  const fs::path group = place ? place->mount / name_of_this_process("aside") : fs::path();
  if (place && mkdir(group.c_str(), 0755) == 0) return group;
  std::puts("SKIPPED: no group of version 2 can be made here");
  return {};
}

}  // namespace

TEST_CASE(
    "the own group is found in both versions of cgroups, and in a container's part of the tree") {
  const std::string first =
      "30 20 0:5 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
      "31 20 0:6 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n";
  const auto memory = find_cgroup("memory", "5:memory:/jobs/a\n4:cpu,cpuacct:/b\n", first);
  REQUIRE(memory);
  CHECK(memory->mount == "/sys/fs/cgroup/memory");
  CHECK(memory->own == "/sys/fs/cgroup/memory/jobs/a");
  CHECK(find_cgroup("cpuacct", "4:cpu,cpuacct:/b\n", first)->own == "/sys/fs/cgroup/cpu,cpuacct/b");
  CHECK_FALSE(find_cgroup("pids", "5:memory:/jobs/a\n", first));
  const std::string second =
      "25 20 0:4 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
  CHECK(find_cgroup("", "0::/user.slice/x.scope\n", second)->own ==
        "/sys/fs/cgroup/user.slice/x.scope");
  CHECK(find_cgroup("", "0::/\n", second)->own == "/sys/fs/cgroup");
  CHECK_FALSE(find_cgroup("memory", "0::/\n", second));
  const std::string container =
      "25 20 0:5 /docker/7 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
  CHECK(find_cgroup("memory", "5:memory:/docker/7/in\n", container)->own ==
        "/sys/fs/cgroup/memory/in");
  CHECK(find_cgroup("memory", "5:memory:/elsewhere\n", container)->own == "/sys/fs/cgroup/memory");
  CHECK(find_cgroup("memory", "5:memory:/docker/77/in\n", container)->own ==
        "/sys/fs/cgroup/memory");
  CHECK(find_cgroup("", "0::/a\n", "25 20 0:4 / /my\\040groups rw - cgroup2 cgroup2 rw\n")->own ==
        "/my groups/a");
}

TEST_CASE(
    "who is alone in a group of version 2 steps aside, so that it may hand controllers down") {
  const fs::path group = new_unified_group();
  if (group.empty()) return;
  const auto in_child = [&](auto action) {
    const pid_t child = fork();
    if (child == 0) {
      std::ofstream(group / "cgroup.procs") << getpid();
      _exit(action() ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status == 0;
  };
  CHECK(in_child([&] {
    const auto leaf = step_aside(group);
    const std::string here = std::to_string(getpid()) + "\n";
    const bool moved = leaf && read_text(group / "cgroup.procs").empty() &&
                       read_text(leaf->path / "cgroup.procs") == here;
    if (moved) step_back(leaf->path);
    return moved && read_text(group / "cgroup.procs") == here && !fs::exists(leaf->path);
  }));
  const pid_t other = fork();
  if (other == 0) {
    pause();
    _exit(0);
  }
  std::ofstream(group / "cgroup.procs") << other;
  CHECK(in_child([&] { return !step_aside(group); }));
  kill(other, SIGKILL);
  waitpid(other, nullptr, 0);
  remove_groups(group);
  CHECK_FALSE(fs::exists(group));
}

TEST_CASE("who was moved aside by a launcher that was killed steps back") {
  const fs::path group = new_unified_group();
  if (group.empty()) return;
  const pid_t harness = fork();
  if (harness == 0) {
    std::ofstream(group / "cgroup.procs") << getpid();
    const pid_t launcher = fork();
    if (launcher == 0) {
      const auto leaf = step_aside(group);
      kill(getpid(), SIGKILL);
    }
    waitpid(launcher, nullptr, 0);
    const bool moved = read_text(group / "cgroup.procs").empty();
    remove_abandoned_groups();
    _exit(moved && read_text(group / "cgroup.procs") == std::to_string(getpid()) + "\n" ? 0 : 1);
  }
  int status = -1;
  waitpid(harness, &status, 0);
  CHECK(status == 0);
  remove_groups(group);
  CHECK_FALSE(fs::exists(group));
}
