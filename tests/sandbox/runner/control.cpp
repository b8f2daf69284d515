#include "sandbox/runner/control.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "sandbox/runner/traces.h"
#include "support/test_data.h"

namespace quorum::attacks {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::milliseconds(5000);
constexpr auto kEndless = std::chrono::milliseconds(400);  // then it is seen that it does not end
constexpr auto kCompilerPatience = std::chrono::milliseconds(60000);
constexpr std::size_t kKept = 1 << 16;  // bytes of an output that are read
constexpr uid_t kNobody = 65534;
constexpr int kOpenDescriptor = 9;

void limit(int resource, rlim_t soft, rlim_t hard) {
  const rlimit both{soft, hard};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

void limit(int resource, rlim_t value) { limit(resource, value, value); }

// What `ulimit -t -v -u` would set: an attack without a sandbox must not harm the machine.
void set_limits() {
  limit(RLIMIT_CPU, 20, 60);  // an attack may raise the first
  limit(RLIMIT_AS, rlim_t{6} << 30);
  limit(RLIMIT_NPROC, 4000);
  limit(RLIMIT_NOFILE, 1024);
  limit(RLIMIT_CORE, 0);
}

std::string beginning(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kKept, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code absent;
  const auto size = fs::file_size(path, absent);
  return absent ? 0 : size;
}

struct Surroundings {
  std::string in;
  bool as_nobody = false;
  fs::path folder;  // of in, out and err
};

void open_as(int fd, const fs::path& path, int flags) {
  const int opened = ::open(path.c_str(), flags, 0644);
  if (opened < 0) ::_exit(120);
  if (opened != fd) {
    ::dup2(opened, fd);
    ::close(opened);
  }
}

[[noreturn]] void execute(const std::vector<std::string>& command, const fs::path& home) {
  const char* secret = std::getenv("QUORUM_ATTACK_SECRET");
  std::vector<std::string> variables{
      "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "PYTHONHASHSEED=0", "HOME=" + home.string(),
      std::string("QUORUM_ATTACK_SECRET=") + (secret != nullptr ? secret : "")};
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execve(argv[0], argv.data(), environment.data());
  ::_exit(121);
}

// In the process that the program may kill: makes the surroundings, starts the program, and ends as
// it did.
[[noreturn]] void be_parent(const std::vector<std::string>& command, const Surroundings& around) {
  ::setsid();
  open_as(0, around.folder / "in", O_RDONLY);
  open_as(1, around.folder / "out", O_RDWR | O_CREAT | O_TRUNC);
  open_as(2, around.folder / "err", O_RDWR | O_CREAT | O_TRUNC);
  if (::chdir(around.folder.c_str()) != 0) ::_exit(122);
  if (around.in == "pid namespace" && ::unshare(CLONE_NEWPID) != 0) ::_exit(123);
  if (around.in == "mount namespace" &&
      (::unshare(CLONE_NEWNS) != 0 ||
       ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0))
    ::_exit(123);
  if (around.in == "terminal") {
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) ::_exit(123);
    if (::open(::ptsname(terminal), O_RDWR | O_CLOEXEC) < 0)
      ::_exit(123);  // the session's terminal from now on
  }
  // Not one of the program's outputs: what it writes there must not come between its lines.
  if (around.in == "open descriptor") open_as(kOpenDescriptor, "/dev/null", O_RDWR);
  set_limits();
  const pid_t program = ::fork();
  if (program == 0) {
    if (around.in ==
        "pid namespace") {  // its first process waits for the program, which is the second
      if (::fork() == 0)    // somebody else in it
        while (true) ::pause();
      const pid_t second = ::fork();
      if (second != 0) {
        int status = 0;
        ::waitpid(second, &status, 0);
        ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
      }
    }
    if (around.as_nobody && (::setresgid(kNobody, kNobody, kNobody) != 0 ||
                             ::setresuid(kNobody, kNobody, kNobody) != 0))
      ::_exit(124);
    execute(command, around.folder);
  }
  int status = 0;
  ::waitpid(program, &status, 0);
  if (WIFEXITED(status)) ::_exit(WEXITSTATUS(status));
  ::signal(WTERMSIG(status), SIG_DFL);
  ::kill(::getpid(), WTERMSIG(status));
  ::_exit(125);
}

// Runs it to its end, or ends it after `patience`. Nothing that it started is left.
Ran run_in(const std::vector<std::string>& command, const Surroundings& around,
           Clock::duration patience, pid_t victim) {
  const pid_t parent = ::fork();
  if (parent < 0) throw std::runtime_error("cannot fork for a control");
  if (parent == 0) be_parent(command, around);
  const auto deadline = Clock::now() + patience;
  Ran ran;
  int status = 0;
  bool reaped = false;
  // The program may have killed the process that waits for it, and go on.
  while (true) {
    if (!reaped) reaped = ::waitpid(parent, &status, WNOHANG) == parent;
    if (reaped) {
      const std::set<pid_t> orphans = descendants(::getpid(), {victim});
      if (orphans.empty()) break;
      for (const pid_t pid : orphans) ::waitpid(pid, nullptr, WNOHANG);
    }
    if (Clock::now() > deadline) {
      ran.ended_by_runner = !reaped;
      end_descendants({victim});
      if (!reaped) ::waitpid(parent, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  end_descendants({victim});
  if (WIFEXITED(status)) ran.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status) && !ran.ended_by_runner) ran.signal = WTERMSIG(status);
  ran.out = beginning(around.folder / "out");
  ran.err = beginning(around.folder / "err");
  ran.out_bytes = size_of(around.folder / "out");
  ran.err_bytes = size_of(around.folder / "err");
  return ran;
}

}  // namespace

bool has_line(const std::string& text, const std::string& word) {
  return text.rfind(word, 0) == 0 || text.find("\n" + word) != std::string::npos;
}

std::optional<std::string> no_control(const Attack& attack) {
  if (::geteuid() != 0 && attack.key("control-needs") == "root") return "its control needs root";
#if !defined(__x86_64__)
  if (attack.key("machine") == "x86_64") return "it is made for x86-64";
#endif
  return std::nullopt;
}

Ran run_control(const Attack& attack, const Targets& targets, const Amounts& amounts) {
  testing::ScratchFolder scratch;
  Surroundings around{attack.key("control-in"), attack.key("control-as") == "nobody",
                      scratch.path()};
  if (::chmod(scratch.path().c_str(), 0777) != 0)
    throw std::runtime_error("chmod of a control's folder");
  std::ofstream(scratch.path() / "in")
      << std::string(static_cast<std::size_t>(attack.number("stdin", 0)), 'i');
  ::chmod((scratch.path() / "in").c_str(), 0666);
  const fs::path file = scratch.path() / (attack.cpp ? "attack.cpp" : "attack.py");
  std::ofstream(file) << substitute(attack.source, targets.values(amounts, true));
  std::vector<std::string> command{"/usr/bin/python3", file.string()};
  if (around.in == "grader")
    command = {"/usr/bin/python3",
               testing::source_path("tests/sandbox/controls/grader.py").string(), file.string(),
               targets.token()};
  if (attack.cpp) {
    const std::string program = (scratch.path() / "program").string();
    Ran compiler =
        run_in({"/usr/bin/g++", "-std=c++17", "-O1", "-pthread", "-o", program, file.string()},
               {{}, false, scratch.path()}, kCompilerPatience, targets.victim());
    compiler.compiled = fs::exists(program);
    if (!compiler.compiled) return compiler;
    command = {program};
  }
  const bool endless = attack.key("control") == "endless";
  return run_in(command, around, endless ? kEndless : kPatience, targets.victim());
}

ControlVerdict judge_control(const Attack& attack, const Ran& ran,
                             const std::vector<std::string>& damage, std::uint64_t output_limit) {
  ControlVerdict verdict;
  std::ostringstream seen;
  seen << (ran.compiled ? "exit " + std::to_string(ran.exit_code) : "not compiled");
  if (ran.signal != 0) seen << ", signal " << ran.signal;
  if (ran.ended_by_runner) seen << ", still running";
  seen << ", " << ran.out_bytes << " bytes of output";
  for (const std::string& what : damage) seen << ", " << what;
  if (!ran.err.empty())
    seen << ": " << ran.err.substr(ran.err.size() > 300 ? ran.err.size() - 300 : 0);
  verdict.seen = seen.str();

  const auto damaged = [&](const std::string& beginning) {
    for (const std::string& what : damage)
      if (what.rfind(beginning, 0) == 0) return true;
    return false;
  };
  std::string kind = attack.key("control");
  if (kind == "breach or absent") {
    verdict.absent =
        has_line(ran.out, "ABSENT") || (attack.key("machine") != "" && ran.signal == SIGSEGV);
    kind = "breach";
  }
  const bool reached = has_line(ran.out, "REACHED");
  const bool ends_well =
      ran.compiled && ran.exit_code == 0 && ran.signal == 0 && !ran.ended_by_runner;
  const bool as_wanted =
      (attack.key("exit").empty() || attack.number("exit", 0) == ran.exit_code) &&
      (attack.key("signal").empty() || attack.number("signal", 0) == ran.signal);
  if (kind == "breach") verdict.succeeded = has_line(ran.out, "BREACH");
  if (kind == "same")
    verdict.succeeded = as_wanted && ran.compiled && !has_line(ran.out, "BREACH") &&
                        (reached || attack.key("reaches") == "no") &&
                        ends_well == (attack.wanted.count("OK") == 1);
  if (kind == "endless") verdict.succeeded = reached && ran.ended_by_runner;
  if (kind == "flood")
    verdict.succeeded = ran.out_bytes > output_limit || ran.err_bytes > output_limit;
  if (kind == "crash") verdict.succeeded = reached && ran.signal != 0;
  if (kind == "kill") verdict.succeeded = reached && ran.signal == SIGKILL;
  if (kind == "kills") verdict.succeeded = reached && damaged("the process of the test");
  if (kind == "left") verdict.succeeded = reached && damaged("left");
  if (kind == "no program") verdict.succeeded = !ran.compiled;
  if (kind == "run")
    verdict.succeeded = (reached || attack.key("reaches") == "no") && !ran.ended_by_runner;
  return verdict;
}

}  // namespace quorum::attacks
