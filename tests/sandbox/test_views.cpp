// Texts that the sandbox reads: of /proc, of cgroups, of its canaries.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sandbox/canaries.h"
#include "sandbox/cgroup.h"
#include "sandbox/locked_folder.h"
#include "sandbox/process_view.h"
#include "support/catch.h"

using namespace quorum::sandbox;

namespace {

std::string status(const std::string& uid, const std::string& new_privileges,
                   const std::string& seccomp, const std::string& effective,
                   const std::string& permitted) {
  return "Name:\tx\nUid:\t" + uid + "\t" + uid + "\nCapInh:\t0000000000000000\nCapPrm:\t" +
         permitted + "\nCapEff:\t" + effective +
         "\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t" + new_privileges +
         "\nSeccomp:\t" + seccomp + "\n";
}
const std::string kNone = "0000000000000000";

}  // namespace

TEST_CASE("a process is let go only with every wall up") {
  CHECK(missing_in_status(status("64501", "1", "2", kNone, kNone), true).empty());
  CHECK(missing_in_status(status("64501", "0", "2", kNone, kNone), true) == "no_new_privs");
  CHECK(missing_in_status(status("64501", "1", "0", kNone, kNone), true) == "the seccomp filter");
  CHECK(missing_in_status(status("64501", "1", "0", kNone, kNone), false).empty());
  CHECK(missing_in_status(status("64501", "1", "2", "0000000000200000", kNone), true) ==
        "capabilities (CapEff)");
  CHECK(missing_in_status(status("64501", "1", "2", kNone, "0000000000000001"), true) ==
        "capabilities (CapPrm)");
  CHECK(missing_in_status(status("0", "1", "2", kNone, kNone), true) == "a user other than root");
  CHECK_FALSE(missing_in_status("", true).empty());
}

TEST_CASE("the resource limits of a process are read from its table") {
  const auto table = [](const std::string& memory, const std::string& cpu, const std::string& file,
                        const std::string& core) {
    return "Limit                     Soft Limit           Hard Limit           Units     \nMax "
           "cpu time              " +
           cpu + "                    " + cpu +
           "                    seconds   \nMax file size             " + file +
           "                " + file + "                bytes     \nMax core file size        " +
           core + "                    " + core +
           "                    bytes     \nMax address space         " + memory + "            " +
           memory + "            bytes     \n";
  };
  const ExpectedWalls expected{true, 1 << 20, 6, 1001};
  CHECK(missing_in_limits(table("1048576", "7", "1001", "0"), expected).empty());
  CHECK(missing_in_limits(table("1048577", "7", "1001", "0"), expected) == "the limit of memory");
  CHECK(missing_in_limits(table("unlimited", "7", "1001", "0"), expected) == "the limit of memory");
  CHECK(missing_in_limits(table("1048576", "unlimited", "1001", "0"), expected) ==
        "the limit of CPU time");
  CHECK(missing_in_limits(table("1048576", "7", "1002", "0"), expected) ==
        "the limit of file sizes");
  CHECK(missing_in_limits(table("1048576", "7", "1001", "1"), expected) ==
        "the limit of core dumps");
  CHECK_FALSE(missing_in_limits("", expected).empty());
}

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
  namespace fs = std::filesystem;
  const auto read = [](const fs::path& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto place = find_cgroup("", read("/proc/self/cgroup"), read("/proc/self/mountinfo"));
  const fs::path group = place ? place->mount / name_of_this_process("aside") : fs::path();
  if (!place || mkdir(group.c_str(), 0755) != 0) {
    std::puts("SKIPPED: no group of version 2 can be made here");
    return;
  }
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
    return leaf && read(group / "cgroup.procs").empty() &&
           read(leaf->path / "cgroup.procs") == std::to_string(getpid()) + "\n";
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

TEST_CASE("a canary that says nothing counts as a breach") {
  const auto findings =
      read_canaries("a: refused PermissionError\nb: REACHED 7\n", {"a", "b", "c"});
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].ok);
  CHECK_FALSE(findings[1].ok);
  CHECK_FALSE(findings[2].ok);
}
