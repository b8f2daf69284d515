#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/error.h"
#include "sandbox/runner/endurance.h"
#include "sandbox/runner/traces.h"

namespace quorum::attacks {
namespace {

using std::chrono::milliseconds;

constexpr int kNotOpened = 4;  // exit code of a harness whose sandbox was killed while it was tried

pid_t start(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  if (::posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ) != 0)
    throw std::runtime_error("cannot start " + words[0]);
  return pid;
}

// Waits for the process, three minutes at most; -1: it did not end.
int wait_for(pid_t pid) {
  int status = 0;
  for (int i = 0; i < 9000; ++i) {
    if (::waitpid(pid, &status, WNOHANG) == pid) return status;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return -1;
}

// Processes that are still there after three seconds.
std::set<pid_t> left_over() {
  std::set<pid_t> left;
  for (int i = 0; i < 150; ++i) {
    left = descendants(::getpid());
    if (left.empty()) break;
    for (const pid_t pid : left) ::waitpid(pid, nullptr, WNOHANG);  // orphans are ours
    std::this_thread::sleep_for(milliseconds(20));
  }
  return left;
}

}  // namespace

int run_kills(const std::string& program, const SandboxChoice& choice, int rounds, unsigned seed) {
  become_reaper();
  std::mt19937 random(seed);
  const std::set<std::string> mounts_before = mounts();
  int failures = 0;
  const int first = wait_for(start({program, "endure", choice.level, "10", "--quiet"}));
  if (WIFEXITED(first) && WEXITSTATUS(first) == kNotOpened)
    throw Error(ErrorKind::kEnvironment, "level " + choice.level + " does not hold here");
  for (int round = 0; round < rounds; ++round) {
    const auto fail = [&](const std::string& what) {
      std::printf("FAIL round %d: %s\n", round, what.c_str());
      ++failures;
    };
    // One wrong ending is that of the program that was killed.
    const pid_t harness =
        start({program, "endure", choice.level, "600", "--tolerate", "1", "--quiet"});
    std::this_thread::sleep_for(milliseconds(random() % (choice.within_ms + 1)));
    // Half of the kills for the harness, the others for anything below it: launcher, workers,
    // interpreters, programs.
    const std::set<pid_t> all = descendants(harness);
    std::set<pid_t> below = all;
    pid_t target = harness;
    if (!choice.target.empty())
      for (auto pid = below.begin(); pid != below.end();)
        pid = name_of(*pid).rfind(choice.target, 0) == 0 ? std::next(pid) : below.erase(pid);
    if ((random() % 2 == 0 || !choice.target.empty()) && !below.empty())
      target = *std::next(below.begin(), static_cast<long>(random() % below.size()));
    const std::string name = name_of(target);
    ::kill(target, SIGKILL);
    const int status = wait_for(harness);
    std::printf("round %d: %s of %zu killed, harness ended with %d\n", round,
                target == harness ? "harness" : name.c_str(), below.size() + 1, status);
    if (status == -1) {
      fail("the harness does not end");
      end_descendants({});
    } else if (target != harness && WIFEXITED(status) && WEXITSTATUS(status) == kNotOpened) {
      std::printf("round %d: it was opening its sandbox\n", round);
    } else if (target != harness && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
      fail("the harness did not go on without " + name);
    }
    if (const auto left = left_over(); !left.empty()) {
      for (const pid_t pid : left) fail("process left: " + name_of(pid));
      end_descendants({});
    }
    for (const std::string& group : control_groups(all)) fail("control group left: " + group);
    if (mounts() != mounts_before) fail("the mounts are not as before");
    std::fflush(stdout);
  }
  return failures;
}

}  // namespace quorum::attacks
