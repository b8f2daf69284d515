// Owned file descriptors, read-only mappings, whole-file reads and atomic writes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace quorum {

// Owns a descriptor; closes it.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  // Gives the descriptor away; the caller closes it.
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// A whole file mapped read-only. The bytes stay valid while the object lives; moving keeps their
// address.
class MappedFile {
 public:
  MappedFile() = default;
  // Throws Error(kData) naming the file when it cannot be opened or mapped. An empty file gives
  // empty bytes.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_}; }
  std::string_view text() const { return {static_cast<const char*>(data_), size_}; }
  // Copies bytes from `begin` on without mapping their pages: making and taking down the mapping of
  // many gigabytes takes longer than reading them. Throws Error(kData) naming the file when it has
  // become shorter or cannot be read. Any number of threads at once.
  void read(std::size_t begin, std::span<std::byte> to) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

// The whole file. Throws Error(kData) naming it when it cannot be read or is larger than
// `max_bytes`.
std::string read_file(const std::filesystem::path& path,
                      std::size_t max_bytes = std::size_t{1} << 30);

// Writes to a temporary file beside `path`, syncs it and renames it: a reader sees the old bytes or
// the new, never half. Throws Error(kEnvironment).
void write_file_atomic(const std::filesystem::path& path, std::string_view bytes);

}  // namespace quorum
