#include "sandbox/run_limits.h"

#include <sys/resource.h>

namespace quorum::sandbox {
namespace {

constexpr rlim_t kMostFiles = 64;

rlim_t smaller(rlim_t a, rlim_t b) { return a < b ? a : b; }

bool set(__rlimit_resource_t which, rlim_t soft, rlim_t hard) {
  const rlimit both{soft, hard};
  return setrlimit(which, &both) == 0;
}

rlim_t hard_limit(__rlimit_resource_t which) {
  rlimit now{};
  getrlimit(which, &now);
  return now.rlim_max;
}

}  // namespace

const char* set_run_limits(const RunLimits& limits) {
  const rlim_t files = smaller(kMostFiles, hard_limit(RLIMIT_NOFILE));
  const rlim_t most_stack = hard_limit(RLIMIT_STACK);
  const rlim_t stack =
      limits.stack_bytes == 0 ? most_stack : smaller(limits.stack_bytes, most_stack);
  if (!set(RLIMIT_NOFILE, files, files)) return "open files";
  if (!set(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)) return "CPU time";
  if (!set(RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes)) return "file sizes";
  if (!set(RLIMIT_STACK, stack, most_stack)) return "the stack";
  if (!set(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes)) return "memory";
  return nullptr;
}

}  // namespace quorum::sandbox
