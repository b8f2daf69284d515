#include "sandbox/cgroup.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "sandbox/locked_folder.h"
#include "sandbox/system.h"

namespace quorum::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "quorum";

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string& word : split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

bool lists(const std::string& list, char separator, const std::string& word) {
  const auto parts = split(trim(list), separator);
  return std::find(parts.begin(), parts.end(), word) != parts.end();
}

// Version 2 hands controllers down only from a group that holds no process itself, or from the
// root.
bool hands_down(const fs::path& group) {
  const auto have = [&] {
    const std::string enabled = read_text(group / "cgroup.subtree_control");
    return lists(enabled, ' ', "memory") && lists(enabled, ' ', "pids");
  };
  return have() || (write_text(group / "cgroup.subtree_control", "+memory +pids") && have());
}

// As in mountinfo: a space is \\040.
std::string without_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string digits = text[i] == '\\' ? text.substr(i + 1, 3) : "";
    if (digits.size() == 3 && digits.find_first_not_of("01234567") == digits.npos) {
      plain += static_cast<char>(std::strtol(digits.c_str(), nullptr, 8));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::optional<CgroupPlace> find_own_cgroup(const std::string& controller) {
  return find_cgroup(controller, read_text("/proc/self/cgroup"), read_text("/proc/self/mountinfo"));
}

// From the own one to the top.
std::vector<fs::path> groups_above(const CgroupPlace& place) {
  std::vector<fs::path> groups{place.own};
  while (groups.back() != place.mount && groups.back().has_relative_path())
    groups.push_back(groups.back().parent_path());
  return groups;
}

// nullopt: not allowed there.
std::optional<LockedGroup> make_parent(const fs::path& in) {
  try {
    const fs::path path = in / name_of_this_process(kPrefix);
    return LockedGroup{path, make_locked_folder(path)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<CgroupPlace> find_cgroup(const std::string& controller,
                                       const std::string& self_cgroup,
                                       const std::string& mountinfo) {
  std::string own;
  bool found = false;
  for (const std::string& line : split(self_cgroup, '\n')) {
    const auto parts = split(line, ':');
    if (parts.size() < 3) continue;
    const bool match =
        controller.empty() ? parts[1].empty() && parts[0] == "0" : lists(parts[1], ',', controller);
    if (!match) continue;
    own = line.substr(parts[0].size() + parts[1].size() + 2);
    found = true;
  }
  if (!found) return std::nullopt;
  for (const std::string& line : split(mountinfo, '\n')) {
    // id parent device root mount-point options [tags] - type source super-options
    const auto fields = words_of(line);
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || fields.end() - dash < 4) continue;
    const std::string root = without_escapes(fields[3]), point = without_escapes(fields[4]);
    const bool match = controller.empty() ? dash[1] == "cgroup2"
                                          : dash[1] == "cgroup" && lists(dash[3], ',', controller);
    if (!match) continue;
    // A mount may show a part of the tree only: in a container, its own.
    std::string below = own;
    if (root != "/")
      below = own == root || own.rfind(root + "/", 0) == 0 ? own.substr(root.size()) : "/";
    CgroupPlace place{point, point};
    if (below.size() > 1) place.own += below;
    return place;
  }
  return std::nullopt;
}

std::optional<LockedGroup> step_aside(const fs::path& group) {
  std::vector<std::string> ours;
  for (const std::string& pid : split(trim(read_text(group / "cgroup.procs")), '\n')) {
    if (pid.empty()) continue;
    if (pid != std::to_string(getpid()) && pid != std::to_string(getppid())) return std::nullopt;
    ours.push_back(pid);
  }
  auto leaf = make_parent(group);
  if (!leaf) return std::nullopt;
  for (const std::string& pid : ours)
    if (!write_text(leaf->path / "cgroup.procs", pid)) {
      step_back(leaf->path);
      return std::nullopt;
    }
  return leaf;
}

void step_back(const fs::path& leaf) {
  const fs::path group = leaf.parent_path();
  write_text(group / "cgroup.subtree_control", "-memory -pids");
  for (const std::string& pid : split(trim(read_text(leaf / "cgroup.procs")), '\n'))
    if (!pid.empty()) write_text(group / "cgroup.procs", pid);
  remove_groups(leaf);
}

Cgroup::Cgroup(std::vector<fs::path> folders, bool unified)
    : folders_(std::move(folders)), unified_(unified) {}

Cgroup::~Cgroup() {
  for (const fs::path& folder : folders_)
    for (int i = 0; i < 200 && rmdir(folder.c_str()) != 0 && errno == EBUSY; ++i) usleep(1000);
}

void Cgroup::add(pid_t pid) {
  for (const fs::path& folder : folders_)
    if (!write_text(folder / "cgroup.procs", std::to_string(pid)))
      fail("cannot move a worker into " + folder.string());
}

UniqueFd Cgroup::open_limit() const {
  const fs::path path = folders_.front() / (unified_ ? "memory.max" : "memory.limit_in_bytes");
  return UniqueFd(
      static_cast<int>(checked(open(path.c_str(), O_WRONLY | O_CLOEXEC), path.string())));
}

UniqueFd Cgroup::open_events() const {
  const fs::path path = folders_.front() / (unified_ ? "memory.events" : "memory.oom_control");
  return UniqueFd(
      static_cast<int>(checked(open(path.c_str(), O_RDONLY | O_CLOEXEC), path.string())));
}

UniqueFd Cgroup::open_hits() const {
  if (unified_) return {};
  const fs::path path = folders_.front() / "memory.failcnt";
  return UniqueFd(
      static_cast<int>(checked(open(path.c_str(), O_RDONLY | O_CLOEXEC), path.string())));
}

bool set_limit(int limit_fd, std::uint64_t bytes) {
  const std::string text = std::to_string(bytes);
  return pwrite(limit_fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

MemoryEvents memory_events(int events_fd, int hits_fd) {
  MemoryEvents events;
  char text[1024] = {};
  if (pread(events_fd, text, sizeof text - 1, 0) <= 0) return events;
  for (const std::string& line : split(text, '\n')) {
    if (line.rfind("oom_kill ", 0) == 0)
      events.kills = std::strtoull(line.c_str() + 9, nullptr, 10);
    if (line.rfind("oom ", 0) == 0)
      events.limit_hits = std::strtoull(line.c_str() + 4, nullptr, 10);
  }
  char number[32] = {};
  if (hits_fd >= 0 && pread(hits_fd, number, sizeof number - 1, 0) > 0)
    events.limit_hits = std::strtoull(number, nullptr, 10);
  return events;
}

OutOfMemory out_of_memory(const MemoryEvents& before, const MemoryEvents& after) {
  if (after.kills <= before.kills) return OutOfMemory::kNo;
  return after.limit_hits > before.limit_hits ? OutOfMemory::kAtLimit : OutOfMemory::kOfMachine;
}

CgroupParent::CgroupParent(std::vector<LockedGroup> groups, bool unified) : unified_(unified) {
  for (LockedGroup& group : groups) {
    folders_.push_back(std::move(group.path));
    locks_.push_back(std::move(group.lock));
  }
}

CgroupParent::~CgroupParent() {
  for (const fs::path& folder : folders_) remove_groups(folder);
  if (aside_) step_back(aside_->path);
}

std::unique_ptr<CgroupParent> CgroupParent::make() {
  std::string why = "no cgroup file system with memory and pids is mounted";
  const auto memory = find_own_cgroup("memory"), pids = find_own_cgroup("pids");
  if (memory && pids) {
    for (const auto& [m, p] :
         {std::pair{memory->own, pids->own}, std::pair{memory->mount, pids->mount}}) {
      std::vector<LockedGroup> made;
      const std::vector<fs::path> where = m == p ? std::vector{m} : std::vector{m, p};
      for (const fs::path& in : where)
        if (auto parent = make_parent(in)) made.push_back(std::move(*parent));
      if (made.size() == where.size())
        return std::unique_ptr<CgroupParent>(new CgroupParent(std::move(made), false));
      why = "cannot make a group in " + m.string() + " or " + p.string();
      for (const LockedGroup& group : made) rmdir(group.path.c_str());
    }
  }
  if (const auto unified = find_own_cgroup(""); unified && !memory) {
    // The nearest that can: a session of systemd's is below a group of the user's that hands down.
    for (const fs::path& folder : groups_above(*unified)) {
      const bool has_memory = lists(read_text(folder / "cgroup.controllers"), ' ', "memory");
      // Where harness and launcher are alone in it (a scope of their own), they can make it empty.
      std::optional<LockedGroup> aside;
      bool ready = has_memory && hands_down(folder);
      if (has_memory && !ready && folder == unified->own && (aside = step_aside(folder)))
        ready = hands_down(folder);
      if (!ready) {
        if (aside) step_back(aside->path);
        if (folder == unified->own)
          why =
              folder.string() +
              " hands no memory controller down (it has processes of its own, or is not delegated)";
        continue;
      }
      std::vector<LockedGroup> made;
      if (auto parent = make_parent(folder)) made.push_back(std::move(*parent));
      if (made.size() == 1 && hands_down(made.front().path)) {
        auto parent = std::unique_ptr<CgroupParent>(new CgroupParent(std::move(made), true));
        parent->aside_ = std::move(aside);
        return parent;
      }
      why = "cannot make a group in " + folder.string();
      for (const LockedGroup& group : made) rmdir(group.path.c_str());
      if (aside) step_back(aside->path);
    }
  }
  throw Error(ErrorKind::kEnvironment, "no cgroup for workers", why,
              "run as root, or under systemd-run --user --scope -p Delegate=yes");
}

void remove_abandoned_groups() {
  std::set<fs::path> parents;
  for (const char* controller : {"memory", "pids", ""})
    if (const auto place = find_own_cgroup(controller))
      for (const fs::path& group : groups_above(*place)) parents.insert(group);
  // A launcher may have moved this process aside.
  const auto unified = find_own_cgroup("");
  const fs::path own = unified ? unified->own : fs::path();
  const bool aside = is_name_of_a_process(own.filename(), kPrefix);
  for (const fs::path& parent : parents)
    for_each_abandoned(parent, kPrefix, [&](const fs::path& group) {
      if (!aside || group != own) remove_groups(group);
    });
  if (aside)
    for_each_abandoned(own.parent_path(), kPrefix, [&](const fs::path& group) {
      if (group == own) step_back(own);
    });
}

std::unique_ptr<Cgroup> CgroupParent::make_group(const std::string& name,
                                                 std::uint64_t max_processes) {
  std::vector<fs::path> made;
  for (const fs::path& parent : folders_) {
    made.push_back(parent / name);
    checked(mkdir(made.back().c_str(), 0755), "cannot make the group " + made.back().string());
  }
  auto group = std::make_unique<Cgroup>(made, unified_);
  if (!write_text(made.back() / "pids.max", std::to_string(max_processes)))
    fail("cannot limit the processes of " + made.back().string());
  // Without swap the file of version 2 is missing; that of version 1 is a wish.
  const fs::path swap = made.front() / (unified_ ? "memory.swap.max" : "memory.swappiness");
  if (!write_text(swap, "0") && unified_ && fs::exists(swap))
    fail("cannot forbid swap to " + made.front().string());
  return group;
}

void remove_groups(const fs::path& parent) {
  std::error_code error;
  std::vector<fs::path> groups;
  for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error))
    if (it->is_directory(error)) groups.push_back(it->path());
  groups.push_back(parent);
  int tries = 500;
  for (const fs::path& group : groups)
    while (rmdir(group.c_str()) != 0 && errno == EBUSY && tries-- > 0) usleep(2000);
}

}  // namespace quorum::sandbox
