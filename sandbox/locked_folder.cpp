#include "sandbox/locked_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "base/error.h"
#include "sandbox/system.h"

namespace quorum::sandbox {
namespace {

namespace fs = std::filesystem;

UniqueFd open_folder(const fs::path& path) {
  return UniqueFd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool is_at(int fd, const fs::path& path) {
  struct stat here {
  }, there{};
  return fstat(fd, &here) == 0 && lstat(path.c_str(), &there) == 0 && here.st_ino == there.st_ino &&
         here.st_dev == there.st_dev;
}

std::string prefix_of(const std::string& what) { return "quorum-" + what; }

}  // namespace

std::string name_of_this_process(const std::string& prefix) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(random_number()));
  return prefix + "-" + std::to_string(getpid()) + "-" + digits;
}

bool is_name_of_a_process(const std::string& name, const std::string& prefix) {
  if (name.rfind(prefix + "-", 0) != 0) return false;
  const std::string rest = name.substr(prefix.size() + 1);
  const std::size_t dash = rest.find('-');
  return dash != rest.npos && dash > 0 && rest.size() - dash == 17 &&
         rest.find_first_not_of("0123456789") == dash &&
         rest.find_first_not_of("0123456789abcdef", dash + 1) == rest.npos;
}

UniqueFd make_locked_folder(const fs::path& path) {
  // Who looks for abandoned ones may be between the two calls, and remove it.
  for (int tries = 0; tries < 100; ++tries) {
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("cannot make " + path.string());
    UniqueFd lock = open_folder(path);
    if (lock && flock(lock.get(), LOCK_EX) == 0 && is_at(lock.get(), path)) return lock;
  }
  throw Error(ErrorKind::kEnvironment, "cannot make " + path.string(), "it does not stay");
}

void for_each_abandoned(const fs::path& in, const std::string& prefix,
                        const std::function<void(const fs::path&)>& remove) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator it(in, error), end; !error && it != end; it.increment(error))
    if (is_name_of_a_process(it->path().filename(), prefix)) found.push_back(it->path());
  for (const fs::path& path : found) {
    const UniqueFd lock = open_folder(path);
    if (lock && flock(lock.get(), LOCK_EX | LOCK_NB) == 0 && is_at(lock.get(), path)) remove(path);
  }
}

TemporaryFolder::TemporaryFolder(const std::string& what)
    : path_((fs::temp_directory_path() / name_of_this_process(prefix_of(what))).string()),
      lock_(make_locked_folder(path_)) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

void TemporaryFolder::remove_abandoned(const std::string& what) {
  for_each_abandoned(fs::temp_directory_path(), prefix_of(what), [](const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
  });
}

}  // namespace quorum::sandbox
