// System calls that glibc does not wrap everywhere, and failures of system calls as Errors.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/file.h"

namespace quorum::sandbox {

// Throws Error(kEnvironment) "what: strerror(errno)".
[[noreturn]] void fail(std::string_view what);
// Passes a system call's result through; -1 throws as fail() does.
long checked(long result, std::string_view what);

int pidfd_open(pid_t pid);                     // -1 with errno
int pidfd_send_signal(int pidfd, int signal);  // -1 with errno
void close_from(int first);                    // every descriptor from `first` on
int raw_execveat(int fd, char* const* arguments,
                 char* const* environment);  // of the descriptor itself

// Of the kernel's generator. Throws Error(kEnvironment).
std::uint64_t random_number();

// Writes a short text to an existing file (of /proc or of a cgroup) with one write(). False with
// errno.
bool write_text(const std::filesystem::path& path, std::string_view text);
// What a small file holds, or empty.
std::string read_text(const std::filesystem::path& path);

}  // namespace quorum::sandbox
