#include "sandbox/box_root.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "sandbox/system.h"

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

namespace quorum::sandbox {
namespace {

namespace fs = std::filesystem;

// Not /dev/zero: a shared mapping of it is memory that the limit of address space does not count
// (syscall_filter.cpp).
constexpr const char* kDevices[] = {"/dev/null", "/dev/full", "/dev/random", "/dev/urandom"};

// From linux/mount.h of 5.12.
struct MountAttributes {
  std::uint64_t set, clear, propagation, userns;
};
constexpr std::uint64_t kReadOnly = 1, kNoSuid = 2, kNoDev = 4;

// A source of a bind, held open because the new root may hide its path.
struct Source {
  std::string path;
  UniqueFd fd;
  bool folder;
};

// Resolves a path as the kernel does, notes each link on the way (path → target), and returns the
// real one.
std::string follow(const std::string& path, std::set<std::pair<std::string, std::string>>& links) {
  fs::path real = "/";
  std::vector<fs::path> rest;
  for (const fs::path& part : fs::path(path).relative_path()) rest.push_back(part);
  std::reverse(rest.begin(), rest.end());
  for (int hops = 0; !rest.empty();) {
    const fs::path part = rest.back();
    rest.pop_back();
    if (part == "." || part.empty()) continue;
    if (part == "..") {
      real = real.parent_path();
      continue;
    }
    const fs::path next = real / part;
    std::error_code error;
    if (!fs::is_symlink(next, error)) {
      real = next;
      continue;
    }
    if (++hops > 40) return path;
    const fs::path target = fs::read_symlink(next, error);
    links.emplace(next.string(), target.string());
    std::vector<fs::path> parts;
    for (const fs::path& p : target.relative_path()) parts.push_back(p);
    rest.insert(rest.end(), parts.rbegin(), parts.rend());
    if (target.is_absolute()) real = "/";
  }
  return real.string();
}

void make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    throw Error(ErrorKind::kEnvironment, "cannot make " + path.string() + " in a box",
                error.message());
}

// Adds flags to a mount and to all below it. Flags that are locked (of a more privileged namespace)
// stay.
void restrict_mount(const std::string& at, std::uint64_t flags) {
  MountAttributes attributes{flags, 0, 0, 0};
  if (syscall(SYS_mount_setattr, AT_FDCWD, at.c_str(), 0x8000 /* AT_RECURSIVE */, &attributes,
              sizeof attributes) == 0)
    return;
  if (errno != ENOSYS) fail("cannot restrict the mount " + at);
  struct statvfs info {};
  checked(statvfs(at.c_str(), &info), at);
  unsigned long old = MS_REMOUNT | MS_BIND;
  if (info.f_flag & ST_NOEXEC) old |= MS_NOEXEC;
  if (info.f_flag & ST_NOATIME) old |= MS_NOATIME;
  if (info.f_flag & ST_NODIRATIME) old |= MS_NODIRATIME;
  if (info.f_flag & ST_RELATIME) old |= MS_RELATIME;
  if (info.f_flag & ST_NODEV) old |= MS_NODEV;
  if (flags & kReadOnly) old |= MS_RDONLY;
  if (flags & kNoSuid) old |= MS_NOSUID;
  if (flags & kNoDev) old |= MS_NODEV;
  checked(mount(nullptr, at.c_str(), nullptr, old, nullptr), "cannot restrict the mount " + at);
}

// Where the root that is being made has the machine's path.
fs::path place_in(const fs::path& root, const std::string& path) {
  const bool in_tmp = path.rfind("/tmp/", 0) == 0;
  return root / fs::path(in_tmp ? kShownOfTmp + path.substr(4) : path).relative_path();
}

void link_to_shown(const fs::path& root) {
  std::error_code error;
  for (fs::directory_iterator it(root.string() + kShownOfTmp, error), end; !error && it != end;
       it.increment(error)) {
    const fs::path name = it->path().filename();
    fs::create_symlink(fs::path(kShownOfTmp) / name, fs::path(root.string() + kScratch) / name,
                       error);
    if (error)
      throw Error(ErrorKind::kEnvironment, "cannot link " + name.string() + " into a scratch",
                  error.message());
  }
}

void bind(const Source& source, const fs::path& root, std::uint64_t flags) {
  const fs::path target = place_in(root, source.path);
  make_folders(source.folder ? target : target.parent_path());
  if (!source.folder)
    UniqueFd(static_cast<int>(checked(open(target.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0444),
                                      "cannot make " + source.path)));
  const std::string from = "/proc/self/fd/" + std::to_string(source.fd.get());
  checked(mount(from.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr),
          "cannot bind " + source.path);
  restrict_mount(target.string(), flags);
}

void write_new_file(const std::string& path, std::string_view bytes) {
  const UniqueFd file(static_cast<int>(checked(
      open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444), "cannot make " + path)));
  if (write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    fail("cannot write " + path);
}

bool mount_proc(const fs::path& root) {
  const fs::path at = root / "proc";
  make_folders(at);
  constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  for (const char* options : {"hidepid=invisible,subset=pid", "hidepid=2"})
    if (mount("proc", at.c_str(), "proc", kFlags, options) == 0) return true;
  return false;
}

// Some folder that exists, to be covered by the new root until it becomes the root.
std::string some_folder() {
  for (const char* path : {"/tmp", "/run", "/var/tmp", "/mnt", "/dev/shm", "/home"}) {
    struct stat info {};
    if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) return path;
  }
  throw Error(ErrorKind::kEnvironment, "no folder to build a box in",
              "neither /tmp nor /run is there");
}

std::vector<Source> open_sources(const std::vector<std::string>& paths,
                                 std::set<std::pair<std::string, std::string>>& links) {
  std::vector<Source> sources;
  for (const std::string& path : paths) {
    const std::string real = follow(path, links);
    UniqueFd fd(open(real.c_str(), O_PATH | O_CLOEXEC));
    if (!fd) continue;
    struct stat info {};
    checked(fstat(fd.get(), &info), real);
    sources.push_back({real, std::move(fd), S_ISDIR(info.st_mode)});
  }
  // A folder before what is in it; and what is in one that is there already needs no bind.
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  std::vector<Source> needed;
  for (Source& source : sources) {
    const bool inside = std::any_of(needed.begin(), needed.end(), [&](const Source& n) {
      return source.path == n.path || source.path.rfind(n.path + "/", 0) == 0;
    });
    if (!inside) needed.push_back(std::move(source));
  }
  return needed;
}

void make_links(const std::set<std::pair<std::string, std::string>>& links, const fs::path& root) {
  for (const auto& [path, target] : links) {
    const fs::path at = place_in(root, path);
    std::error_code error;
    if (fs::exists(fs::symlink_status(at, error))) continue;  // in a folder that is bound
    fs::create_directories(at.parent_path(), error);
    if (!error) fs::create_symlink(target, at, error);
    if (error)
      throw Error(ErrorKind::kEnvironment, "cannot make the link " + path + " in a box",
                  error.message());
  }
}

}  // namespace

bool enter_box(const BoxFiles& files, std::string_view zygote_loop) {
  checked(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr),
          "cannot make the mounts private");
  std::set<std::pair<std::string, std::string>> links;
  const std::vector<Source> programs = open_sources(files.executable, links);
  const std::vector<Source> data = open_sources(files.data, links);
  std::vector<Source> devices = open_sources({std::begin(kDevices), std::end(kDevices)}, links);

  const std::string root = some_folder();
  checked(
      mount("box", root.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=2048,mode=755"),
      "cannot mount a tmpfs");
  for (const Source& source : programs) bind(source, root, kReadOnly | kNoSuid | kNoDev);
  for (const Source& source : data) bind(source, root, kReadOnly | kNoSuid | kNoDev);
  for (const Source& source : devices) bind(source, root, kNoSuid);
  make_links(links, root);
  make_folders(root + kScratch);
  if (!zygote_loop.empty()) write_new_file(root + kZygoteLoop, zygote_loop);
  link_to_shown(root);
  std::error_code error;
  fs::create_symlink(kScratch, root + "/tmp", error);
  const bool proc = mount_proc(root);

  if (proc)
    for (const auto& [path, target] : {std::pair{"/dev/stdin", "/proc/self/fd/0"},
                                       {"/dev/stdout", "/proc/self/fd/1"},
                                       {"/dev/stderr", "/proc/self/fd/2"},
                                       {"/dev/fd", "/proc/self/fd"}})
      fs::create_symlink(target, root + path, error);

  checked(chdir(root.c_str()), "cannot enter a box");
  checked(syscall(SYS_pivot_root, ".", "."), "cannot change the root");
  checked(umount2(".", MNT_DETACH), "cannot leave the old root");
  checked(chdir("/"), "cannot enter a box");
  checked(mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
                nullptr),
          "cannot make the root read-only");
  return proc;
}

void mount_scratch(std::uint64_t bytes, unsigned uid, unsigned gid) {
  const std::uint64_t inodes = std::clamp<std::uint64_t>(bytes / 4096, 64, 16384);
  const std::string options = "mode=700,size=" + std::to_string(bytes) +
                              ",nr_inodes=" + std::to_string(inodes) +
                              ",uid=" + std::to_string(uid) + ",gid=" + std::to_string(gid);
  checked(mount("scratch", kScratch, "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()),
          "cannot mount a scratch");
  link_to_shown("");
}

void unmount_scratch() { umount2(kScratch, MNT_DETACH); }

LandlockRules landlock_rules(const BoxFiles& files, bool in_box) {
  LandlockRules rules;
  rules.read_and_execute = files.executable;
  rules.read = files.data;
  rules.read_and_write = {std::begin(kDevices), std::end(kDevices)};
  if (in_box) {
    rules.read.push_back("/proc");
    rules.scratch.push_back(kScratchParent);
  }
  return rules;
}

}  // namespace quorum::sandbox
