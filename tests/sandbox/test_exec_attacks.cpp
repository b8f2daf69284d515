// Attacks as a user would try them: `quorum exec`, in a process of its own each.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file.h"
#include "sandbox/runner/containment.h"
#include "sandbox/runner/corpus.h"
#include "sandbox/runner/modes.h"
#include "sandbox/runner/targets.h"
#include "sandbox/runner/traces.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

namespace {

namespace fs = std::filesystem;
using namespace quorum;

const std::vector<std::string> kOrdinaryUser{"/usr/bin/setpriv", "--reuid", "65534",
                                             "--regid",          "65534",   "--clear-groups"};

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

sandbox::Sandbox::Result as_result(const nlohmann::json& json) {
  sandbox::Outcome outcome;
  for (const auto ending : {sandbox::Ending::kExited, sandbox::Ending::kRuntimeError,
                            sandbox::Ending::kTimeLimit, sandbox::Ending::kMemoryLimit,
                            sandbox::Ending::kOutputLimit, sandbox::Ending::kCompileError})
    if (json.at("verdict") == std::string(to_string(ending))) outcome.ending = ending;
  outcome.exit_code = json.at("exit_code");
  outcome.signal = json.at("signal");
  outcome.out = json.at("stdout");
  outcome.err = json.at("stderr");
  const auto level = sandbox::parse_level(json.at("level").get<std::string>());
  REQUIRE(level);
  outcome.level = *level;
  return outcome;
}

void expect_contained_by_exec(const std::vector<std::string>& as_user) {
  attacks::become_reaper();
  attacks::Targets targets;
  testing::ScratchFolder scratch;
  fs::permissions(scratch.path(), fs::perms(0755));
  int tried = 0;
  for (const attacks::Attack& attack :
       attacks::load_corpus(testing::source_path("tests/sandbox/attacks"))) {
    if (attack.name != "time_constant" && attack.name != "process_daemon" &&
        attack.name != "file_secret" && attack.name != "network_tcp" &&
        attack.name != "output_flood_signal_ignored" && attack.name != "memory_growing_list" &&
        attack.name != "proc_environment" && attack.name != "time_sleep")
      continue;
    ++tried;
    INFO(attack.name);
    const attacks::Amounts amounts = attacks::amounts_of(attack, false);
    const fs::path file = scratch.path() / (attack.name + ".py");
    write_file_atomic(file, attacks::substitute(attack.source, targets.values(amounts, false)));
    fs::permissions(file, fs::perms(0644));
    const auto result = testing::run_command(
        joined(as_user, {testing::program_path().string(), "exec", file.string(), "--json",
                         "--time", "1", "--memory", "256M"}));
    INFO(result.out << result.err);
    REQUIRE(result.exit_code == 0);
    sandbox::Limits limits;
    for (const std::string& wrong :
         attacks::complaints(attack, as_result(nlohmann::json::parse(result.out)), limits,
                             std::nullopt, targets.token())) {
      INFO(wrong);
      CHECK(false);
    }
    CHECK(attacks::descendants(::getpid(), {targets.victim()}).empty());
    CHECK(targets.damage().empty());
  }
  CHECK(tried == 8);
}

}  // namespace

TEST_CASE("exec contains attacks, and leaves nothing behind") { expect_contained_by_exec({}); }

TEST_CASE("exec contains attacks for an ordinary user") {
  if (geteuid() != 0) {
    std::puts("SKIPPED: the tests run as an ordinary user already");
    return;
  }
  expect_contained_by_exec(kOrdinaryUser);
}

TEST_CASE("exec starts nothing where the wanted level does not hold") {
  const fs::path bwrap = "/usr/bin/bwrap";
  if (!fs::exists(bwrap)) {
    std::puts("SKIPPED: bubblewrap is not installed");
    return;
  }
  attacks::become_reaper();
  testing::ScratchFolder scratch;
  fs::permissions(scratch.path(), fs::perms(0777));
  const fs::path file = scratch.path() / "program.py", trace = scratch.path() / "trace";
  write_file_atomic(file, "print('it ran')\nopen('" + trace.string() + "', 'w')\n");
  fs::permissions(file, fs::perms(0644));
  const std::vector<std::string> denied{bwrap.string(),
                                        "--unshare-user",
                                        "--disable-userns",
                                        "--dev-bind",
                                        "/",
                                        "/",
                                        testing::program_path().string(),
                                        "exec",
                                        file.string(),
                                        "--sandbox-level",
                                        "B"};
  const auto result = testing::run_command(
      joined(geteuid() == 0 ? kOrdinaryUser : std::vector<std::string>(), denied));
  INFO(result.out << result.err);
  CHECK(result.exit_code == 4);
  CHECK(result.out.find("it ran") == std::string::npos);
  CHECK(result.err.find("level B") != std::string::npos);
  CHECK(!fs::exists(trace));
  CHECK(attacks::descendants(::getpid()).empty());
}

TEST_CASE("exec says so where programs in memory may not be executed, and runs Python") {
  testing::ScratchFolder scratch;
  write_file_atomic(scratch.path() / "program.py", "print(1)\n");
  write_file_atomic(scratch.path() / "program.cpp", "int main() {}\n");
  // The setting is of the process namespace.
  const auto exec = [&](const std::string& setting, const std::string& program) {
    return testing::run_command(
        {"/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "/bin/sh", "-c",
         "echo " + setting + " > /proc/sys/vm/memfd_noexec || exit 77; exec " +
             testing::program_path().string() + " exec " + (scratch.path() / program).string()});
  };
  for (const std::string setting : {"0", "1", "2"}) {
    const auto python = exec(setting, "program.py"), cpp = exec(setting, "program.cpp");
    INFO(setting << ": " << python.err << cpp.err);
    if (python.exit_code == 77 || (geteuid() != 0 && python.exit_code != 0)) {
      std::puts("SKIPPED: vm.memfd_noexec cannot be set here");
      return;
    }
    CHECK(python.out == "1\n");
    CHECK(cpp.exit_code == (setting == "2" ? 4 : 0));
    if (setting == "2") CHECK(cpp.err.find("vm.memfd_noexec") != std::string::npos);
  }
}

TEST_CASE("exec needs what its caller's LD_LIBRARY_PATH names, its programs do not get it") {
  testing::ScratchFolder scratch;
  write_file_atomic(scratch.path() / "program.py",
                    "import os\nprint(os.environ.get('LD_LIBRARY_PATH'))\n");
  testing::ProgramOptions options;
  options.environment = {"LD_LIBRARY_PATH=" + scratch.path().string()};
  const auto result =
      testing::run_program({"exec", (scratch.path() / "program.py").string()}, options);
  INFO(result.err);
  CHECK(result.out == "None\n");
}

TEST_CASE("exec names the limit of its caller that is too low, and what is needed") {
  testing::ScratchFolder scratch;
  const fs::path python = scratch.path() / "program.py", cpp = scratch.path() / "program.cpp";
  write_file_atomic(python, "print(1)\n");
  write_file_atomic(cpp, "int main() {}\n");
  struct Case {
    const char *limit, *flag;
    fs::path program;
  };
  for (const Case& c : {Case{"-t 3", "ulimit -t", python},
                        {"-t 7", "ulimit -t", python},
                        {"-f 10", "ulimit -f", python},
                        {"-f 1000", "ulimit -f", python},
                        {"-f 40000", "ulimit -f", cpp},
                        {"-v 480000", "ulimit -v", python},
                        {"-v 1000000", "ulimit -v", cpp}}) {
    const auto result = testing::run_command({"/bin/bash", "-c",
                                              std::string("ulimit ") + c.limit + " && exec " +
                                                  testing::program_path().string() + " exec " +
                                                  c.program.string()});
    INFO(c.limit << ": " << result.out << result.err);
    CHECK(result.exit_code == 4);
    CHECK(result.err.find(c.flag) != std::string::npos);
    CHECK(result.err.find("are needed") != std::string::npos);
  }
  CHECK(testing::run_command({"/bin/bash", "-c",
                              "ulimit -t 100 -f 100000 -v 3000000 && exec " +
                                  testing::program_path().string() + " exec " + python.string()})
            .exit_code == 0);
}

TEST_CASE("exec runs nothing of the folder that it is called in") {
  testing::ScratchFolder scratch;
  const fs::path trace = scratch.path() / "trace";
  for (const char* module :
       {"json", "random", "ctypes", "decimal", "socket", "sysconfig", "numpy", "sitecustomize"})
    write_file_atomic(scratch.path() / (std::string(module) + ".py"),
                      "open('" + trace.string() + "', 'w').write('it ran')\n");
  write_file_atomic(scratch.path() / "program.py", "import json, random\nprint(json.dumps([1]))\n");
  testing::ProgramOptions options;
  options.folder = scratch.path();
  const auto result = testing::run_program({"exec", "program.py", "--json"}, options);
  INFO(result.out << result.err);
  CHECK(result.exit_code == 0);
  CHECK(nlohmann::json::parse(result.out).at("stdout") == "[1]\n");
  CHECK(!fs::exists(trace));
}
