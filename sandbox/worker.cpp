#include "sandbox/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <vector>

#include "base/error.h"
#include "sandbox/cgroup.h"
#include "sandbox/child.h"
#include "sandbox/exec_once.h"
#include "sandbox/memory_file.h"
#include "sandbox/packet.h"
#include "sandbox/protocol.h"
#include "sandbox/system.h"

namespace quorum::embedded {
extern const std::string_view sandbox_zygote_loop;
}

namespace quorum::sandbox {
namespace {

// An interpreter that waits for requests.
struct Zygote {
  pid_t pid = -1;
  UniqueFd requests, errors;
};

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

class Worker {
 public:
  explicit Worker(const WorkerSetup& setup) : setup_(setup) {}

  int run() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, nullptr);
    children_ = UniqueFd(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
    prctl(PR_SET_NAME, "quorum-worker", 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // Where there is no process namespace, what a compiler leaves behind comes here.
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    char go;
    if (read(setup_.life, &go, 1) != 1) return 1;
    try {
      enter();
      while (!done_) step();
    } catch (const Error& error) {
      send_packet(setup_.harness, text_message(Kind::kFailed, setup_.id, error.what()));
    }
    // Without a process namespace nobody else ends what the compiler started.
    if (child_ > 0) kill(-child_, SIGKILL);
    return 0;
  }

 private:
  void enter() {
    if (setup_.map_user &&
        !map_own_user(setup_.outside_uid, setup_.outside_gid, kInsideUser, kInsideUser))
      fail("cannot name the user of a user namespace");
    proc_ = true;
    if (setup_.namespaces) {
      sethostname("box", 3);
      proc_ = setup_.compiles ? enter_box(setup_.compiler->files, {})
                              : enter_box(setup_.python->files, embedded::sandbox_zygote_loop);
      if (setup_.compiles) mount_scratch(kCompilerScratchBytes, user(), group());
    }
    checked(chdir("/"), "cannot change to /");
    umask(077);
  }

  void step() {
    pollfd ready[] = {{setup_.harness, POLLIN, 0},
                      {setup_.life, POLLIN, 0},
                      {children_.get(), POLLIN, 0},
                      {line_.get(), POLLIN, 0},
                      {exec_.get(), POLLIN, 0}};
    if (poll(ready, 5, -1) < 0 && errno != EINTR) fail("cannot wait for requests");
    if (ready[3].revents != 0) take_listener();
    if (ready[4].revents != 0) {
      // Of code of ours, at the gate; nobody answers a second time.
      if ((ready[4].revents & POLLIN) != 0 && !allow_exec(exec_.get()) && errno != ENOENT)
        fail("cannot let a program begin");
      exec_ = UniqueFd();
    }
    if (ready[2].revents != 0) reap();
    if (ready[1].revents != 0) done_ = true;  // the launcher is gone
    if (ready[0].revents == 0 || done_) return;
    Packet packet;
    switch (receive_packet(setup_.harness, packet, false)) {
      case Received::kNothingYet: return;
      case Received::kClosed: done_ = true; return;
      case Received::kPacket: start(packet);
    }
  }

  void start(Packet& packet) {
    const auto request = read_message<RunRequest>(packet.bytes);
    const std::size_t wanted = request && request->has_channel ? 6 : 5;
    if (!request || request->header.kind != Kind::kRun || packet.descriptors.size() != wanted)
      throw Error(ErrorKind::kInternal, "a worker got a request that it does not know");
    // What the last run left in its scratch must be gone before the group's limit may be lowered.
    if (had_scratch_) unmount_scratch();
    prepare_group(*request);
    had_scratch_ = setup_.namespaces && !setup_.compiles && request->scratch_bytes != 0;
    if (had_scratch_) mount_scratch(request->scratch_bytes, user(), group());
    switch (request->task) {
      case Task::kPython:
      case Task::kPythonWithNumpy: {
        Zygote& zygote = warm(request->task);
        std::vector<int> descriptors;
        for (const UniqueFd& fd : packet.descriptors) descriptors.push_back(fd.get());
        if (!send_packet(zygote.requests.get(), packet.bytes, descriptors))
          fail("cannot reach the interpreter");
        return;
      }
      case Task::kExecutable:
      case Task::kCompile: {
        const UniqueFd theirs = make_line(request->task);
        child_ = start_child(setup_, *request, packet.descriptors, theirs.get());
        return;
      }
    }
    throw Error(ErrorKind::kInternal, "a worker got a task that it does not know");
  }

  // The child's end, where it needs one.
  UniqueFd make_line(Task task) {
    exec_ = UniqueFd();
    line_ = UniqueFd();
    if (!setup_.needs_chain()) return {};
    if (task == Task::kExecutable) {
      auto [ours, theirs] = make_packet_sockets();
      line_ = std::move(ours);
      return std::move(theirs);
    }
    int ends[2];
    checked(pipe2(ends, O_CLOEXEC), "cannot make a pipe");
    compiler_line_ = UniqueFd(ends[1]);
    return UniqueFd(ends[0]);
  }

  void take_listener() {
    Packet packet;
    const Received received = receive_packet(line_.get(), packet, false);
    if (received == Received::kNothingYet) return;
    if (received == Received::kPacket && packet.descriptors.size() == 1)
      exec_ = std::move(packet.descriptors[0]);
    line_ = UniqueFd();
  }

  void prepare_group(const RunRequest& request) {
    if (setup_.group_limit < 0) return;
    if (request.group_bytes != group_bytes_ && !set_limit(setup_.group_limit, request.group_bytes))
      fail("cannot set the memory limit of a cgroup");
    group_bytes_ = request.group_bytes;
  }

  Zygote& warm(Task task) {
    Zygote& zygote = zygotes_[task];
    if (zygote.pid > 0) return zygote;
    auto [ours, theirs] = make_packet_sockets();
    zygote.requests = std::move(ours);
    zygote.errors = make_memory_file({}, MemoryFileUse::kOutput);
    zygote.pid = start_zygote(setup_, theirs.get(), zygote.errors.get(),
                              task == Task::kPythonWithNumpy, proc_);
    return zygote;
  }

  void reap() {
    signalfd_siginfo ignored;
    while (read(children_.get(), &ignored, sizeof ignored) > 0) {
    }
    for (;;) {
      siginfo_t info{};
      if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | WNOHANG) != 0 || info.si_pid == 0) return;
      const std::int64_t ended = monotonic_ns();
      const std::int64_t delay = info.si_pid == child_ && proc_ ? run_delay_of(info.si_pid) : -1;
      int status = 0;
      rusage usage{};
      if (wait4(info.si_pid, &status, 0, &usage) != info.si_pid) continue;
      if (info.si_pid == child_) {
        child_ = -1;
        report_end(status, usage, delay, ended);
      }
      for (const auto& [task, zygote] : zygotes_)
        if (zygote.pid == info.si_pid)
          throw Error(ErrorKind::kEnvironment, "the interpreter ended",
                      read_start(zygote.errors.get(), 2000));
    }
  }

  void report_end(int status, const rusage& usage, std::int64_t delay, std::int64_t ended) {
    const auto ns = [](const timeval& t) {
      return t.tv_sec * std::int64_t{1000000000} + t.tv_usec * std::int64_t{1000};
    };
    RunEnd end{};
    end.header = {setup_.compiles ? Kind::kCompiled : Kind::kEnded, setup_.id};
    end.wait_status = status;
    end.cpu_ns = ns(usage.ru_utime) + ns(usage.ru_stime);
    end.run_delay_ns = delay;
    end.ended_ns = ended;
    end.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    std::vector<int> program;
    UniqueFd taken;
    if (setup_.compiles && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      taken = take_compiled(setup_);
      if (taken) program.push_back(taken.get());
    }
    if (!send_packet(setup_.harness, bytes_of(end), program))
      fail("cannot report the end of a run");
  }

  unsigned user() const { return setup_.map_user ? kInsideUser : setup_.identity.uid; }
  unsigned group() const { return setup_.map_user ? kInsideUser : setup_.identity.gid; }

  const WorkerSetup& setup_;
  UniqueFd children_;
  UniqueFd line_, exec_;    // from the compiled program: whom it asks before it begins
  UniqueFd compiler_line_;  // the compiler's processes end with it
  std::map<Task, Zygote> zygotes_;
  pid_t child_ = -1;
  bool proc_ = false, done_ = false, had_scratch_ = false;
  std::uint64_t group_bytes_ = 0;
};

}  // namespace

int run_worker(const WorkerSetup& setup) { return Worker(setup).run(); }

}  // namespace quorum::sandbox
