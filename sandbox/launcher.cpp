// The launcher: a small process with one thread that the harness starts before anything else. It
// alone makes namespaces and groups; it never runs anything of a program's. When the harness goes,
// all of it goes.
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.h"
#include "base/sha256.h"
#include "sandbox/cgroup.h"
#include "sandbox/interpreter.h"
#include "sandbox/leftovers.h"
#include "sandbox/locked_folder.h"
#include "sandbox/memory_file.h"
#include "sandbox/packet.h"
#include "sandbox/process_list.h"
#include "sandbox/protocol.h"
#include "sandbox/sandbox.h"
#include "sandbox/system.h"
#include "sandbox/worker.h"

namespace quorum::embedded {
extern const std::string_view sandbox_zygote, sandbox_zygote_loop;
}

namespace quorum::sandbox {
namespace {

namespace fs = std::filesystem;

// Users of programs, where root runs the harness: one for each worker of each launcher, because the
// kernel counts processes by user. Where a user namespace has no such high numbers, all launchers
// share a few.
struct Users {
  std::uint64_t first, count;
};
constexpr Users kManyUsers{1'900'000'000, std::uint64_t{1} << 27}, kFewUsers{64500, 500};
constexpr std::uint64_t kUsersOfLauncher = 1024;
constexpr std::uint64_t kSharedUserThreads = 1024;  // above what an ordinary user runs already
constexpr std::uint64_t kMaxThreads = 128, kMaxCompilerProcesses = 64;

// Whether this process is root with the right to make namespaces and become other users.
bool has_capabilities() {
  const std::string status = read_text("/proc/self/status");
  const std::size_t at = status.find("CapEff:");
  if (geteuid() != 0 || at == status.npos) return false;
  const std::uint64_t effective = std::strtoull(status.c_str() + at + 7, nullptr, 16);
  constexpr std::uint64_t kNeeded =
      1ull << 6 | 1ull << 7 | 1ull << 21;  // SETGID, SETUID, SYS_ADMIN
  return (effective & kNeeded) == kNeeded;
}

// Whether these users exist here: a user namespace may hold root alone.
bool has_users(const Users& users) {
  const std::string map = read_text("/proc/self/uid_map");
  for (const char* at = map.c_str(); *at != 0;) {
    char* end = nullptr;
    const std::uint64_t inside = std::strtoull(at, &end, 10);
    if (end == at) break;
    std::strtoull(end, &end, 10);
    const std::uint64_t count = std::strtoull(end, &end, 10);
    if (inside <= users.first && users.first + users.count <= inside + count) return true;
    at = *end == '\n' ? end + 1 : end;
  }
  return false;
}

// Whether this process may make user namespaces: asked of a child, which ends with its own.
bool can_make_user_namespaces() {
  const pid_t child = fork();
  if (child == 0) _exit(unshare(CLONE_NEWUSER) == 0 ? 0 : 1);
  int status = 1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return child > 0 && status == 0;
}

struct RunningWorker {
  std::uint32_t id = 0;
  uid_t user = 0;
  bool boxed = false;  // in namespaces of its own, which end with it
  UniqueFd life;
  std::unique_ptr<Cgroup> group;
  std::unique_ptr<TemporaryFolder> folder;  // private, of a compiler or a root at level D
};

class Launcher {
 public:
  Launcher(UniqueFd control, UniqueFd children)
      : control_(std::move(control)), children_(std::move(children)), number_(random_number()) {}

  void run() {
    for (;;) {
      pollfd ready[] = {{control_.get(), POLLIN, 0}, {children_.get(), POLLIN, 0}};
      if (poll(ready, 2, -1) < 0 && errno != EINTR) break;
      if (ready[1].revents != 0) reap();
      if (ready[0].revents == 0) continue;
      Packet packet;
      const Received received = receive_packet(control_.get(), packet, false);
      if (received == Received::kClosed) break;
      if (received == Received::kPacket) handle(packet);
    }
    for (const auto& [pid, worker] : workers_) kill(pid, SIGKILL);
    while (reap()) {
      end_strays();
      usleep(1000);
    }
  }

 private:
  void handle(Packet& packet) {
    const auto header = read_message<Header>(packet.bytes);
    if (!header) return;
    try {
      if (header->kind == Kind::kSetUp) set_up(packet.bytes.substr(sizeof(Header)));
      if (header->kind == Kind::kStartWorker) start_worker(packet);
    } catch (const std::exception& error) {
      send_packet(control_.get(), text_message(Kind::kFailed, header->id, error.what()));
    }
  }

  void set_up(const std::string& text) {
    const auto wanted = nlohmann::json::parse(text);
    without_ = {wanted.at("without_seccomp"), wanted.at("without_landlock"),
                wanted.at("without_namespaces")};
    remove_leftovers();
    python_ = find_python(wanted.at("python").get<std::string>()).take();
    compiler_ = find_compiler();
    std::string no_compiler = compiler_ ? "" : "g++ is not on PATH, or does not answer";
    try {
      make_memory_file("", MemoryFileUse::kExecutable);
    } catch (const Error& error) {
      compiler_.reset();
      no_compiler = error.what();
    }
    filters_ = build_filters();
    user_namespaces_ = can_make_user_namespaces();
    nlohmann::json answer{{"python", python_.executable},
                          {"python_version", python_.version},
                          {"numpy_version", python_.numpy_version},
                          {"foreign_path", python_.foreign_path},
                          {"compiler", compiler_ ? compiler_->version : ""},
                          {"no_compiler", no_compiler},
                          {"user_namespaces", user_namespaces_},
                          {"policy", policy_hash()}};
    try {
      groups_ = CgroupParent::make();
      answer["cgroup"] = groups_->version();
    } catch (const Error& error) {
      answer["no_cgroup"] = error.because();
    }
    send_packet(control_.get(), text_message(Kind::kReady, 0, answer.dump()));
  }

  // Of everything here that could change what a program does.
  std::string policy_hash() const {
    Sha256 hash;
    hash.field(filters_.base)
        .field(filters_.program)
        .field(filters_.program_without_exec)
        .field(filters_.compiler)
        .field(embedded::sandbox_zygote)
        .field(embedded::sandbox_zygote_loop);
    for (const char* const* variable = box_environment(); *variable != nullptr; ++variable)
      hash.field(*variable);
    return hash.hex();
  }

  WorkerSetup setup_for(const WorkerRequest& request) const {
    const Level level = static_cast<Level>(request.level);
    WorkerSetup setup;
    setup.id = request.header.id;
    setup.compiles = request.compiles != 0;
    setup.namespaces = (level == Level::kA || level == Level::kB) && !without_.namespaces;
    setup.seccomp = !without_.seccomp;
    setup.landlock = level != Level::kD && !without_.landlock;
    setup.python = &python_;
    setup.compiler = compiler_ ? &*compiler_ : nullptr;
    setup.filters = &filters_;
    setup.outside_uid = geteuid();
    setup.outside_gid = getegid();
    const bool root = geteuid() == 0;
    if (root) {
      const auto user = static_cast<uid_t>(free_user());
      setup.identity = {user, user, true, setup.namespaces && user_namespaces_};
    } else {
      setup.identity = {geteuid(), getegid(), false, false};
      setup.map_user = setup.namespaces;
    }
    if (setup.namespaces && root && !has_capabilities())
      throw Error(ErrorKind::kEnvironment, "namespaces cannot be made",
                  "root without CAP_SYS_ADMIN");
    // Counted for the user, and where there is a user namespace, in it. Where an ordinary user's
    // other processes count too, they must not take a program's share.
    setup.max_processes = setup.namespaces || root
                              ? (setup.compiles ? kMaxCompilerProcesses : kMaxThreads)
                              : threads_of_user() + kSharedUserThreads;
    return setup;
  }

  // A user that no worker of this launcher has; of another launcher neither (where there are enough
  // of them, and but for chance: launchers of several containers know nothing of each other).
  std::uint64_t free_user() const {
    const bool many = has_users(kManyUsers);
    if (!many && !has_users(kFewUsers))
      throw Error(ErrorKind::kEnvironment, "programs would run as root",
                  "this process is root, but cannot become another user",
                  "start it as an ordinary user");
    for (std::uint64_t i = 0;; ++i) {
      const std::uint64_t user =
          many ? kManyUsers.first + (number_ * kUsersOfLauncher + i) % kManyUsers.count
               : kFewUsers.first + (number_ + i) % kFewUsers.count;
      const bool taken = std::any_of(workers_.begin(), workers_.end(), [&](const auto& worker) {
        return worker.second.user == user;
      });
      if (!taken || i == kFewUsers.count) return user;
    }
  }

  void start_worker(Packet& packet) {
    const auto request = read_message<WorkerRequest>(packet.bytes);
    if (!request || packet.descriptors.size() != 1)
      throw Error(ErrorKind::kInternal, "the launcher got a request that it does not know");
    WorkerSetup setup = setup_for(*request);
    if (setup.compiles && !compiler_)
      throw Error(ErrorKind::kEnvironment, "there is no C++ compiler");
    RunningWorker worker;
    worker.id = setup.id;
    worker.user = setup.identity.uid;
    worker.boxed = setup.namespaces;
    if (static_cast<Level>(request->level) == Level::kA) {
      if (!groups_) throw Error(ErrorKind::kEnvironment, "there is no cgroup");
      worker.group = groups_->make_group("w" + std::to_string(setup.id),
                                         setup.compiles ? kMaxCompilerProcesses : kMaxThreads + 8);
    }
    if (setup.compiles && !setup.namespaces) {
      worker.folder = std::make_unique<TemporaryFolder>(kCompilerFolder);
      setup.private_folder = worker.folder->path();
      if (setup.identity.change)
        checked(chown(setup.private_folder.c_str(), setup.identity.uid, setup.identity.gid),
                "cannot hand over " + setup.private_folder);
    }
    if (static_cast<Level>(request->level) == Level::kD) {
      if (!setup.identity.change) throw Error(ErrorKind::kEnvironment, "level D needs root");
      worker.folder = std::make_unique<TemporaryFolder>(kRootFolder);
      setup.new_root = worker.folder->path();
      checked(chmod(setup.new_root.c_str(), 0555), "cannot close " + setup.new_root);
    }
    UniqueFd limit, events, hits;  // the latter two for the harness
    if (worker.group) {
      limit = worker.group->open_limit();
      events = worker.group->open_events();
      hits = worker.group->open_hits();
      setup.group_limit = limit.get();
    }
    int life[2];
    checked(pipe2(life, O_CLOEXEC), "cannot make a pipe");
    const UniqueFd theirs(life[0]);
    worker.life = UniqueFd(life[1]);
    setup.life = theirs.get();
    setup.harness = packet.descriptors[0].get();

    unsigned long flags = SIGCHLD;
    if (setup.namespaces)
      flags |= CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
               CLONE_NEWCGROUP | (setup.map_user ? CLONE_NEWUSER : 0ul);
    const auto pid =
        static_cast<pid_t>(syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
    if (pid == 0) be_worker(setup);
    if (pid < 0) fail("cannot start a worker");
    const UniqueFd handle(pidfd_open(pid));
    const int fd = handle.get();
    auto& kept = workers_[pid] = std::move(worker);
    if (fd < 0) {
      kill(pid, SIGKILL);
      fail("cannot watch a worker");
    }
    if (kept.group) {
      try {
        kept.group->add(pid);
      } catch (...) {
        kill(pid, SIGKILL);
        throw;
      }
    }
    if (write(kept.life.get(), "g", 1) != 1) fail("cannot let a worker begin");
    const WorkerNotice notice{{Kind::kWorker, setup.id}, pid};
    std::vector<int> descriptors{fd};
    for (const UniqueFd* of_group : {&events, &hits})
      if (*of_group) descriptors.push_back(of_group->get());
    send_packet(control_.get(), bytes_of(notice), descriptors);
  }

  // Everything of the launcher's that the worker does not need is closed, other workers' life lines
  // above all.
  [[noreturn]] void be_worker(WorkerSetup& setup) {
    int* const kept[] = {&setup.harness, &setup.life, &setup.group_limit};
    int next = 3;
    for (int* fd : kept)
      if (*fd >= 0) *fd = fcntl(*fd, F_DUPFD_CLOEXEC, 32);
    for (int* fd : kept)
      if (*fd >= 0) *fd = dup3(*fd, next++, O_CLOEXEC) >= 0 ? next - 1 : -1;
    close_from(next);
    int code = 1;
    try {
      code = run_worker(setup);
    } catch (...) {  // it must not go on as a second launcher
    }
    _exit(code);
  }

  // False: there is no child any more.
  bool reap() {
    signalfd_siginfo ignored;
    while (read(children_.get(), &ignored, sizeof ignored) > 0) {
    }
    for (int status;;) {
      const pid_t pid = waitpid(-1, &status, WNOHANG);
      if (pid < 0 && errno == EINTR) continue;
      if (pid <= 0) return pid == 0;
      const auto worker = workers_.find(pid);
      if (worker == workers_.end()) {  // a stray, which may have left others
        end_strays();
        continue;
      }
      if (!worker->second.boxed) end_strays();
      const WorkerNotice notice{{Kind::kWorkerGone, worker->second.id}, pid};
      workers_.erase(worker);  // with its group and folder
      send_packet(control_.get(), bytes_of(notice));
    }
  }

  // Where a worker has no process namespace, what outlives it comes to the launcher.
  void end_strays() {
    for (const pid_t pid : children_of_this_process())
      if (workers_.find(pid) == workers_.end()) kill(pid, SIGKILL);
  }

  UniqueFd control_, children_;
  const std::uint64_t number_;  // by chance: which users are this launcher's
  LeftOut without_;
  Python python_;
  std::optional<Compiler> compiler_;
  SyscallFilters filters_;
  bool user_namespaces_ = false;
  std::unique_ptr<CgroupParent> groups_;
  std::map<pid_t, RunningWorker> workers_;
};

}  // namespace

int run_launcher() {
  // The control socket came as stdin; the standard descriptors become those of nobody.
  constexpr int kControl = 3;
  if (dup3(STDIN_FILENO, kControl, O_CLOEXEC) < 0) return 1;
  close_from(kControl + 1);
  UniqueFd control(kControl);
  const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return 1;
  for (int fd = 0; fd < 3; ++fd) dup2(null.get(), fd);
  // What it finds on this machine must work in a box, whose environment is made anew.
  unsetenv("LD_LIBRARY_PATH");
  // No terminal, and no interrupt from one: ending is the harness's affair.
  setsid();
  umask(022);  // of the folders that boxes are made of; programs get another
  // What the harness's folder holds is none of our business; and orphans of workers come here.
  if (chdir("/") != 0) return 1;
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  prctl(PR_SET_NAME, "quorum-launcher", 0, 0, 0);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  sigset_t blocked;
  sigemptyset(&blocked);
  for (const int s : {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGPIPE}) sigaddset(&blocked, s);
  sigprocmask(SIG_BLOCK, &blocked, nullptr);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  UniqueFd children(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!children) return 1;
  Launcher(std::move(control), std::move(children)).run();
  return 0;
}

}  // namespace quorum::sandbox
