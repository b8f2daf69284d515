#include "sandbox/canaries.h"

#include <signal.h>

#include <string_view>

#include "base/text.h"
#include "sandbox/landlock.h"

namespace quorum::embedded {
extern const std::string_view sandbox_canaries;
}

namespace quorum::sandbox {
namespace {

using std::chrono::milliseconds;

constexpr int kTries = 3;  // of a run whose worker ended, or that was killed from outside

const std::vector<std::string> kEverywhere{"read a file of the machine",
                                           "list the root folder's home",
                                           "change the interpreter",
                                           "open a socket",
                                           "start a process",
                                           "signal another process",
                                           "signal everybody",
                                           "trace another process",
                                           "make a namespace",
                                           "mount a file system",
                                           "become root",
                                           "make shared memory",
                                           "see other processes",
                                           "find a descriptor of the harness",
                                           "find a variable of the harness",
                                           "take more memory than allowed"};
const std::vector<std::string> kInABox{"see that a file of the machine is there",
                                       "find what an earlier run left"};

Run canary(std::string source) {
  Run run;
  run.program = std::make_shared<Program>(Program{Language::kPython, std::move(source)});
  run.limits = canary_limits();
  return run;
}

// The infrastructure failed; an attack was neither refused nor successful.
struct Untried {
  std::string why;
  bool killed = false;  // by somebody who has nothing to do with it
};

Outcome outcome_of(Supervisor& supervisor, Run run) {
  Sandbox::Result result = supervisor.run(std::move(run), nullptr);
  if (const auto* failure = std::get_if<InfraFailure>(&result)) throw Untried{failure->what};
  return std::get<Outcome>(std::move(result));
}

Finding limit_canary(Supervisor& supervisor, const std::string& name, const std::string& source,
                     Ending wanted, std::chrono::nanoseconds time) {
  Run run = canary(source);
  run.limits.cpu = run.limits.wall = time;
  const Outcome outcome = outcome_of(supervisor, std::move(run));
  const Ending got = outcome.ending;
  if (got == Ending::kRuntimeError && outcome.signal == SIGKILL)
    throw Untried{"the canary program \"" + name + "\" was killed from outside", true};
  return {name, std::string(to_string(got)), "", got == wanted};
}

// Throws Untried.
void try_attacks(Supervisor& supervisor, Level level, Trial& trial) {
  const std::string source =
      replace_all(embedded::sandbox_canaries, "@LEVEL@", std::string(to_string(level)));
  std::vector<std::string> expected = kEverywhere;
  if (level <= Level::kB) expected.insert(expected.end(), kInABox.begin(), kInABox.end());
  // Twice: what the first run leaves, the second must not find.
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = outcome_of(supervisor, canary(source));
    if (outcome.ending != Ending::kExited)
      throw Untried{"the canary program ended with " + std::string(to_string(outcome.ending)) +
                        ": " + outcome.err,
                    outcome.signal == SIGKILL};
    trial.canaries = read_canaries(outcome.out, expected);
  }
  trial.canaries.push_back(limit_canary(supervisor, "run without end", "while True: pass",
                                        Ending::kTimeLimit, milliseconds(20)));
  trial.canaries.push_back(limit_canary(supervisor, "print without end",
                                        "while True: print('x' * 1000)", Ending::kOutputLimit,
                                        std::chrono::seconds(5)));
}

std::vector<Finding> walls_of(Level level, const LeftOut& without, const Host& host) {
  const auto wall = [](const std::string& what, bool left_out, const std::string& found) {
    return Finding{what, left_out ? "LEFT OUT on request" : found, "", !left_out};
  };
  std::vector<Finding> walls;
  if (level <= Level::kB)
    walls.push_back(wall(
        "namespaces", without.namespaces,
        std::string("mount, pid, net, ipc, uts, cgroup") + (host.user_namespaces ? ", user" : "")));
  walls.push_back(wall("seccomp", without.seccomp, "default deny, no new process"));
  if (level != Level::kD)
    walls.push_back(
        wall("landlock", without.landlock, "version " + std::to_string(landlock_version())));
  walls.push_back(
      {"resource limits", "CPU, address space, file size, descriptors, no core", "", true});
  if (level == Level::kA)
    walls.push_back(
        {"cgroup", "version " + std::to_string(host.cgroup_version) + ": memory, pids", "", true});
  return walls;
}

std::string advice_for(Level level, const Host& host) {
  switch (level) {
    case Level::kA:
      return host.cgroup_version == 0
                 ? "run as root, or under systemd-run --user --scope -p Delegate=yes"
                 : "";
    case Level::kB:
      return "allow user namespaces (user.max_user_namespaces, "
             "kernel.apparmor_restrict_unprivileged_userns)";
    case Level::kC: return "a kernel with Landlock (5.13 or newer, lsm=landlock)";
    case Level::kD: return "root";
  }
  return "";
}

}  // namespace

std::vector<Finding> read_canaries(const std::string& printed,
                                   const std::vector<std::string>& expected) {
  std::vector<Finding> findings;
  const auto lines = split(printed, '\n');
  for (const std::string& name : expected) {
    Finding finding{name, "it was not tried", "", false};
    for (const std::string& line : lines) {
      if (line.rfind(name + ": ", 0) != 0) continue;
      finding.found = line.substr(name.size() + 2);
      finding.ok = finding.found.rfind("refused", 0) == 0;
    }
    findings.push_back(finding);
  }
  return findings;
}

Limits canary_limits() {
  Limits limits;
  limits.cpu = limits.wall = std::chrono::seconds(5);
  limits.memory_bytes = std::uint64_t{256} << 20;
  limits.output_bytes = limits.error_bytes = 16384;
  limits.scratch_bytes = 1 << 20;
  return limits;
}

Trial try_level(Supervisor& supervisor, Level level, const LeftOut& without) {
  Trial trial;
  supervisor.use_level(level, kTries);
  trial.walls = walls_of(level, without, supervisor.host());
  trial.advice = advice_for(level, supervisor.host());
  if (level != Level::kD && !without.landlock && landlock_version() == 0) {
    trial.why = "this kernel has no Landlock";
    return trial;
  }
  if (level == Level::kA && supervisor.host().cgroup_version == 0) {
    trial.why = "there is no cgroup (" + supervisor.host().no_cgroup + ")";
    return trial;
  }
  for (int tries = 1;; ++tries) {
    try {
      try_attacks(supervisor, level, trial);
      break;
    } catch (const Untried& untried) {
      trial.why = untried.why;
      if (!untried.killed || tries == kTries) return trial;
    }
  }
  for (const Finding& canary : trial.canaries) {
    if (canary.ok || without.any()) continue;
    trial.why = "an attack succeeded: " + canary.what + " (" + canary.found + ")";
    return trial;
  }
  trial.holds = true;
  return trial;
}

}  // namespace quorum::sandbox
