// Every attack of tests/sandbox/attacks at every level that this machine allows, and without a
// sandbox.
#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/text.h"
#include "sandbox/runner/containment.h"
#include "sandbox/runner/corpus.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

namespace {

using quorum::testing::ProgramResult;

const std::vector<std::string> kOrdinaryUser{"/usr/bin/setpriv", "--reuid", "65534",
                                             "--regid",          "65534",   "--clear-groups"};

// The runner in a process of its own, as it changes what is below it in the tree of processes.
ProgramResult attack_runner(std::vector<std::string> arguments, bool ordinary_user = false) {
  arguments.insert(arguments.begin(), QUORUM_ATTACK_RUNNER);
  if (ordinary_user)
    arguments.insert(arguments.begin(), kOrdinaryUser.begin(), kOrdinaryUser.end());
  return quorum::testing::run_command(arguments);
}

int count_lines(const std::string& text, const std::string& beginning) {
  int count = 0;
  for (const std::string& line : quorum::split(text, '\n'))
    count += line.rfind(beginning, 0) == 0 ? 1 : 0;
  return count;
}

std::string without_ok(const std::string& text) {
  std::string rest;
  for (const std::string& line : quorum::split(text, '\n'))
    if (line.rfind("ok ", 0) != 0 && line.rfind("absent ", 0) != 0) rest += line + "\n";
  return rest;
}

void expect_containment(const std::string& level, bool ordinary_user) {
  if (ordinary_user && geteuid() != 0) {
    std::puts("SKIPPED: the tests run as an ordinary user already");
    return;
  }
  const ProgramResult result = attack_runner({"contained", level}, ordinary_user);
  if (result.exit_code == 4) {
    std::printf("SKIPPED: level %s%s: %s\n", level.c_str(),
                ordinary_user ? " as an ordinary user" : "", result.err.c_str());
    return;
  }
  INFO(without_ok(result.out));
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(count_lines(result.out, "ok ") > 250);
}

// Lines "BREACH NAME: …" with this wall left out, which an attack must succeed without.
int breaches_without(const std::string& wall, const std::string& level, const std::string& only) {
  const ProgramResult result =
      attack_runner({"contained", level, "--without", wall, "--only", only});
  INFO(result.out << result.err);
  CHECK((result.exit_code == 0 || result.exit_code == 4));
  if (result.exit_code == 4)
    std::printf("SKIPPED: level %s: %s\n", level.c_str(), result.err.c_str());
  return result.exit_code == 4 ? 1 : count_lines(result.out, "BREACH ");
}

}  // namespace

TEST_CASE("every attack says what must become of it, and what stops it") {
  const auto corpus =
      quorum::attacks::load_corpus(quorum::testing::source_path("tests/sandbox/attacks"));
  CHECK(corpus.size() > 280);
  for (const auto& attack : corpus) {
    INFO(attack.name);
    CHECK(!attack.wanted.empty());
    CHECK((attack.source.find("REACHED") != std::string::npos || attack.key("reaches") == "no"));
    const std::string control = attack.key("control");
    CHECK((control != "breach" || attack.source.find("BREACH") != std::string::npos));
  }
}

TEST_CASE("every attack succeeds without a sandbox: Python and system calls") {
  for (const char* group : {"crash", "file", "game", "input", "kernel", "memory", "network",
                            "output", "parent", "proc", "signal", "state", "system_call", "time"}) {
    const ProgramResult result = attack_runner({"controls", "--only", group});
    INFO(without_ok(result.out) << result.err);
    CHECK(result.exit_code == 0);
    CHECK(count_lines(result.out, "ok ") > 0);
  }
}

TEST_CASE("every attack succeeds without a sandbox: C++ and compilers") {
  for (const char* group : {"compile", "cpp"}) {
    const ProgramResult result = attack_runner({"controls", "--only", group});
    INFO(without_ok(result.out) << result.err);
    CHECK(result.exit_code == 0);
  }
}

TEST_CASE("every attack is contained at level A") { expect_containment("A", false); }
TEST_CASE("every attack is contained at level B") { expect_containment("B", false); }
TEST_CASE("every attack is contained at level C") { expect_containment("C", false); }
TEST_CASE("every attack is contained at level D") { expect_containment("D", false); }
TEST_CASE("every attack of an ordinary user is contained at level A") {
  expect_containment("A", true);
}
TEST_CASE("every attack of an ordinary user is contained at level B") {
  expect_containment("B", true);
}
TEST_CASE("every attack of an ordinary user is contained at level C") {
  expect_containment("C", true);
}

TEST_CASE("without seccomp an attack succeeds") {
  CHECK(breaches_without("seccomp", "A", "process_fork_once") > 0);
  CHECK(breaches_without("seccomp", "B", "system_call/keyctl") > 0);
}

TEST_CASE("without Landlock an attack succeeds") {
  CHECK(breaches_without("landlock", "A", "file_special") > 0);
  CHECK(breaches_without("landlock", "C", "file_secret") > 0);
}

TEST_CASE("without namespaces an attack succeeds") {
  CHECK(breaches_without("namespaces", "A", "file_secret_status") > 0);
  CHECK(breaches_without("namespaces", "B", "network_interfaces") > 0);
}

TEST_CASE("an attack that succeeds is seen, whatever its ending") {
  using namespace quorum;
  attacks::Attack attack;
  attack.keys = {{"exit", "0"}};
  attack.wanted = {"OK"};
  sandbox::Outcome outcome;
  outcome.out = "REACHED\nerrno 1\n";
  const auto wrong = [&](const sandbox::Sandbox::Result& result, const std::string& expected = "") {
    return attacks::complaints(attack, result, {},
                               expected.empty() ? std::nullopt : std::optional(expected),
                               "a secret")
        .size();
  };
  CHECK(wrong(outcome) == 0);
  CHECK(wrong(outcome, "other\n") == 1);
  sandbox::Outcome other = outcome;
  other.out += "BREACH: opened\n";
  CHECK(wrong(other) == 1);
  CHECK(attacks::breach_of(other) == "BREACH: opened");
  other = outcome;
  other.out += "not a BREACH\n";
  CHECK(wrong(other) == 0);
  other = outcome;
  other.ending = sandbox::Ending::kTimeLimit;
  CHECK(wrong(other) == 1);
  other = outcome;
  other.out = "nothing";
  CHECK(wrong(other) == 1);
  other = outcome;
  other.err = "here is a secret";
  CHECK(wrong(other) == 1);
  other = outcome;
  other.err.assign(sandbox::Limits{}.error_bytes + 1, 'x');
  CHECK(wrong(other) == 1);
  CHECK(wrong(sandbox::InfraFailure{"no memory"}) == 1);
  attack.prints = {"EPERM"};
  CHECK(wrong(outcome) == 1);
}

TEST_CASE("SIGKILL to the harness, or to anything below it, leaves nothing behind") {
  for (const std::string level : {"A", "B", "C"}) {
    const ProgramResult result = attack_runner({"kills", level, "4"});
    INFO(result.out << result.err);
    CHECK((result.exit_code == 0 || result.exit_code == 4));
  }
}

TEST_CASE("a thousand runs leave nothing behind") {
  const ProgramResult result = attack_runner({"endure", "A", "1000"});
  INFO(result.out << result.err);
  CHECK((result.exit_code == 0 || result.exit_code == 4));
}
