#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace quorum {
namespace {

Error cannot_read(const std::filesystem::path& path, const std::string& why) {
  return Error(ErrorKind::kData, "cannot read " + path.string(), why);
}

UniqueFd open_regular(const std::filesystem::path& path, std::size_t& size) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw cannot_read(path, std::strerror(errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) throw cannot_read(path, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) throw cannot_read(path, "it is not a regular file");
  size = static_cast<std::size_t>(info.st_size);
  return fd;
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  fd_ = open_regular(path, size_);
  if (size_ == 0) return;
  data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd_.get(), 0);
  if (data_ == MAP_FAILED) {
    data_ = nullptr;
    throw cannot_read(path, std::string("mmap: ") + std::strerror(errno));
  }
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::move(other.fd_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

void MappedFile::read(std::size_t begin, std::span<std::byte> to) const {
  for (std::size_t done = 0; done < to.size();) {
    const ssize_t n =
        ::pread(fd_.get(), to.data() + done, to.size() - done, static_cast<off_t>(begin + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw cannot_read(path_, std::strerror(errno));
    if (n == 0) throw cannot_read(path_, "it has become shorter than it was when it was opened");
    done += static_cast<std::size_t>(n);
  }
}

std::string read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  std::size_t size = 0;
  UniqueFd fd = open_regular(path, size);
  if (size > max_bytes)
    throw cannot_read(path, "it has " + std::to_string(size) + " bytes; at most " +
                                std::to_string(max_bytes) + " are read");
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::read(fd.get(), bytes.data() + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw cannot_read(path, std::strerror(errno));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

void write_file_atomic(const std::filesystem::path& path, std::string_view bytes) {
  const std::string temporary = path.string() + ".tmp." + std::to_string(::getpid());
  const auto fail = [&](const char* step) {
    const std::string why = std::string(step) + ": " + std::strerror(errno);
    ::unlink(temporary.c_str());
    throw Error(ErrorKind::kEnvironment, "cannot write " + path.string(), why);
  };
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) fail("open");
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("write");
    done += static_cast<std::size_t>(n);
  }
  if (::fsync(fd.get()) != 0) fail("fsync");
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail("rename");
}

}  // namespace quorum
