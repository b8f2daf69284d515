#include "sandbox/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "sandbox/system.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace quorum::sandbox {
namespace {

// Whether files may be executed is said each time, or vm.memfd_noexec decides. Kernels before 6.3
// know no flag about execution, and refuse those that they do not know.
UniqueFd create(unsigned flags, unsigned newer_flags) {
  int fd = memfd_create("box", MFD_CLOEXEC | flags | newer_flags);
  if (fd < 0 && errno == EINVAL) fd = memfd_create("box", MFD_CLOEXEC | flags);
  if (fd < 0 && errno == EACCES && (newer_flags & MFD_EXEC) != 0)
    throw Error(ErrorKind::kEnvironment, "files in memory may not be executed",
                "vm.memfd_noexec is 2", "set it to 0 or 1");
  return UniqueFd(static_cast<int>(checked(fd, "cannot make a file in memory")));
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    checked(n, "cannot fill a file in memory");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

UniqueFd make_memory_file(std::string_view bytes, MemoryFileUse use) {
  if (use == MemoryFileUse::kOutput) {
    UniqueFd fd = create(0, MFD_NOEXEC_SEAL);
    // That flag allows seals; without it they are refused already.
    if (fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SEAL) != 0 && errno != EPERM)
      fail("cannot close a file in memory to seals");
    return fd;
  }
  UniqueFd fd =
      create(MFD_ALLOW_SEALING, use == MemoryFileUse::kExecutable ? MFD_EXEC : MFD_NOEXEC_SEAL);
  write_all(fd.get(), bytes);
  seal(fd.get());
  return fd;
}

UniqueFd make_sealable_file() { return create(MFD_ALLOW_SEALING, MFD_EXEC); }

void seal(int fd) {
  checked(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL),
          "cannot seal a file in memory");
}

UniqueFd reopen_read_only(int fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  return UniqueFd(static_cast<int>(
      checked(open(path.c_str(), O_RDONLY | O_CLOEXEC), "cannot reopen a file in memory")));
}

std::uint64_t file_size(int fd) {
  struct stat info {};
  checked(fstat(fd, &info), "cannot look at a file in memory");
  return static_cast<std::uint64_t>(info.st_size);
}

std::uint64_t file_position(int fd) {
  return static_cast<std::uint64_t>(
      checked(lseek(fd, 0, SEEK_CUR), "cannot ask for the position in a file in memory"));
}

std::string read_start(int fd, std::uint64_t most) {
  std::string bytes(std::min(file_size(fd), most), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t n = pread(fd, bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    checked(n, "cannot read a file in memory");
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace quorum::sandbox
