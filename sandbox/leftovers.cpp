#include "sandbox/leftovers.h"

#include "sandbox/cgroup.h"
#include "sandbox/locked_folder.h"

namespace quorum::sandbox {

void remove_leftovers() {
  remove_abandoned_groups();
  for (const char* what : {kCompilerFolder, kRootFolder}) TemporaryFolder::remove_abandoned(what);
}

}  // namespace quorum::sandbox
