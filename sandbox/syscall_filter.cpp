#include "sandbox/syscall_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sandbox/memory_file.h"
#include "sandbox/syscall_table.h"

namespace quorum::sandbox {
namespace {

constexpr std::uint32_t kSetVma = 0x53564d41;  // glibc names its mappings
constexpr std::uint64_t kLow32 = 0xffffffff;
constexpr std::uint32_t kCloseRangeUnshare = 2;
constexpr std::uint64_t kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                         CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                                         CLONE_NEWNET | 0x80 /* NEWTIME */;

[[noreturn]] void broken(int error) {
  throw Error(ErrorKind::kEnvironment, "cannot build a seccomp filter",
              std::strerror(error < 0 ? -error : error), "libseccomp 2.5 or newer");
}

// Calls `visit` with every name of a list separated by white space.
template <class Visit>
void for_each_word(std::string_view words, Visit visit) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t begin = words.find_first_not_of(" \n", at);
    if (begin == words.npos) return;
    at = std::min(words.find_first_of(" \n", begin), words.size());
    visit(words.substr(begin, at - begin));
  }
}

// Negative: this architecture, or this libseccomp, does not have it.
int number_of(std::string_view call) {
  return seccomp_syscall_resolve_name(std::string(call).c_str());
}

std::uint32_t newest_number() {
  int newest = 0;
  for (const std::string_view list : {kAllowedCalls, kRefusedCalls, kAllowedByArguments})
    for_each_word(list, [&](std::string_view call) { newest = std::max(newest, number_of(call)); });
  return static_cast<std::uint32_t>(newest);
}

// Runs before what libseccomp makes. The x32 calls of x86-64 have a bit above every number.
FilterBytes entry_checks() {
  const sock_filter checks[] = {
#if defined(__x86_64__)
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, newest_number(), 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
  };
  return {reinterpret_cast<const char*>(checks), sizeof checks};
}

class Builder {
 public:
  explicit Builder(std::uint32_t default_action) : context_(seccomp_init(default_action)) {
    if (!context_) broken(ENOMEM);
    if (const int e = seccomp_attr_set(context_, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS))
      broken(e);
    seccomp_attr_set(context_, SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a search tree; older ones have none
  }
  ~Builder() { seccomp_release(context_); }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  template <class... Compare>
  Builder& rule(std::uint32_t action, std::string_view call, Compare... compare) {
    const int number = number_of(call);
    if (number < 0) return *this;
    const std::array<scmp_arg_cmp, sizeof...(Compare)> arguments{compare...};
    if (const int e =
            seccomp_rule_add_array(context_, action, number, sizeof...(Compare), arguments.data()))
      broken(e);
    return *this;
  }
  // Allows the call where the low half of an argument is one of the values: all that the kernel
  // looks at (CVE-2019-10063).
  void allow_values(std::string_view call, unsigned argument,
                    std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values)
      rule(SCMP_ACT_ALLOW, call, SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, kLow32, value));
  }
  void rules(std::uint32_t action, std::string_view calls) {
    for_each_word(calls, [&](std::string_view call) { rule(action, call); });
  }

  FilterBytes build() {
    const UniqueFd file = make_memory_file({}, MemoryFileUse::kOutput);
    if (const int e = seccomp_export_bpf(context_, file.get())) broken(e);
    return entry_checks() + read_start(file.get(), 1 << 20);
  }

 private:
  scmp_filter_ctx context_;
};

void allow_common(Builder& filter) {
  filter.rules(SCMP_ACT_ALLOW, kAllowedCalls);
  // Their flags are in memory, where a filter cannot see them. glibc falls back to clone() for
  // threads, and does not use the other.
  filter.rule(SCMP_ACT_ERRNO(ENOSYS), "clone3");
  filter.rule(SCMP_ACT_ERRNO(ENOSYS), "openat2");
  filter.allow_values("ioctl", 1, {TCGETS, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TIOCGWINSZ});
  // No lock, lease or owner: they are seen by other runs.
  filter.allow_values(
      "fcntl", 1,
      {F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ, F_GET_SEALS});
  // asyncio wakes its loop through a pair of its own; every other socket is refused. One end of a
  // pair for datagrams could send to any path.
  filter.rule(SCMP_ACT_ALLOW, "socketpair", SCMP_A0(SCMP_CMP_MASKED_EQ, kLow32, AF_UNIX),
              SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_STREAM));
}

FilterBytes base_filter() {
  Builder filter(SCMP_ACT_ERRNO(EPERM));
  allow_common(filter);
  filter.rules(SCMP_ACT_ALLOW, kZygoteCalls);
  filter.rule(SCMP_ACT_ALLOW, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, kNewNamespaces, 0));
  return filter.build();
}

FilterBytes compiler_filter() {
  Builder filter(SCMP_ACT_ERRNO(EPERM));
  allow_common(filter);
  filter.rules(SCMP_ACT_ALLOW, kCompilerCalls);
  filter.rule(SCMP_ACT_ALLOW, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, kNewNamespaces, 0));
  return filter.build();
}

// Written by hand, because it is installed anew for each run: a few instructions cost less than a
// table.
class ProgramFilter {
 public:
  ProgramFilter() { add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))); }

  void refuse(std::string_view call) {
    const int number = number_of(call);
    if (number < 0) return;
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1));
    add(kRefuse);
  }
  // Refuses the call unless the low half of its first argument (all that these calls look at) is
  // one of `values`.
  void refuse_unless(std::string_view call, std::initializer_list<std::uint32_t> values) {
    const int number = number_of(call);
    if (number < 0) return;
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0,
                 static_cast<unsigned char>(2 + 2 * values.size())));
    add(load_argument(0));
    for (const std::uint32_t value : values) {
      add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
      add(kAllow);
    }
    add(kRefuse);
  }
  // Refuses the call if the flags in the low half of this argument, as far as `mask` goes, are
  // `value`.
  void refuse_flags(std::string_view call, unsigned argument, std::uint32_t mask,
                    std::uint32_t value) {
    compare_flags(call, argument, mask, value, kRefuse, kAllow);
  }
  // Answers the call so if the flags have all bits of `mask`.
  void answer_flags(std::string_view call, unsigned argument, std::uint32_t mask,
                    std::uint32_t answer) {
    compare_flags(call, argument, mask, mask, BPF_STMT(BPF_RET | BPF_K, answer), kAllow);
  }
  // Refuses the call unless the flags have all bits of `mask`.
  void refuse_without(std::string_view call, unsigned argument, std::uint32_t mask) {
    compare_flags(call, argument, mask, mask, kAllow, kRefuse);
  }
  void refuse_other_clocks(std::string_view call) {
    const int number = number_of(call);
    if (number < 0) return;
    constexpr std::uint32_t kOfProcess = 0x80000000, kOfThread = 4, kSelf = ~0u << 3;
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 9));
    add(load_argument(0));
    add(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kOfProcess, 1, 0));
    add(kAllow);
    add(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kOfThread, 0, 1));
    add(kAllow);
    add(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kSelf));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSelf, 0, 1));
    add(kAllow);
    add(kRefuse);
  }
  FilterBytes build() {
    add(kAllow);
    return bytes_;
  }

 private:
  static constexpr std::size_t kLowHalf = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
  static constexpr sock_filter kRefuse = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  static constexpr sock_filter kAllow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

  void compare_flags(std::string_view call, unsigned argument, std::uint32_t mask,
                     std::uint32_t value, const sock_filter& if_equal,
                     const sock_filter& otherwise) {
    const int number = number_of(call);
    if (number < 0) return;
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 5));
    add(load_argument(argument));
    add(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    add(if_equal);
    add(otherwise);
  }
  static sock_filter load_argument(unsigned index) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                    static_cast<std::uint32_t>(offsetof(seccomp_data, args) +
                                               index * sizeof(std::uint64_t) + kLowHalf));
  }
  void add(const sock_filter& instruction) {
    bytes_.append(reinterpret_cast<const char*>(&instruction), sizeof instruction);
  }

  FilterBytes bytes_;
};

FilterBytes program_filter(bool may_exec) {
  ProgramFilter filter;
  // Threads share their descriptors: a table for each would be as many limits of open files.
  filter.refuse_without("clone", 0, CLONE_THREAD | CLONE_FILES);
  filter.refuse_flags("close_range", 2, kCloseRangeUnshare, kCloseRangeUnshare);
  // A file of the kernel's, whose pages stay for as long as one of them is mapped; only that one is
  // counted as address space. (A process without children has nobody to share memory with.)
  filter.answer_flags("mmap", 3, MAP_SHARED | MAP_ANONYMOUS, SECCOMP_RET_ERRNO | ENOMEM);
  // Landlock before its third version takes it for reading, and it empties the file.
  filter.refuse_flags("open", 1, O_ACCMODE | O_TRUNC, O_RDONLY | O_TRUNC);
  filter.refuse_flags("openat", 2, O_ACCMODE | O_TRUNC, O_RDONLY | O_TRUNC);
  for (const std::string_view call :
       {"fork", "vfork", "seccomp", "pidfd_open", "sendmsg", "sendmmsg"})
    filter.refuse(call);
  if (!may_exec)
    for (const std::string_view call : {"execve", "execveat"}) filter.refuse(call);
  // A process may end or stop itself, and nobody else: not its parent, its group or everybody.
  for (const std::string_view call : {"kill", "tgkill"})
    filter.refuse_unless(call, {kSelfPlaceholder});
  // Limits of another process; 0 is the process itself. The others would say that it is there.
  for (const std::string_view call :
       {"prlimit64", "getpgid", "getsid", "sched_getparam", "sched_getscheduler", "sched_getattr",
        "sched_rr_get_interval", "get_robust_list"})
    filter.refuse_unless(call, {0, kSelfPlaceholder});
  // CPU clocks of other processes have negative numbers, with the process in the upper bits.
  // Allowed: the machine's clocks, and by the bit that says so, those of the process's own threads.
  for (const std::string_view call : {"clock_gettime", "clock_getres", "clock_nanosleep"})
    filter.refuse_other_clocks(call);
  // They count for the user, whose other programs would be left without.
  for (const std::string_view call : {"timer_create", "capget"}) filter.refuse(call);
  // Names and questions. Not the signal of a parent's death, not whether others may look in, no
  // filter.
  filter.refuse_unless(
      "prctl", {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP,
                PR_CAPBSET_READ, PR_GET_TIMERSLACK, PR_GET_PDEATHSIG, kSetVma});
  return filter.build();
}

}  // namespace

SyscallFilters build_filters() {
  return {base_filter(), program_filter(true), program_filter(false), compiler_filter()};
}

FilterBytes for_process(FilterBytes filter, pid_t self) {
  std::vector<sock_filter> instructions(filter.size() / sizeof(sock_filter));
  std::memcpy(instructions.data(), filter.data(), instructions.size() * sizeof(sock_filter));
  name_self(instructions.data(), instructions.size(), static_cast<std::uint32_t>(self));
  std::memcpy(filter.data(), instructions.data(), instructions.size() * sizeof(sock_filter));
  return filter;
}

bool install_filter(const FilterBytes& filter) {
  sock_fprog program{};
  program.len = static_cast<unsigned short>(filter.size() / sizeof(sock_filter));
  program.filter = const_cast<sock_filter*>(reinterpret_cast<const sock_filter*>(filter.data()));
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace quorum::sandbox
