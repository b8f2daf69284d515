// Folders with a name of their own that show whether their owner is alive: it holds their lock
// (flock(2)), which ends with it, however it ends. Process numbers say nothing across containers.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/file.h"

namespace quorum::sandbox {

// "PREFIX-PID-RANDOM": no two processes have one, also in different process namespaces.
std::string name_of_this_process(const std::string& prefix);
// Whether name_of_this_process(prefix) may have made the name.
bool is_name_of_a_process(const std::string& name, const std::string& prefix);

// Makes the folder, for this process alone (0700), and locks it. Closing the descriptor unlocks.
// Throws Error(kEnvironment).
UniqueFd make_locked_folder(const std::filesystem::path& path);

// Calls `remove` for each folder of name_of_this_process(prefix) in `in` that nobody has locked,
// while it is locked here.
void for_each_abandoned(const std::filesystem::path& in, const std::string& prefix,
                        const std::function<void(const std::filesystem::path&)>& remove);

// A private folder below /tmp, removed with its contents.
class TemporaryFolder {
 public:
  // "/tmp/quorum-WHAT-PID-RANDOM". Throws Error(kEnvironment).
  explicit TemporaryFolder(const std::string& what);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

  // Removes those whose owners were killed.
  static void remove_abandoned(const std::string& what);

 private:
  std::string path_;
  UniqueFd lock_;
};

}  // namespace quorum::sandbox
