#include "sandbox/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "base/file.h"
#include "sandbox/system.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

namespace quorum::sandbox {
namespace {

// From linux/landlock.h, which older systems have in older versions; the kernel takes any prefix.
struct RulesetAttributes {
  std::uint64_t files, net, scope;
};
struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed;
  std::int32_t parent;
};
constexpr std::uint32_t kVersionQuestion = 1;
constexpr int kPathBeneath = 1;

enum Access : std::uint64_t {
  kExecute = 1u << 0,
  kWriteFile = 1u << 1,
  kReadFile = 1u << 2,
  kReadDir = 1u << 3,
  kRemoveDir = 1u << 4,
  kRemoveFile = 1u << 5,
  kMakeChar = 1u << 6,
  kMakeDir = 1u << 7,
  kMakeReg = 1u << 8,
  kMakeSock = 1u << 9,
  kMakeFifo = 1u << 10,
  kMakeBlock = 1u << 11,
  kMakeSym = 1u << 12,
  kRefer = 1u << 13,     // version 2
  kTruncate = 1u << 14,  // version 3
  kIoctlDev = 1u << 15,  // version 5
};
constexpr std::uint64_t kOnFiles = kExecute | kWriteFile | kReadFile | kTruncate | kIoctlDev;

std::uint64_t known_access(int version) {
  std::uint64_t known = (1u << 13) - 1;
  if (version >= 2) known |= kRefer;
  if (version >= 3) known |= kTruncate;
  if (version >= 5) known |= kIoctlDev;
  return known;
}

}  // namespace

int landlock_version() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionQuestion);
  return version < 0 ? 0 : static_cast<int>(version);
}

void restrict_by_landlock(const LandlockRules& rules) {
  const int version = landlock_version();
  RulesetAttributes attributes{known_access(version), version >= 4 ? 3u : 0u,
                               version >= 6 ? 3u : 0u};
  const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  const UniqueFd ruleset(
      static_cast<int>(checked(syscall(SYS_landlock_create_ruleset, &attributes, size, 0),
                               "cannot make a Landlock ruleset")));
  const auto allow = [&](const std::vector<std::string>& paths, std::uint64_t access) {
    for (const std::string& path : paths) {
      const UniqueFd at(open(path.c_str(), O_PATH | O_CLOEXEC));
      if (!at) continue;
      struct stat info {};
      checked(fstat(at.get(), &info), path);
      const std::uint64_t useful = S_ISDIR(info.st_mode) ? access : access & kOnFiles;
      PathBeneath rule{useful & attributes.files, at.get()};
      checked(syscall(SYS_landlock_add_rule, ruleset.get(), kPathBeneath, &rule, 0),
              "cannot add " + path + " to a Landlock ruleset");
    }
  };
  allow(rules.read_and_execute, kReadFile | kReadDir | kExecute);
  allow(rules.read, kReadFile | kReadDir);
  allow(rules.read_and_write, kReadFile | kWriteFile);
  allow(rules.scratch, kReadFile | kReadDir | kWriteFile | kRemoveDir | kRemoveFile | kMakeDir |
                           kMakeReg | kRefer | kTruncate);
  checked(syscall(SYS_landlock_restrict_self, ruleset.get(), 0), "cannot apply a Landlock ruleset");
}

}  // namespace quorum::sandbox
