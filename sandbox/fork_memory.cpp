// Part of the library of zygote_loop.cpp: without the C++ library.
#include "sandbox/fork_memory.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25  // Linux 6.1
#endif

extern "C" void* PyObject_Malloc(size_t bytes);

namespace quorum::sandbox {
namespace {

// Free places that lie scattered between objects are taken for good, so that what a child allocates
// lies together.
void fill_holes_of_malloc() {
  constexpr size_t kLargest = 1024, kStep = 16, kMost = 4096;
  void* (*volatile take)(size_t) = malloc;  // a compiler drops what nobody uses
  const void* const end = take(64 * 1024);
  for (size_t size = kLargest; size != 0; size -= kStep)
    for (size_t i = 0; i < kMost && take(size - 8) < end; ++i) {
    }
}

// The same in the interpreter's allocator: pools of one size each, of which those in use are filled
// first. Blocks that follow each other for all of a pool say that there was no such pool left.
void fill_holes_of_pools() {
  constexpr size_t kLargest = 512, kStep = 16, kPool = 16 * 1024, kMostPools = 32;
  for (size_t size = kStep; size <= kLargest; size += kStep) {
    const char* last = nullptr;
    size_t in_a_row = 0;
    for (size_t i = 0; i < kMostPools * kPool / size && in_a_row + 1 < (kPool - 64) / size; ++i) {
      const char* const block = static_cast<const char*>(PyObject_Malloc(size));
      in_a_row = block == last + size ? in_a_row + 1 : 0;
      last = block;
    }
    (void)PyObject_Malloc(size);  // the pool that children begin in
  }
}

struct Range {
  char* begin;
  size_t size;
};

// The private writable mappings of this process but its stack; 0 where /proc cannot be read. Uses
// no memory but the caller's.
size_t writable_mappings(Range* ranges, size_t most) {
  static char text[64 * 1024];
  const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  size_t size = 0;
  for (ssize_t n;
       size + 1 < sizeof text && (n = read(fd, text + size, sizeof text - 1 - size)) > 0;)
    size += static_cast<size_t>(n);
  close(fd);
  text[size] = 0;
  size_t count = 0;
  for (char *line = text, *next; count < most && (next = strchr(line, '\n')) != nullptr;
       line = next + 1) {
    *next = 0;
    unsigned long begin, end;
    char access[5];
    if (sscanf(line, "%lx-%lx %4s", &begin, &end, access) == 3 && strcmp(access, "rw-p") == 0 &&
        strstr(line, "[stack") == nullptr)
      ranges[count++] = {reinterpret_cast<char*>(begin), end - begin};
  }
  return count;
}

// Most of what a fork and the end of its child cost is to look up every page's descriptor, and they
// lie all over the machine's memory. Here the memory moves into huge pages, at the addresses that
// it has: in parts of those, which the kernel handles by the hundred. Where it has no huge page to
// give, everything stays as it is.
void move_into_huge_pages() {
  constexpr size_t kHuge = size_t{2} << 20, kMostRanges = 256;
  constexpr size_t kMostBytes = size_t{64} << 20;
  static Range ranges[kMostRanges];
  const size_t count = writable_mappings(ranges, kMostRanges);
  size_t all = 0;
  for (size_t i = 0; i < count; ++i) all += ranges[i].size;
  if (all == 0 || all > kMostBytes) return;
  const size_t huge = (all + kHuge - 1) / kHuge * kHuge, taken = huge + kHuge;
  char* const area = static_cast<char*>(
      mmap(nullptr, taken, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (area == MAP_FAILED) return;
  char* const first = area + (kHuge - reinterpret_cast<uintptr_t>(area) % kHuge) % kHuge;
  for (size_t at = 0; at < huge; at += kHuge) first[at] = 1;  // of nothing it makes no huge page
  char* from = first;
  if (madvise(first, huge, MADV_COLLAPSE) == 0)
    for (size_t i = 0; i < count; ++i) {
      // Nothing may write to the memory between these two: no call but of the kernel.
      memcpy(from, ranges[i].begin, ranges[i].size);
      if (mremap(from, ranges[i].size, ranges[i].size, MREMAP_MAYMOVE | MREMAP_FIXED,
                 ranges[i].begin) == MAP_FAILED)
        break;
      from += ranges[i].size;
    }
  // What was not moved away.
  if (first > area) munmap(area, static_cast<size_t>(first - area));
  munmap(from, static_cast<size_t>(area + taken - from));
}

}  // namespace

void prepare_to_fork() {
  fill_holes_of_pools();
  fill_holes_of_malloc();
  move_into_huge_pages();
}

}  // namespace quorum::sandbox
