#include "harness/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "base/text.h"

namespace quorum {
namespace {

std::string holder_of(int fd) {
  char text[256];
  const ssize_t size = ::pread(fd, text, sizeof text, 0);
  if (size <= 0) return "another process";
  return std::string(trim(std::string_view(text, static_cast<std::size_t>(size))));
}

std::string myself() {
  char host[128] = "";
  ::gethostname(host, sizeof host - 1);
  return "process " + std::to_string(::getpid()) + " on " + host + "\n";
}

// The holder removes the file when it ends: a lock on a removed file is worth nothing.
bool still_there(int fd, const std::filesystem::path& path) {
  struct stat mine {
  }, there{};
  return ::fstat(fd, &mine) == 0 && ::stat(path.c_str(), &there) == 0 &&
         mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path, int wait_ms) : path_(path) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  for (;;) {
    fd_ = UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!fd_)
      throw Error(ErrorKind::kEnvironment, "cannot lock the database: " + path.string(),
                  std::strerror(errno), "give --db a file in a folder that you may write to");
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) {
      if (still_there(fd_.get(), path)) break;
      continue;
    }
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw Error(ErrorKind::kEnvironment, "cannot lock the database: " + path.string(),
                  std::strerror(errno), "give --db a file on a file system that has locks");
    if (std::chrono::steady_clock::now() >= deadline) {
      const std::string holder = holder_of(fd_.get());
      fd_ = UniqueFd();
      throw Error(
          ErrorKind::kEnvironment, "another process is writing to the database",
          holder + " holds " + path.string(),
          "wait for it, stop it, or give another --db; reports and exports can be made meanwhile");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const std::string text = myself();
  if (::ftruncate(fd_.get(), 0) != 0 || ::pwrite(fd_.get(), text.data(), text.size(), 0) < 0)
    throw Error(ErrorKind::kEnvironment, "cannot write " + path.string(), std::strerror(errno),
                "free some disk space");
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_) ::unlink(path_.c_str());
}

}  // namespace quorum
