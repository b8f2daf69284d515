// Which kernels this processor can run.
#pragma once

#include "engine/cpu/kernels.h"
#include "engine/cpu_backend.h"

namespace quorum::cpu {

bool has_avx2();
bool has_avx512();

// The kernels for `isa`; kAuto takes the widest. Throws Error(kEnvironment) when the processor
// lacks it.
const Kernels& kernels_for(CpuBackendOptions::Isa isa);

// How many processors this process may run on; at least 1.
int available_processors();

}  // namespace quorum::cpu
