// Files that live in memory only (memfd): inputs, outputs, programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.h"

namespace quorum::sandbox {

enum class MemoryFileUse {
  kOutput,     // empty, for a program to write to; nothing can be sealed
  kData,       // sealed: nobody can change it any more
  kExecutable  // sealed, and may be executed (vm.memfd_noexec=2 refuses to make one)
};
// Throws Error(kEnvironment).
UniqueFd make_memory_file(std::string_view bytes, MemoryFileUse use);
// An empty file to be filled by somebody else, and sealed after that.
UniqueFd make_sealable_file();
void seal(int fd);

// The same file under a descriptor of its own: read-only, at offset 0. Throws Error(kEnvironment).
UniqueFd reopen_read_only(int fd);
std::uint64_t file_size(int fd);
// Where the next read or write of it begins, for all who share the descriptor. Throws
// Error(kEnvironment).
std::uint64_t file_position(int fd);
// The first `most` bytes. Throws Error(kEnvironment).
std::string read_start(int fd, std::uint64_t most);

}  // namespace quorum::sandbox
