// How much memory a compiled program takes before its first line.
#pragma once

#include <cstdint>

namespace quorum::sandbox {

// Bytes of the segments that the kernel maps (PT_LOAD, with static data that is zero) of a 64-bit
// ELF file of this machine's byte order; 0 for anything else. Reads the headers only, of at most
// 128 segments, and believes nothing in them: a linker wrote the file, but from a source that
// nobody trusts.
std::uint64_t loaded_bytes(int fd);

}  // namespace quorum::sandbox
