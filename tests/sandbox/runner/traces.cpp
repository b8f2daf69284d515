#include "sandbox/runner/traces.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace quorum::attacks {
namespace {

namespace fs = std::filesystem;

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

std::set<std::string> lines_of(const char* path) {
  std::set<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.insert(line);
  return lines;
}

}  // namespace

std::set<pid_t> descendants(pid_t root, const std::set<pid_t>& except) {
  std::multimap<pid_t, pid_t> children;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (!is_number(name)) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const auto end_of_name = line.rfind(')');  // the name itself may contain anything
    if (end_of_name == std::string::npos) continue;
    std::istringstream rest(line.substr(end_of_name + 1));
    char state = 0;
    pid_t parent = 0;
    if (rest >> state >> parent) children.emplace(parent, std::stoi(name));
  }
  std::set<pid_t> found, edge{root};
  while (!edge.empty()) {
    std::set<pid_t> next;
    for (const pid_t pid : edge) {
      const auto [begin, end] = children.equal_range(pid);
      for (auto child = begin; child != end; ++child)
        if (except.count(child->second) == 0 && found.insert(child->second).second)
          next.insert(child->second);
    }
    edge = next;
  }
  return found;
}

std::string name_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

void become_reaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

void end_descendants(const std::set<pid_t>& except) {
  for (int round = 0; round < 1000; ++round) {
    const std::set<pid_t> left = descendants(::getpid(), except);
    if (left.empty()) return;
    for (const pid_t pid : left) ::kill(pid, SIGKILL);
    for (const pid_t pid : left) ::waitpid(pid, nullptr, WNOHANG);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::set<std::string> control_groups(const std::set<pid_t>& launchers) {
  std::set<std::string> found;
  const auto is_of_one = [&](const std::string& name) {
    for (const pid_t pid : launchers)
      if (name.rfind("quorum-" + std::to_string(pid) + "-", 0) == 0) return true;
    return false;
  };
  std::error_code gone;
  for (auto at = fs::recursive_directory_iterator(
           "/sys/fs/cgroup", fs::directory_options::skip_permission_denied, gone);
       !gone && at != fs::recursive_directory_iterator(); at.increment(gone))
    if (at->is_directory(gone) && is_of_one(at->path().filename())) found.insert(at->path());
  return found;
}

std::set<std::string> mounts() { return lines_of("/proc/self/mountinfo"); }

}  // namespace quorum::attacks
