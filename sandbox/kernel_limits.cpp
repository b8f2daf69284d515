#include "sandbox/kernel_limits.h"

#include <sys/resource.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "sandbox/worker.h"

namespace quorum::sandbox {
namespace {

using std::chrono::nanoseconds;

constexpr double kGrace = 1.2;

std::uint64_t ceil_seconds(nanoseconds time) {
  return static_cast<std::uint64_t>((time.count() + 999'999'999) / 1'000'000'000);
}

}  // namespace

Limits compiler_limits() {
  Limits limits;
  limits.cpu = std::chrono::seconds(10);
  limits.wall = std::chrono::seconds(60);
  limits.memory_bytes = std::uint64_t{2} << 30;
  limits.output_bytes = kMaxExecutableBytes;
  limits.error_bytes = std::uint64_t{1} << 20;
  return limits;
}

nanoseconds with_grace(nanoseconds time) {
  return nanoseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * kGrace));
}

KernelLimits kernel_limits(const Limits& limits, bool compiles) {
  return {ceil_seconds(compiles ? limits.cpu : with_grace(limits.cpu)), limits.memory_bytes,
          compiles ? kMaxExecutableBytes : std::max(limits.output_bytes, limits.error_bytes) + 1};
}

void require_limits(const KernelLimits& needed) {
  struct Need {
    __rlimit_resource_t resource;
    const char *name, *flag, *unit;
    std::uint64_t amount;
  };
  for (const Need& need : {Need{RLIMIT_CPU, "CPU time", "-t", "seconds", needed.cpu_seconds + 1},
                           Need{RLIMIT_AS, "address space", "-v", "bytes", needed.memory_bytes},
                           Need{RLIMIT_FSIZE, "file sizes", "-f", "bytes", needed.file_bytes}}) {
    rlimit now{};
    if (getrlimit(need.resource, &now) != 0 || now.rlim_max >= need.amount) continue;
    throw Error(ErrorKind::kEnvironment,
                std::string("the limit of ") + need.name + " (ulimit " + need.flag +
                    ") that this process was started with is too low for a program",
                "it is " + std::to_string(now.rlim_max) + " " + need.unit + ", and " +
                    std::to_string(need.amount) + " are needed",
                std::string("a shell with a higher ulimit -H ") + need.flag +
                    ", or a lower limit for the program");
  }
}

}  // namespace quorum::sandbox
