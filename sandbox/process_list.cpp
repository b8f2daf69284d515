#include "sandbox/process_list.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

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
  for (const pid_t pid : all_processes()) {
    const std::string stat = read_text("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t name_end = stat.rfind(')');  // the name may hold anything
    if (name_end == stat.npos || name_end + 4 > stat.size()) continue;
    if (std::atoi(stat.c_str() + name_end + 4) == getpid()) found.push_back(pid);
  }
  return found;
}

}  // namespace quorum::sandbox
