#include "sandbox/process_view.h"

#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "sandbox/system.h"

namespace quorum::sandbox {
namespace {

namespace fs = std::filesystem;

// The text behind "NAME:" in a file of such lines.
std::optional<std::string> field(const std::string& text, const std::string& name) {
  std::size_t at = text.rfind(name + ":", 0) == 0 ? 0 : text.find("\n" + name + ":");
  if (at == text.npos) return std::nullopt;
  at = text.find(':', at) + 1;
  const std::size_t end = std::min(text.find('\n', at), text.size());
  const std::size_t begin = text.find_first_not_of(" \t", at);
  return begin >= end ? std::string() : text.substr(begin, end - begin);
}

// The hard limit of a line of /proc/PID/limits: name, soft, hard, unit. Asking with prlimit(2)
// would need CAP_SYS_RESOURCE, which root does not have everywhere.
bool has_limit(const std::string& limits, const std::string& name, std::uint64_t most) {
  const std::size_t at = limits.find("\n" + name + " ");
  if (at == limits.npos) return false;
  const char* value = limits.c_str() + at + 1 + name.size();
  char* end = nullptr;
  std::strtoull(value, &end, 10);
  if (end == value) return false;  // unlimited
  value = end;
  const std::uint64_t hard = std::strtoull(value, &end, 10);
  return end != value && hard <= most;
}

// The second number of a schedstat: nanoseconds runnable without a CPU.
std::chrono::nanoseconds delay_in(const std::string& schedstat) {
  const std::size_t space = schedstat.find(' ');
  return std::chrono::nanoseconds(
      space == schedstat.npos ? 0 : std::strtoll(schedstat.c_str() + space, nullptr, 10));
}

}  // namespace

pid_t pid_of(int pidfd) {
  const auto pid = field(read_text("/proc/self/fdinfo/" + std::to_string(pidfd)), "Pid");
  return pid ? std::max(std::atoi(pid->c_str()), 0) : 0;
}

std::string missing_in_status(const std::string& status, bool seccomp) {
  if (field(status, "NoNewPrivs") != "1") return "no_new_privs";
  if (seccomp && field(status, "Seccomp") != "2") return "the seccomp filter";
  for (const char* set : {"CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"}) {
    const auto value = field(status, set);
    // An ordinary user's bounding set is full and of no use to him under no_new_privs.
    if (std::string_view(set) == "CapBnd" && value) continue;
    if (!value || value->find_first_not_of('0') != value->npos)
      return std::string("capabilities (") + set + ")";
  }
  const auto uid = field(status, "Uid");
  if (!uid || uid->empty() || std::atoi(uid->c_str()) == 0) return "a user other than root";
  return {};
}

std::string missing_in_limits(const std::string& limits, const ExpectedWalls& expected) {
  if (!has_limit(limits, "Max address space", expected.memory_bytes)) return "the limit of memory";
  if (!has_limit(limits, "Max cpu time", expected.cpu_seconds + 1)) return "the limit of CPU time";
  if (!has_limit(limits, "Max file size", expected.file_bytes)) return "the limit of file sizes";
  if (!has_limit(limits, "Max core file size", 0)) return "the limit of core dumps";
  return {};
}

std::string missing_walls(pid_t pid, const ExpectedWalls& expected) {
  const std::string status = read_text("/proc/" + std::to_string(pid) + "/status");
  if (status.empty()) return "the process itself";
  if (std::string missing = missing_in_status(status, expected.seccomp); !missing.empty())
    return missing;
  return missing_in_limits(read_text("/proc/" + std::to_string(pid) + "/limits"), expected);
}

std::chrono::nanoseconds run_delay(pid_t pid) {
  std::chrono::nanoseconds longest{0};
  std::error_code error;
  for (fs::directory_iterator it("/proc/" + std::to_string(pid) + "/task", error), end;
       !error && it != end; it.increment(error))
    longest = std::max(longest, delay_in(read_text(it->path() / "schedstat")));
  return longest;
}

std::chrono::nanoseconds first_run_delay(pid_t pid) {
  return delay_in(read_text("/proc/" + std::to_string(pid) + "/schedstat"));
}

int thread_count(pid_t pid) {
  const auto count = field(read_text("/proc/" + std::to_string(pid) + "/status"), "Threads");
  return count ? std::atoi(count->c_str()) : 0;
}

bool is_runnable(pid_t pid) {
  std::error_code error;
  for (fs::directory_iterator it("/proc/" + std::to_string(pid) + "/task", error), end;
       !error && it != end; it.increment(error)) {
    const std::string text = read_text(it->path() / "stat");
    const std::size_t name_end = text.rfind(')');  // the name may hold anything
    if (name_end != text.npos && text.compare(name_end, 3, ") R") == 0) return true;
  }
  return false;
}

std::optional<std::chrono::nanoseconds> cpu_time(pid_t pid) {
  clockid_t clock;
  timespec now{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &now) != 0) return std::nullopt;
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::uint64_t machine_out_of_memory_kills() {
  const std::string text = read_text("/proc/vmstat");
  const std::size_t at = text.find("\noom_kill ");
  return at == text.npos ? 0 : std::strtoull(text.c_str() + at + 10, nullptr, 10);
}

}  // namespace quorum::sandbox
