#include "sandbox/elf_image.h"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace quorum::sandbox {
namespace {

constexpr int kMostSegments = 128;

template <class T>
bool read_at(int fd, std::uint64_t offset, T& into) {
  return offset <= std::uint64_t{std::numeric_limits<off_t>::max()} &&
         pread(fd, &into, sizeof into, static_cast<off_t>(offset)) == sizeof into;
}

}  // namespace

std::uint64_t loaded_bytes(int fd) {
  Elf64_Ehdr header;
  if (!read_at(fd, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof(Elf64_Phdr))
    return 0;
  std::uint64_t sum = 0;
  for (int i = 0; i < std::min<int>(header.e_phnum, kMostSegments); ++i) {
    Elf64_Phdr segment;
    const std::uint64_t offset = header.e_phoff + static_cast<std::uint64_t>(i) * sizeof segment;
    if (offset < header.e_phoff || !read_at(fd, offset, segment)) return sum;
    if (segment.p_type != PT_LOAD) continue;
    sum = segment.p_memsz > std::numeric_limits<std::uint64_t>::max() - sum
              ? std::numeric_limits<std::uint64_t>::max()
              : sum + segment.p_memsz;
  }
  return sum;
}

}  // namespace quorum::sandbox
