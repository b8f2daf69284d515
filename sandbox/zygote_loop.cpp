// The loop of a warm interpreter: waits for requests, forks one child for each, and reports how the
// child ended. In the child it puts up the walls, waits at the gate, and returns the source to
// zygote.py.
//
// A library of its own that zygote.py loads into the interpreter (ctypes.PyDLL: it holds the
// interpreter's lock), because every object that Python code touches after a fork is a page to
// copy, in the child and then in the parent. It needs libc and a few functions of CPython's stable
// interface; the C++ library is not in it.
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sandbox/fork_memory.h"
#include "sandbox/protocol.h"
#include "sandbox/run_limits.h"
#include "sandbox/self_placeholder.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

extern "C" {
struct PyObject;
void PyOS_BeforeFork();
void PyOS_AfterFork_Child();
PyObject* PyBytes_FromStringAndSize(const char* bytes, ssize_t size);
char* PyBytes_AsString(PyObject* bytes);
}

namespace quorum::sandbox {
namespace {

// Where zygote.py has them; a run's own descriptors are above.
constexpr int kRequests = 3, kHarness = 4;
constexpr std::size_t kMostDescriptors = 6, kMostInstructions = 1024;

struct Filter {
  sock_filter instructions[kMostInstructions];
  std::size_t count;  // 0: none is wanted
};

struct Descriptors {
  int at[kMostDescriptors];
  std::size_t count = 0;
  int gate() const { return at[0]; }
  int code() const { return at[1]; }
};

bool say(const void* message, std::size_t size) {
  ssize_t sent;
  do {
    sent = send(kHarness, message, size, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

[[noreturn]] void give_up(std::uint32_t worker, const char* what, const char* which = "") {
  struct {
    Header header;
    char text[200];
  } message{{Kind::kFailed, worker}, {}};
  const int size =
      snprintf(message.text, sizeof message.text, "cannot %s%s: %s", what, which, strerror(errno));
  say(&message, sizeof(Header) + static_cast<std::size_t>(size < 0 ? 0 : size));
  _exit(1);
}

// False: the worker is gone, or says something strange.
bool receive(RunRequest& request, Descriptors& descriptors) {
  iovec part{&request, sizeof request};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMostDescriptors)];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t size;
  do {
    size = recvmsg(kRequests, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  descriptors.count = 0;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); size > 0 && header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t bytes = header->cmsg_len - CMSG_LEN(0);
    memcpy(descriptors.at, CMSG_DATA(header), bytes);
    descriptors.count = bytes / sizeof(int);
  }
  return size == sizeof request && (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
         descriptors.count == (request.has_channel ? 6u : 5u);
}

// The harness gets the process's pidfd while descriptors can still be sent. The kernel counts those
// in flight for the user, against the sender's limit: that comes later too.
void announce(std::uint32_t worker, pid_t self) {
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, self, 0));
  if (pidfd < 0) give_up(worker, "open the own pidfd");
  Header header{Kind::kProcess, worker};
  iovec part{&header, sizeof header};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof pidfd)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof pidfd);
  memcpy(CMSG_DATA(rights), &pidfd, sizeof pidfd);
  ssize_t sent;
  do {
    sent = sendmsg(kHarness, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) give_up(worker, "send the own pidfd");
  close(pidfd);
}

PyObject* read_source(std::uint32_t worker, int code) {
  struct stat info {};
  if (fstat(code, &info) != 0) give_up(worker, "look at the source");
  PyObject* const source = PyBytes_FromStringAndSize(nullptr, info.st_size);
  if (source == nullptr) give_up(worker, "hold the source");
  char* const bytes = PyBytes_AsString(source);
  for (off_t have = 0; have < info.st_size;) {
    const ssize_t n =
        pread(code, bytes + have, static_cast<std::size_t>(info.st_size - have), have);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) give_up(worker, "read the source");
    have += n;
  }
  return source;
}

// Closes all but the standard descriptors, the channel, the harness and the gate.
void arrange(std::uint32_t worker, const Descriptors& descriptors) {
  for (std::size_t i = 0; i < 3; ++i)
    if (dup2(descriptors.at[2 + i], static_cast<int>(i)) < 0) give_up(worker, "place a descriptor");
  int highest = descriptors.gate();
  for (std::size_t i = 1; i < descriptors.count; ++i)
    if (descriptors.at[i] > highest) highest = descriptors.at[i];
  if (descriptors.count < 6)
    close(kRequests);
  else if (dup2(descriptors.at[5], kRequests) < 0)
    give_up(worker, "place the channel");
  for (int fd = kHarness + 1; fd <= highest; ++fd)
    if (fd != descriptors.gate()) close(fd);
}

PyObject* put_up_walls(const RunRequest& request, const Descriptors& descriptors, Filter& filter,
                       pid_t parent) {
  const std::uint32_t worker = request.header.id;
  const pid_t self = getpid();
  setsid();
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) give_up(worker, "ask to die with the parent");
  if (getppid() != parent) _exit(1);
  PyOS_AfterFork_Child();
  announce(worker, self);
  PyObject* const source = read_source(worker, descriptors.code());
  arrange(worker, descriptors);
  const char* const failed = set_run_limits(
      {request.cpu_seconds, request.memory_bytes, request.stack_bytes, request.file_bytes});
  if (failed != nullptr) give_up(worker, "set the limit of ", failed);
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // again: /proc/self is its own
  if (filter.count != 0) {
    name_self(filter.instructions, filter.count, static_cast<std::uint32_t>(self));
    sock_fprog program{static_cast<unsigned short>(filter.count), filter.instructions};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
      give_up(worker, "install a seccomp filter");
  }
  const Header waiting{Kind::kWaiting, worker};
  if (!say(&waiting, sizeof waiting)) _exit(1);
  close(kHarness);
  std::uint64_t ticket;
  if (read(descriptors.gate(), &ticket, sizeof ticket) != sizeof ticket) _exit(1);
  close(descriptors.gate());
  return source;
}

// Nanoseconds that a process which has ended, but is not reaped, was runnable without a CPU.
std::int64_t run_delay_of(pid_t pid) {
  char path[40], text[100];
  snprintf(path, sizeof path, "/proc/%d/schedstat", pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  if (size <= 0) return -1;
  text[size] = 0;
  long long on_cpu, waited;
  return sscanf(text, "%lld %lld", &on_cpu, &waited) == 2 ? waited : -1;
}

void report_end(std::uint32_t worker, pid_t pid, bool proc) {
  siginfo_t ignored{};
  while (waitid(P_PID, static_cast<id_t>(pid), &ignored, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  RunEnd end{};
  end.header = {Kind::kEnded, worker};
  end.ended_ns = now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
  end.run_delay_ns = proc ? run_delay_of(pid) : -1;
  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  end.wait_status = status;
  for (const timeval& t : {usage.ru_utime, usage.ru_stime})
    end.cpu_ns += t.tv_sec * std::int64_t{1'000'000'000} + t.tv_usec * std::int64_t{1000};
  end.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  if (!say(&end, sizeof end)) _exit(1);
}

}  // namespace
}  // namespace quorum::sandbox

// Returns in children only, at the gate that the harness opened: the program's source, a new bytes
// object. filter_fd: a file with the program's seccomp filter, which is closed, or -1: none. proc:
// whether /proc is there. Ends the process with code 0 when there are no more requests.
extern "C" [[gnu::visibility("default")]] PyObject* quorum_serve(int filter_fd, int proc) {
  using namespace quorum::sandbox;
  static Filter filter;
  if (filter_fd >= 0) {
    const ssize_t size = pread(filter_fd, filter.instructions, sizeof filter.instructions, 0);
    close(filter_fd);
    if (size <= 0 || size == sizeof filter.instructions) give_up(0, "read the filter");
    filter.count = static_cast<std::size_t>(size) / sizeof(sock_filter);
  }
  const pid_t zygote = getpid();
  prepare_to_fork();
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // nobody looks in, children neither
  PyOS_BeforeFork();                   // once: this process never goes on as an interpreter
  for (;;) {
    RunRequest request{};
    Descriptors descriptors;
    if (!receive(request, descriptors)) _exit(0);
    const pid_t child = fork();
    if (child == 0) return put_up_walls(request, descriptors, filter, zygote);
    if (child < 0) give_up(request.header.id, "fork");
    for (std::size_t i = 0; i < descriptors.count; ++i) close(descriptors.at[i]);
    report_end(request.header.id, child, proc != 0);
  }
}
