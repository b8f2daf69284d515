#include "sandbox/system.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

namespace quorum::sandbox {

void fail(std::string_view what) {
  const int error = errno;
  throw Error(ErrorKind::kEnvironment, std::string(what), std::strerror(error));
}

long checked(long result, std::string_view what) {
  if (result < 0) fail(what);
  return result;
}

int pidfd_open(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

int pidfd_send_signal(int pidfd, int signal) {
  return static_cast<int>(syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

void close_from(int first) {
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0u, 0u) == 0) return;
  const long open_max = sysconf(_SC_OPEN_MAX);
  for (long fd = first; fd < open_max; ++fd) close(static_cast<int>(fd));
}

int raw_execveat(int fd, char* const* arguments, char* const* environment) {
  return static_cast<int>(syscall(SYS_execveat, fd, "", arguments, environment, AT_EMPTY_PATH));
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number) fail("cannot get a random number");
  return number;
}

bool write_text(const std::filesystem::path& path, std::string_view text) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return false;
  return write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string read_text(const std::filesystem::path& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char part[4096];
  for (ssize_t n; fd && (n = read(fd.get(), part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(n));
  return text;
}

}  // namespace quorum::sandbox
