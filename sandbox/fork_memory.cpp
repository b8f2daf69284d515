// Part of the library of zygote_loop.cpp: without the C++ library.
#include "sandbox/fork_memory.h"

#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern "C" void* PyObject_Malloc(size_t bytes);

namespace quorum::sandbox {
namespace {

// The kernel gives a child no page table for the pages of a file that nobody wrote to, and then
// each first touch of code is a fault. One private page in a mapping, and all of its table is
// copied.
int inherit_pages(dl_phdr_info* library, size_t, void* page_size) {
  const size_t page = *static_cast<const size_t*>(page_size);
  for (int i = 0; i < library->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0 || segment.p_filesz == 0)
      continue;
    const uintptr_t address = library->dlpi_addr + segment.p_vaddr;
    char* const begin = reinterpret_cast<char*>(address / page * page);
    const size_t size = address + segment.p_filesz - reinterpret_cast<uintptr_t>(begin);
    const int usual = PROT_READ | ((segment.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
    // All of it, or it would stay two mappings; executable all the time, because this code may be
    // in it. A kernel that refuses this only makes runs dearer.
    if (mprotect(begin, size, usual | PROT_WRITE) != 0) continue;
    *const_cast<volatile char*>(begin) = *const_cast<volatile char*>(begin);
    mprotect(begin, size, usual);
  }
  return 0;
}

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

}  // namespace

void prepare_to_fork() {
  auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  dl_iterate_phdr(inherit_pages, &page);
  fill_holes_of_pools();
  fill_holes_of_malloc();
}

}  // namespace quorum::sandbox
