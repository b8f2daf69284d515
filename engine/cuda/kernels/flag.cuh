// Flags and counters in global memory, by which blocks and kernels that run at the same time tell
// one another what is done.
#pragma once

#include <cstdint>

namespace quorum::cuda {

// What this thread knows to be written before is there for whoever loads what it stored.
__device__ __forceinline__ void store_ordered(std::int32_t* flag, std::int32_t value) {
  asm volatile("st.release.gpu.global.s32 [%0], %1;" ::"l"(flag), "r"(value) : "memory");
}
__device__ __forceinline__ std::int32_t load_ordered(const std::int32_t* flag) {
  std::int32_t value;
  asm volatile("ld.acquire.gpu.global.s32 %0, [%1];" : "=r"(value) : "l"(flag) : "memory");
  return value;
}

// Adds to a counter in global memory; gives what was there. What this thread knows to be written
// before is there for whoever adds to it later.
__device__ __forceinline__ int add_ordered(std::int32_t* counter, int value) {
  int before;
  asm volatile("atom.add.acq_rel.gpu.global.s32 %0, [%1], %2;"
               : "=r"(before)
               : "l"(counter), "r"(value)
               : "memory");
  return before;
}

// Asks until it is so. What has not come after 20 s will not: the kernel is stopped, for the host
// to see an error instead of waiting for ever.
template <class Condition>
__device__ __forceinline__ void wait_until(const Condition& condition) {
  constexpr std::uint64_t kPatience = 20'000'000'000;  // ns
  std::uint64_t begin, now;
  asm volatile("mov.u64 %0, %globaltimer;" : "=l"(begin));
  while (!condition()) {
    __nanosleep(100);
    asm volatile("mov.u64 %0, %globaltimer;" : "=l"(now));
    if (now - begin > kPatience) __trap();
  }
}

}  // namespace quorum::cuda
