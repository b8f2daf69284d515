#include "sandbox/process_list.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "base/text.h"
#include "sandbox/system.h"

namespace quorum::sandbox {

namespace fs = std::filesystem;

namespace {

std::vector<pid_t> all_processes() {
  std::vector<pid_t> pids;
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error))
    if (const int pid = std::atoi(it->path().filename().c_str()); pid > 0) pids.push_back(pid);
  return pids;
}

struct Seen {
  pid_t pid, parent;
  std::uint64_t cpu_ticks;  // its own, and of the children that it waited for
};

std::vector<Seen> look_at_all() {
  std::vector<Seen> found;
  for (const pid_t pid : all_processes()) {
    const std::string stat = read_text("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t name_end = stat.rfind(')');  // the name may hold anything
    if (name_end == stat.npos) continue;
    // Field 3 is the state, 4 the parent, 14 to 17 the times.
    const std::vector<std::string> fields = split(stat.substr(name_end + 1), ' ');
    if (fields.size() < 16) continue;
    Seen seen{pid, std::atoi(fields[2].c_str()), 0};
    for (std::size_t i = 12; i < 16; ++i)
      seen.cpu_ticks += std::strtoull(fields[i].c_str(), nullptr, 10);
    found.push_back(seen);
  }
  return found;
}

}  // namespace

std::uint64_t threads_of_user() {
  std::uint64_t threads = 0;
  for (const pid_t pid : all_processes()) {
    const fs::path folder = "/proc/" + std::to_string(pid);
    struct stat info {};
    if (stat(folder.c_str(), &info) != 0 || info.st_uid != geteuid()) continue;
    const std::string status = read_text(folder / "status");
    const std::size_t at = status.find("\nThreads:");
    if (at != status.npos) threads += std::strtoull(status.c_str() + at + 9, nullptr, 10);
  }
  return threads;
}

std::vector<pid_t> children_of_this_process() {
  std::vector<pid_t> found;
  for (const Seen& seen : look_at_all())
    if (seen.parent == getpid()) found.push_back(seen.pid);
  return found;
}

std::chrono::nanoseconds cpu_time_of_this_tree() {
  const std::vector<Seen> all = look_at_all();
  std::set<pid_t> tree{getpid()};
  for (std::size_t before = 0; before != tree.size();) {
    before = tree.size();
    for (const Seen& seen : all)
      if (tree.count(seen.parent) != 0) tree.insert(seen.pid);
  }
  std::uint64_t ticks = 0;
  for (const Seen& seen : all)
    if (tree.count(seen.pid) != 0) ticks += seen.cpu_ticks;
  return std::chrono::nanoseconds(
      ticks * (1'000'000'000 / static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK))));
}

}  // namespace quorum::sandbox
