// How many processors this process may use.
#pragma once

namespace quorum {

// Those of the calling thread's affinity mask (taskset, containers, cgroups' cpusets); at least 1.
int usable_cores();

}  // namespace quorum
