// One writing process a database: an advisory lock on a file beside it, which the kernel drops when
// its holder ends, however it ends.
#pragma once

#include <filesystem>
#include <string>

#include "base/file.h"

namespace quorum {

class FileLock {
 public:
  FileLock() = default;
  // Creates `path` and locks it, waiting up to `wait_ms`. Throws Error(kEnvironment) naming process
  // and host of the holder (which it wrote into the file) when that does not come free, or when the
  // file cannot be made.
  FileLock(const std::filesystem::path& path, int wait_ms);
  FileLock(FileLock&&) noexcept = default;
  FileLock& operator=(FileLock&&) noexcept;
  // Removes the file.
  ~FileLock();

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
};

}  // namespace quorum
