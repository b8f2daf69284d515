// The kernel's limits for one program. Without exceptions and without the C++ library, because the
// loop of the warm interpreter (zygote_loop.cpp) is made of it too.
#pragma once

#include <cstdint>

namespace quorum::sandbox {

struct RunLimits {
  std::uint64_t cpu_seconds, memory_bytes;
  std::uint64_t stack_bytes;  // 0: bounded by memory only
  std::uint64_t file_bytes;
};

// Sets them for the calling process. Its stack may be raised by itself up to the hard limit that
// was there. Returns nullptr, or the name of the limit that could not be set, with errno.
const char* set_run_limits(const RunLimits& limits);

}  // namespace quorum::sandbox
