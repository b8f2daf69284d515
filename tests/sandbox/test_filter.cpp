#include <fcntl.h>
#include <linux/audit.h>
#include <linux/prctl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>

#include "sandbox/syscall_filter.h"
#include "support/catch.h"
#include "tests/sandbox/classic_bpf.h"

using namespace quorum::sandbox;
using quorum::testing::run_filter;

namespace {

constexpr pid_t kSelf = 4711;

const SyscallFilters& filters() {
  static const SyscallFilters built = build_filters();
  return built;
}

template <class... Arguments>
seccomp_data make_call(int number, Arguments... arguments) {
  seccomp_data data{};
  data.nr = number;
  data.arch = seccomp_arch_native();
  [[maybe_unused]] std::size_t i = 0;
  ((data.args[i++] = static_cast<std::uint64_t>(arguments)), ...);
  return data;
}
int number_of(const char* name) { return seccomp_syscall_resolve_name(name); }

std::string named(std::uint32_t answer) {
  if (answer == SECCOMP_RET_ALLOW) return "allow";
  if (answer == (SECCOMP_RET_ERRNO | EPERM)) return "EPERM";
  if (answer == (SECCOMP_RET_ERRNO | ENOSYS)) return "ENOSYS";
  if (answer == (SECCOMP_RET_ERRNO | ENOMEM)) return "ENOMEM";
  if (answer == SECCOMP_RET_KILL_PROCESS) return "kill";
  return std::to_string(answer);
}

// What a program gets: the kernel takes the stricter answer of both filters.
std::string to_program(const seccomp_data& call) {
  const std::uint32_t base = run_filter(filters().base, call);
  if (base != SECCOMP_RET_ALLOW) return named(base);
  return named(run_filter(for_process(filters().program, kSelf), call));
}
template <class... Arguments>
std::string to_program(const char* name, Arguments... arguments) {
  return to_program(make_call(number_of(name), arguments...));
}

}  // namespace

TEST_CASE("programs may use files, memory, time and threads") {
  for (const char* name : {"read", "write", "openat", "mmap", "brk", "futex", "clock_gettime",
                           "getrandom", "exit_group", "rt_sigaction", "execve", "mkdirat",
                           "ftruncate", "epoll_wait", "wait4", "sched_yield"}) {
    INFO(name);
    CHECK(to_program(name) == "allow");
  }
}

TEST_CASE("programs may not use what reaches beyond themselves") {
  for (const char* name : {"socket",
                           "connect",
                           "bind",
                           "ptrace",
                           "process_vm_readv",
                           "process_vm_writev",
                           "unshare",
                           "setns",
                           "mount",
                           "umount2",
                           "pivot_root",
                           "chroot",
                           "setuid",
                           "setresuid",
                           "setgroups",
                           "capset",
                           "keyctl",
                           "add_key",
                           "bpf",
                           "perf_event_open",
                           "userfaultfd",
                           "io_uring_setup",
                           "memfd_create",
                           "shmget",
                           "msgget",
                           "semget",
                           "mq_open",
                           "inotify_init1",
                           "fanotify_init",
                           "name_to_handle_at",
                           "open_by_handle_at",
                           "personality",
                           "quotactl",
                           "swapon",
                           "reboot",
                           "kexec_load",
                           "init_module",
                           "sethostname",
                           "setpriority",
                           "sched_setaffinity",
                           "sched_setscheduler",
                           "flock",
                           "vmsplice",
                           "tkill",
                           "rt_sigqueueinfo",
                           "pidfd_open",
                           "pidfd_send_signal",
                           "pidfd_getfd",
                           "seccomp",
                           "sendmsg",
                           "sendmmsg",
                           "chmod",
                           "fchmod",
                           "chown",
                           "truncate",
                           "utimensat",
                           "setxattr",
                           "mlock",
                           "clock_settime",
                           "syslog",
                           "acct"}) {
    const int number = number_of(name);
    if (number < 0) continue;  // not on this architecture
    INFO(name);
    CHECK(to_program(name) == "EPERM");
  }
}

TEST_CASE("clone makes threads and nothing else, and libraries fall back from clone3") {
  CHECK(to_program("clone", CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD) ==
        "allow");
  CHECK(to_program("clone", SIGCHLD) == "EPERM");
  CHECK(to_program("clone", CLONE_VM | CLONE_VFORK | SIGCHLD) == "EPERM");
  CHECK(to_program("clone", CLONE_THREAD | CLONE_FILES | CLONE_VM | CLONE_SIGHAND | CLONE_NEWNET) ==
        "EPERM");
  CHECK(to_program("clone", CLONE_NEWUSER | SIGCHLD) == "EPERM");
  CHECK(to_program("clone3") == "ENOSYS");
  CHECK(named(run_filter(filters().base, make_call(number_of("clone"), SIGCHLD))) == "allow");
  CHECK(named(run_filter(filters().base, make_call(number_of("clone"), SIGCHLD | CLONE_NEWUSER))) ==
        "EPERM");
}

TEST_CASE("threads share one table of open descriptors, and one limit of it") {
  CHECK(to_program("clone", CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD) == "EPERM");
  CHECK(to_program("clone", CLONE_VM | CLONE_FILES) == "EPERM");
  constexpr std::uint64_t kUnshare = 2, kCloseOnExec = 4, kAbove = std::uint64_t{1} << 32;
  CHECK(to_program("close_range", 3, ~0u, 0) == "allow");
  CHECK(to_program("close_range", 3, ~0u, kCloseOnExec) == "allow");
  CHECK(to_program("close_range", 3, ~0u, kUnshare) == "EPERM");
  CHECK(to_program("close_range", 3, ~0u, kUnshare | kCloseOnExec | kAbove) == "EPERM");
}

TEST_CASE("memory without a file is private, so that all of it is address space") {
  const auto map = [](std::uint64_t flags) {
    return to_program("mmap", 0, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
  };
  CHECK(map(MAP_PRIVATE | MAP_ANONYMOUS) == "allow");
  CHECK(map(MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE) == "allow");
  CHECK(map(MAP_PRIVATE) == "allow");
  CHECK(map(MAP_SHARED) == "allow");
  CHECK(map(MAP_SHARED | MAP_ANONYMOUS) == "ENOMEM");
  CHECK(map(MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE) == "ENOMEM");
  CHECK(map(MAP_SHARED | MAP_ANONYMOUS | std::uint64_t{1} << 32) == "ENOMEM");
  CHECK(map(0x03 /* MAP_SHARED_VALIDATE */ | MAP_ANONYMOUS) == "ENOMEM");
}

TEST_CASE("what is opened for reading is not emptied by it") {
  constexpr std::uint64_t kAbove = std::uint64_t{1} << 32;
  const auto open_with = [](std::uint64_t flags) {
    const std::string answer = to_program("openat", AT_FDCWD, 0, flags, 0);
    if (number_of("open") >= 0) CHECK(to_program("open", 0, flags, 0) == answer);
    return answer;
  };
  CHECK(open_with(O_RDONLY | O_CLOEXEC) == "allow");
  CHECK(open_with(O_WRONLY | O_CREAT | O_TRUNC) == "allow");
  CHECK(open_with(O_RDWR | O_TRUNC) == "allow");
  CHECK(open_with(O_RDONLY | O_TRUNC) == "EPERM");
  CHECK(open_with(O_RDONLY | O_CREAT | O_TRUNC | kAbove) == "EPERM");
  CHECK(to_program("openat2", AT_FDCWD, 0, 0, 24) == "ENOSYS");
}

TEST_CASE("a program signals itself only, and sets its own limits only") {
  for (const char* name : {"kill", "tgkill"}) {
    INFO(name);
    CHECK(to_program(name, kSelf, 15) == "allow");
    for (const std::int64_t other : {0, -1, 1, kSelf - 1, -kSelf}) {
      INFO(other);
      CHECK(to_program(name, static_cast<std::uint64_t>(other), 9) == "EPERM");
      // The kernel looks at the low half only.
      CHECK(to_program(name, static_cast<std::uint32_t>(other), 9) == "EPERM");
    }
  }
  CHECK(to_program("prlimit64", 0) == "allow");
  CHECK(to_program("prlimit64", kSelf) == "allow");
  CHECK(to_program("prlimit64", kSelf - 1) == "EPERM");
}

TEST_CASE("a program cannot take back how it dies, who may look in, or add filters") {
  CHECK(to_program("prctl", PR_SET_NAME) == "allow");
  for (const std::uint64_t option :
       {std::uint64_t{PR_SET_PDEATHSIG}, std::uint64_t{PR_SET_DUMPABLE},
        std::uint64_t{PR_SET_SECCOMP}, std::uint64_t{PR_SET_PTRACER}, std::uint64_t{PR_SET_MM},
        std::uint64_t{PR_SET_CHILD_SUBREAPER}}) {
    INFO(option);
    CHECK(to_program("prctl", option) == "EPERM");
    CHECK(to_program("prctl", option | std::uint64_t{1} << 32) == "EPERM");
  }
}

TEST_CASE("requests of ioctl and fcntl are compared by their low half") {
  CHECK(to_program("ioctl", 0, TCGETS) == "allow");
  CHECK(to_program("ioctl", 0, TIOCSTI) == "EPERM");
  CHECK(to_program("ioctl", 0, TIOCSTI | std::uint64_t{1} << 32) == "EPERM");
  CHECK(to_program("ioctl", 0, TIOCLINUX) == "EPERM");
  CHECK(to_program("fcntl", 0, F_GETFL) == "allow");
  for (const int locks :
       {F_SETLK, F_SETLKW, F_OFD_SETLK, F_SETLEASE, F_NOTIFY, F_ADD_SEALS, F_SETOWN}) {
    INFO(locks);
    CHECK(to_program("fcntl", 0, static_cast<std::uint64_t>(locks)) == "EPERM");
    CHECK(to_program("fcntl", 0, static_cast<std::uint64_t>(locks) | std::uint64_t{1} << 32) ==
          "EPERM");
  }
}

TEST_CASE("a pair of sockets is of the local family and for streams") {
  CHECK(to_program("socketpair", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC) == "allow");
  CHECK(to_program("socketpair", AF_UNIX, SOCK_DGRAM) == "EPERM");
  CHECK(to_program("socketpair", AF_UNIX, SOCK_RAW) == "EPERM");
  CHECK(to_program("socketpair", AF_UNIX, SOCK_SEQPACKET) == "EPERM");
  CHECK(to_program("socketpair", AF_INET, SOCK_STREAM) == "EPERM");
}

TEST_CASE("numbers that are newer than the table do not exist") {
  for (const int number : {500, 600, 1023, 100000}) {
    INFO(number);
    CHECK(to_program(make_call(number)) == "ENOSYS");
  }
}

TEST_CASE("where there is no process namespace, a program cannot become another") {
  for (const char* name : {"execve", "execveat"}) {
    INFO(name);
    CHECK(named(run_filter(filters().program_without_exec, make_call(number_of(name)))) == "EPERM");
    CHECK(to_program(name) == "allow");
  }
  CHECK(named(run_filter(for_process(filters().program_without_exec, kSelf),
                         make_call(number_of("kill"), kSelf))) == "allow");
}

#if defined(__x86_64__)
TEST_CASE("x32 calls do not exist and 32-bit calls kill") {
  CHECK(to_program(make_call(0x40000000 | number_of("getpid"))) == "ENOSYS");
  seccomp_data call = make_call(20);
  call.arch = AUDIT_ARCH_I386;
  CHECK(to_program(call) == "kill");
  call.nr = 1000;
  CHECK(to_program(call) == "kill");
}
#endif

TEST_CASE(
    "a compiler may start processes and change modes, but has no network and no other privilege") {
  const auto to_compiler = [](const char* name, auto... arguments) {
    return named(run_filter(filters().compiler, make_call(number_of(name), arguments...)));
  };
  CHECK(to_compiler("clone", CLONE_VM | CLONE_VFORK | SIGCHLD) == "allow");
  CHECK(to_compiler("chmod") == "allow");
  for (const char* name :
       {"socket", "ptrace", "mount", "unshare", "setuid", "bpf", "keyctl", "memfd_create"}) {
    INFO(name);
    CHECK(to_compiler(name) == "EPERM");
  }
}
