// Landlock: the second wall around files everywhere, and the first where there are no namespaces.
#pragma once

#include <string>
#include <vector>

namespace quorum::sandbox {

// The version of the kernel's interface; 0: none (not built in, or switched off).
int landlock_version();

// What a process may still reach. Everything else on files is refused; so are TCP (from version 4
// on), abstract sockets and signals to processes outside (from version 6 on).
struct LandlockRules {
  std::vector<std::string> read_and_execute;  // with all that is below
  std::vector<std::string> read;              // with all that is below
  std::vector<std::string> read_and_write;    // existing files (devices)
  // With all that is below: files and folders may be made, changed and removed; no execution, no
  // link by name, no device, FIFO or socket.
  std::vector<std::string> scratch;
};

// Restricts this process for good; it must have set no_new_privs. Paths that do not exist are
// skipped. Throws Error(kEnvironment).
void restrict_by_landlock(const LandlockRules& rules);

}  // namespace quorum::sandbox
