#include "engine/cpu/isa.h"

#include <sched.h>

#include <algorithm>

#include "base/error.h"

namespace quorum::cpu {

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
}

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0;
}

const Kernels& kernels_for(CpuBackendOptions::Isa isa) {
  using Isa = CpuBackendOptions::Isa;
  if (isa == Isa::kAvx512 && !has_avx512()) {
    throw Error(ErrorKind::kEnvironment, "this processor lacks AVX-512",
                "the AVX-512 kernels were asked for by name", "leave the choice to the program");
  }
  if (!has_avx2()) {
    throw Error(ErrorKind::kEnvironment, "this processor lacks AVX2 or FMA",
                "the CPU backend needs both for exact and repeatable arithmetic",
                "run on an x86-64 processor of 2013 (Haswell) or later, or on a GPU");
  }
  return isa == Isa::kAvx512 || (isa == Isa::kAuto && has_avx512()) ? kAvx512Kernels : kAvx2Kernels;
}

int available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

}  // namespace quorum::cpu
