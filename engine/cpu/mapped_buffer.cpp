#include "engine/cpu/mapped_buffer.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.h"

namespace quorum::cpu {

MappedBuffer::MappedBuffer(std::size_t bytes, const char* what) : bytes_(bytes) {
  if (bytes == 0) return;
  void* const address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (address == MAP_FAILED) {
    throw Error(ErrorKind::kEnvironment,
                "no memory for " + std::string(what) + " (" + std::to_string(bytes >> 20) + " MiB)",
                std::strerror(errno), "use a smaller --kv-memory or a machine with more memory");
  }
  // Page tables are walked for most loads of keys, values and weights otherwise. Advice only.
  ::madvise(address, bytes, MADV_HUGEPAGE);
  data_ = address;
}

MappedBuffer::~MappedBuffer() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace quorum::cpu
