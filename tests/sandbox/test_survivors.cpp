// Harness, launcher and worker killed at the same instant: who was below them ends too, and what
// they left on the disk goes with the next start.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "sandbox/launcher_link.h"
#include "sandbox/locked_folder.h"
#include "sandbox/packet.h"
#include "sandbox/protocol.h"
#include "sandbox/runner/traces.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

namespace {

namespace fs = std::filesystem;
using namespace quorum;
using std::chrono::milliseconds;

template <class Condition>
bool comes_true(Condition condition, int seconds) {
  for (int i = 0; i < 50 * seconds; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return false;
}

bool has(pid_t harness, const std::string& name) {
  for (const pid_t pid : attacks::descendants(harness))
    if (attacks::name_of(pid) == name) return true;
  return false;
}

// Those whose owners are gone: other tests have some of their own.
std::vector<fs::path> folders_left() {
  std::vector<fs::path> left;
  for (const char* what : {"quorum-compile", "quorum-root"})
    sandbox::for_each_abandoned(fs::temp_directory_path(), what,
                                [&](const fs::path& path) { left.push_back(path); });
  return left;
}

// Runs the program until `runs` says that it does what is asked for, kills everybody of Quorum's
// together, and expects that nobody is left. False: the level does not hold here.
template <class Runs>
bool expect_no_survivor(const std::string& file_name, const std::string& source,
                        const std::string& level, Runs runs) {
  attacks::become_reaper();
  const std::set<pid_t> before = attacks::descendants(::getpid());  // of other tests
  testing::ScratchFolder scratch;
  const fs::path file = scratch.path() / file_name;
  write_file_atomic(file, source);
  const pid_t harness =
      testing::start_program({"exec", file.string(), "--sandbox-level", level, "--time", "60"},
                             scratch.path() / "out", scratch.path() / "err");
  const bool reached = comes_true(
      [&] {
        siginfo_t ended{};
        waitid(P_PID, static_cast<id_t>(harness), &ended, WEXITED | WNOWAIT | WNOHANG);
        return runs(harness) || ended.si_pid != 0;
      },
      20);
  if (!runs(harness)) {
    kill(harness, SIGKILL);
    testing::wait_program(harness);
    INFO(read_file(scratch.path() / "err"));
    CHECK(
        (reached && read_file(scratch.path() / "err").find("level " + level) != std::string::npos));
    std::puts(("SKIPPED: level " + level + " does not hold here").c_str());
    return false;
  }
  // Stopped first, so that nobody sees another's end before its own.
  std::set<pid_t> ours{harness};
  for (const pid_t pid : attacks::descendants(harness))
    if (attacks::name_of(pid).rfind("quorum", 0) == 0) ours.insert(pid);
  CHECK(ours.size() >= 3);
  for (const pid_t pid : ours) kill(pid, SIGSTOP);
  for (const pid_t pid : ours) kill(pid, SIGKILL);
  testing::wait_program(harness);
  const bool gone = comes_true(
      [&] {
        const auto left = attacks::descendants(::getpid(), before);
        for (const pid_t pid : left) waitpid(pid, nullptr, WNOHANG);
        return left.empty();
      },
      2);
  for (const pid_t pid : attacks::descendants(::getpid(), before)) {
    INFO("left: " << attacks::name_of(pid));
    CHECK(false);
  }
  CHECK(gone);
  attacks::end_descendants(before);
  return true;
}

const char* const kLevels[] = {"A", "B", "C", "D"};

// What the programs below call themselves once they run, and when they have tried to be replaced.
bool is_up(pid_t harness) { return has(harness, "running"); }
bool has_tried(pid_t harness) { return has(harness, "replaced") || has(harness, "refused"); }

}  // namespace

TEST_CASE("where memory ends, the kernel takes a program before its interpreter") {
  testing::ScratchFolder scratch;
  const fs::path file = scratch.path() / "program.py";
  write_file_atomic(file,
                    "import ctypes, time\nctypes.CDLL(None).prctl(15, b'running', 0, 0, 0)\n"
                    "time.sleep(40)\n");
  const pid_t harness =
      testing::start_program({"exec", file.string(), "--sandbox-level", "A", "--time", "60"},
                             scratch.path() / "out", scratch.path() / "err");
  if (comes_true([&] { return is_up(harness); }, 5)) {
    for (const pid_t pid : attacks::descendants(harness)) {
      const std::string name = attacks::name_of(pid);
      int score = -1;
      std::ifstream("/proc/" + std::to_string(pid) + "/oom_score_adj") >> score;
      INFO(name << ": " << score);
      CHECK((name == "running" ? score == 1000 : score <= 500));
    }
  } else {
    std::puts("SKIPPED: level A does not hold here");
  }
  kill(harness, SIGKILL);
  testing::wait_program(harness);
}

TEST_CASE("a program does not outlive harness, launcher and worker") {
  for (const std::string level : kLevels)
    expect_no_survivor("program.py",
                       "import ctypes, time\nctypes.CDLL(None).prctl(15, b'running', 0, 0, 0)\n"
                       "time.sleep(40)\n",
                       level, is_up);
}

TEST_CASE("a program that a thread has replaced does not outlive them either") {
  const std::string python =
      "import ctypes, os, threading, time\n"
      "name = 'import ctypes, time; ctypes.CDLL(None).prctl(15, b\"%s\", 0, 0, 0); "
      "time.sleep(40)'\n"
      "thread = threading.Thread(target=os.execv, args=('/usr/bin/python3', ['python3', '-S', "
      "'-c', "
      "name % 'replaced']))\nthread.start()\nthread.join()\nexec(name % 'refused')\n";
  const std::string cpp =
      "#include <sys/prctl.h>\n#include <unistd.h>\n#include <thread>\n"
      "int main(int count, char** argv, char** environment) {\n"
      "  char* again[] = {argv[0], argv[0], nullptr};\n"
      "  if (count == 1)\n"
      "    std::thread([&] { execve(\"/proc/self/exe\", again, environment); "
      "execve(\"/usr/bin/sleep\", again, environment); }).join();\n"
      "  prctl(PR_SET_NAME, count == 1 ? \"refused\" : \"replaced\");\n  sleep(40);\n}\n";
  for (const std::string level : kLevels) {
    expect_no_survivor("program.py", python, level, has_tried);
    if (level != "D") expect_no_survivor("program.cpp", cpp, level, has_tried);
  }
}

TEST_CASE("a compiler does not outlive them, and its folder goes with the next start") {
  const std::string slow =
      "template <int N, int M> struct F { static constexpr unsigned long v = F<N - 1, M>::v + F<N "
      "- 1, M + "
      "1>::v; };\ntemplate <int M> struct F<0, M> { static constexpr unsigned long v = M; };\n"
      "int main() { return F<800, 0>::v & 1; }\n";
  for (const std::string level : {"A", "B", "C"})
    expect_no_survivor("program.cpp", slow, level,
                       [](pid_t harness) { return has(harness, "cc1plus"); });
  const std::vector<fs::path> left = folders_left();
  testing::ScratchFolder scratch;
  write_file_atomic(scratch.path() / "hello.py", "print(1)\n");
  CHECK(testing::run_program({"exec", (scratch.path() / "hello.py").string()}).exit_code == 0);
  for (const fs::path& folder : left) {
    INFO(folder.string());
    CHECK(comes_true([&] { return !fs::exists(folder); }, 2));
  }
}

TEST_CASE("groups of a launcher that is killed before it told of them go at once") {
  pid_t launcher = 0;
  {
    const auto link = sandbox::LauncherLink::start(testing::program_path().string());
    launcher = link->pid();
    const std::string wanted =
        R"({"python":"","without_seccomp":false,"without_landlock":false,"without_namespaces":false})";
    REQUIRE(sandbox::send_packet(link->socket(),
                                 sandbox::text_message(sandbox::Kind::kSetUp, 0, wanted)));
    sandbox::Packet answer;
    REQUIRE(sandbox::receive_packet(link->socket(), answer, true) == sandbox::Received::kPacket);
    if (attacks::control_groups({launcher}).empty())
      std::puts("SKIPPED: no group can be made here");
    kill(launcher, SIGKILL);
  }
  CHECK(attacks::control_groups({launcher}).empty());
}
