#include "sandbox/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "sandbox/box_root.h"
#include "sandbox/confine.h"
#include "sandbox/exec_once.h"
#include "sandbox/memory_file.h"
#include "sandbox/packet.h"
#include "sandbox/system.h"

namespace quorum::embedded {
extern const std::string_view sandbox_zygote, sandbox_zygote_loop;
}

namespace quorum::sandbox {
namespace {

constexpr const char* kBindNow = "LD_BIND_NOW=1";
constexpr int kFirstFree = 16;  // children keep what they need below or above the standard ones

void die_with(pid_t parent) {
  if (getppid() != parent) _exit(1);
}

// A copy of the descriptor above all that a child arranges by number.
int raised(int fd, bool close_on_exec) {
  return static_cast<int>(checked(fcntl(fd, close_on_exec ? F_DUPFD_CLOEXEC : F_DUPFD, kFirstFree),
                                  "cannot copy a descriptor"));
}
void place(int fd, int at) { checked(dup2(fd, at), "cannot place a descriptor"); }

void unblock_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// From now on this process's group is killed when the other end of the pipe is closed. Whoever
// inherits the descriptor keeps it so; a process's own signal of its parent's death is not
// inherited.
void end_group_with(int line) {
  checked(fcntl(line, F_SETSIG, SIGKILL), "cannot choose the signal of a pipe");
  checked(fcntl(line, F_SETOWN, -getpgrp()), "cannot choose who gets the signal of a pipe");
  checked(fcntl(line, F_SETFL, O_RDONLY | O_NONBLOCK | O_ASYNC), "cannot ask for a pipe's signal");
}

// The walls that all children share; the filter comes last.
void confine(const WorkerSetup& setup, pid_t parent, const FilterBytes& filter, bool serves_others,
             int group_line = -1) {
  // The kernel's choice where memory ends: never the worker, and the interpreter after its
  // programs, whose harness says so at their gate.
  write_text("/proc/self/oom_score_adj", serves_others ? "500" : "1000");
  limit_worker();
  drop_privileges(setup.identity);
  limit_processes(setup.max_processes);
  die_with(parent);
  if (group_line >= 0) end_group_with(group_line);
  if (setup.landlock) {
    LandlockRules rules = landlock_rules(
        setup.compiles ? setup.compiler->files : setup.python->files, setup.namespaces);
    if (!setup.private_folder.empty()) rules.scratch.push_back(setup.private_folder);
    restrict_by_landlock(rules);
  }
  if (setup.seccomp && !install_filter(filter)) fail("cannot install a seccomp filter");
}

pid_t fork_or_throw() { return static_cast<pid_t>(checked(fork(), "cannot fork")); }

std::string scratch_of(const WorkerSetup& setup) {
  return setup.private_folder.empty() ? std::string(kScratch) : setup.private_folder;
}

// The harness gets the process's pidfd while descriptors can still be sent. The kernel counts those
// in flight for the user, against the sender's limit: that comes later too.
void announce(const WorkerSetup& setup) {
  const UniqueFd self(static_cast<int>(checked(pidfd_open(getpid()), "cannot open the own pidfd")));
  const Header process{Kind::kProcess, setup.id};
  if (!send_packet(setup.harness, bytes_of(process), {self.get()}))
    fail("cannot send the own pidfd");
}

// The harness looks at the process from outside before it lets it through the gate.
void wait_at_gate(const WorkerSetup& setup, int gate) {
  const Header waiting{Kind::kWaiting, setup.id};
  if (!send_packet(setup.harness, bytes_of(waiting))) _exit(1);
  std::uint64_t ticket;
  if (read(gate, &ticket, sizeof ticket) != sizeof ticket) _exit(1);
}

[[noreturn]] void become_program(const WorkerSetup& setup, const RunRequest& request, pid_t parent,
                                 const std::vector<UniqueFd>& descriptors, int line) {
  const int gate = raised(descriptors[0].get(), true), code = raised(descriptors[1].get(), true);
  announce(setup);
  WorkerSetup mine = setup;
  mine.harness = raised(setup.harness, true);
  if (line >= 0) line = raised(line, true);
  const int channel = request.has_channel ? raised(descriptors[5].get(), true) : -1;
  for (int i = 0; i < 3; ++i) place(descriptors[static_cast<std::size_t>(2 + i)].get(), i);
  if (channel >= 0) place(channel, 3);
  const FilterBytes own = for_process(setup.filters->program, getpid());
  const int self_free = channel >= 0 ? 4 : 3;
  for (int fd = self_free; fd < kFirstFree; ++fd) close(fd);
  confine(mine, parent, setup.filters->base, false);
  if (setup.seccomp && line >= 0) {
    const UniqueFd listener = ask_before_exec();
    if (!send_packet(line, "?", {listener.get()})) fail("cannot hand over who is asked");
  }
  if (setup.seccomp && !install_filter(own)) fail("cannot install a seccomp filter");
  char name[] = "solution";
  char* const arguments[] = {name, nullptr};
  limit_run({request.cpu_seconds, request.memory_bytes, request.stack_bytes, request.file_bytes});
  wait_at_gate(mine, gate);
  raw_execveat(code, arguments, const_cast<char* const*>(box_environment()));
  // Of a damaged program the kernel says so at once; that is the program's end, and no failure of
  // ours.
  if (errno != EAGAIN && errno != EMFILE && errno != ENFILE && errno != EIO) _exit(127);
  fail("cannot start a compiled program");
}

[[noreturn]] void become_compiler(const WorkerSetup& setup, const RunRequest& request, pid_t parent,
                                  const std::vector<UniqueFd>& descriptors, int line) {
  const int gate = raised(descriptors[0].get(), true);
  if (line >= 0) line = raised(line, false);
  announce(setup);
  WorkerSetup mine = setup;
  mine.harness = raised(setup.harness, true);
  // The source is its stdin; what it says goes to both outputs.
  place(descriptors[1].get(), 0);
  place(descriptors[3].get(), 1);
  place(descriptors[4].get(), 2);
  for (int fd = 3; fd < kFirstFree; ++fd) close(fd);
  const std::string scratch = scratch_of(setup), output = scratch + "/program";
  checked(chdir(scratch.c_str()), "cannot enter the compiler's folder");
  const std::string home = "HOME=" + scratch, temporary = "TMPDIR=" + scratch;
  confine(mine, parent, setup.filters->compiler, false, line);
  std::vector<std::string> arguments{
      setup.compiler->executable,  "-std=c++17",     "-O2", "-pipe", "-w",
      "-fdiagnostics-color=never", "-fmax-errors=20"};
  if (setup.compiler->links_static) arguments.push_back("-static");
  for (const char* a : {"-x", "c++", "-o"}) arguments.push_back(a);
  arguments.push_back(output);
  arguments.push_back("-");
  std::vector<char*> argument_pointers, environment;
  for (std::string& a : arguments) argument_pointers.push_back(a.data());
  argument_pointers.push_back(nullptr);
  for (const char* const* e = box_environment(); *e != nullptr; ++e)
    if (std::string_view(*e).substr(0, 5) != "HOME=" &&
        std::string_view(*e).substr(0, 7) != "TMPDIR=")
      environment.push_back(const_cast<char*>(*e));
  environment.push_back(const_cast<char*>(home.c_str()));
  environment.push_back(const_cast<char*>(temporary.c_str()));
  environment.push_back(nullptr);
  limit_run({request.cpu_seconds, request.memory_bytes, request.stack_bytes, request.file_bytes});
  wait_at_gate(mine, gate);
  execve(argument_pointers[0], argument_pointers.data(), environment.data());
  fail("cannot start the compiler");
}

// Anything thrown in a child ends it here: it must not go on as a second worker.
template <class Become>
[[noreturn]] void in_child(int harness, std::uint32_t id, Become become) {
  const int report = fcntl(harness, F_DUPFD_CLOEXEC, kFirstFree);
  try {
    unblock_signals();
    setsid();
    become();
  } catch (const std::exception& error) {
    send_packet(report, text_message(Kind::kFailed, id, error.what()));
  }
  _exit(1);
}

}  // namespace

const char* const* box_environment() {
  static const char* const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin",
                                            "LANG=C.UTF-8",
                                            "HOME=/tmp",
                                            "TMPDIR=/tmp",
                                            "TZ=UTC",
                                            "PYTHONHASHSEED=0",
                                            "PYTHONDONTWRITEBYTECODE=1",
                                            "OMP_NUM_THREADS=1",
                                            "OPENBLAS_NUM_THREADS=1",
                                            "MKL_NUM_THREADS=1",
                                            "MALLOC_ARENA_MAX=1",
                                            nullptr};
  return environment;
}

pid_t start_zygote(const WorkerSetup& setup, int requests, int errors, bool numpy, bool proc) {
  const pid_t parent = getpid(), pid = fork_or_throw();
  if (pid != 0) return pid;
  in_child(setup.harness, setup.id, [&] {
    const UniqueFd filter = make_memory_file(
        setup.namespaces ? setup.filters->program : setup.filters->program_without_exec,
        MemoryFileUse::kData);
    const UniqueFd base = make_memory_file(setup.filters->base, MemoryFileUse::kData);
    UniqueFd loop;
    if (!setup.namespaces)
      loop = make_memory_file(embedded::sandbox_zygote_loop, MemoryFileUse::kExecutable);
    const int from = raised(requests, true), harness = raised(setup.harness, true),
              said = raised(errors, true), filter_copy = raised(filter.get(), true),
              base_copy = raised(base.get(), true);
    const int loop_copy = loop ? raised(loop.get(), true) : -1;
    const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) fail("cannot open /dev/null");
    place(null.get(), 0);
    place(null.get(), 1);
    place(said, 2);
    int next = 3;  // the loop knows the numbers of the first two
    const auto hand_over = [&next](int fd) {
      place(fd, next);
      return std::to_string(next++);
    };
    hand_over(from);
    hand_over(harness);
    std::vector<std::string> arguments{setup.python->executable,
                                       "-s",
                                       "-c",
                                       std::string(embedded::sandbox_zygote),
                                       loop ? "/proc/self/fd/" + hand_over(loop_copy) : kZygoteLoop,
                                       setup.seccomp ? hand_over(filter_copy) : "-1",
                                       numpy ? "1" : "0",
                                       proc ? "1" : "0",
                                       nlohmann::json(setup.python->path).dump()};
    if (setup.new_root.empty()) {
      confine(setup, parent, setup.filters->base, true);
    } else {  // the interpreter needs its library before it can leave it behind, and confines
              // itself
      limit_worker();
      limit_processes(setup.max_processes);
      checked(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "cannot ask to die with the parent");
      die_with(parent);
      for (const std::string& a :
           {setup.new_root, std::to_string(setup.identity.uid), std::to_string(setup.identity.gid),
            setup.seccomp ? hand_over(base_copy) : "-1", std::to_string(SYS_seccomp)})
        arguments.push_back(a);
    }
    std::vector<char*> pointers;
    for (std::string& a : arguments) pointers.push_back(a.data());
    pointers.push_back(nullptr);
    close_from(next);
    // Else children would each look for the same functions; zygote.py takes it out again.
    std::vector<const char*> environment{kBindNow};
    for (const char* const* e = box_environment(); *e != nullptr; ++e) environment.push_back(*e);
    environment.push_back(nullptr);
    execve(pointers[0], pointers.data(), const_cast<char* const*>(environment.data()));
    _exit(127);
  });
}

pid_t start_child(const WorkerSetup& setup, const RunRequest& request,
                  const std::vector<UniqueFd>& descriptors, int line) {
  const pid_t parent = getpid(), pid = fork_or_throw();
  if (pid != 0) return pid;
  in_child(setup.harness, setup.id, [&] {
    if (request.task == Task::kCompile) become_compiler(setup, request, parent, descriptors, line);
    become_program(setup, request, parent, descriptors, line);
  });
}

UniqueFd take_compiled(const WorkerSetup& setup) {
  const std::string path = scratch_of(setup) + "/program";
  const UniqueFd made(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!made || fstat(made.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
  auto left = static_cast<std::uint64_t>(info.st_size);
  if (left == 0 || left > kMaxExecutableBytes) return {};
  UniqueFd copy = make_sealable_file();
  while (left > 0) {
    const ssize_t n = sendfile(copy.get(), made.get(), nullptr, left);
    if (n <= 0) return {};
    left -= static_cast<std::uint64_t>(n);
  }
  seal(copy.get());
  return copy;
}

std::int64_t run_delay_of(pid_t pid) {
  const std::string text = read_text("/proc/" + std::to_string(pid) + "/schedstat");
  const std::size_t space = text.find(' ');
  return space == text.npos ? -1 : std::strtoll(text.c_str() + space, nullptr, 10);
}

}  // namespace quorum::sandbox
