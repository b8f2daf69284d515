// Barriers in shared memory that count arrivals and bytes (mbarrier), and the copies into shared
// memory that arrive on them.
#pragma once

#include <cstdint>

#include "engine/cuda/kernels/mma.cuh"

namespace quorum::cuda {

__device__ __forceinline__ void init_barrier(std::uint64_t* barrier, unsigned arrivals) {
  asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals)
               : "memory");
}
// Makes initialised barriers visible to the copy engine; a block barrier must follow.
__device__ __forceinline__ void publish_barriers() {
#if __CUDA_ARCH__ >= 900
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
#endif
}
__device__ __forceinline__ void arrive(std::uint32_t address) {
  asm volatile("{ .reg .b64 state; mbarrier.arrive.shared.b64 state, [%0]; }" ::"r"(address)
               : "memory");
}
__device__ __forceinline__ void arrive(std::uint64_t* barrier) { arrive(shared_address(barrier)); }
// Whether the phase of this parity has completed.
__device__ __forceinline__ bool is_complete(std::uint32_t address, unsigned parity) {
  std::uint32_t done;
  asm volatile(
      "{ .reg .pred p; mbarrier.test_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
      : "=r"(done)
      : "r"(address), "r"(parity)
      : "memory");
  return done != 0;
}
// Waits until the phase of this parity has completed. The loop is in one piece: the compiler's own
// would guard against lanes that part.
__device__ __forceinline__ void wait(std::uint32_t address, unsigned parity) {
#if __CUDA_ARCH__ >= 900
  asm volatile(
      "{ .reg .pred p;\n"
      "again: mbarrier.try_wait.parity.shared.b64 p, [%0], %1;\n"
      "@p bra done;\n"
      "bra again;\n"
      "done: }" ::"r"(address),
      "r"(parity)
      : "memory");
#else
  while (!is_complete(address, parity)) {
  }
#endif
}
__device__ __forceinline__ void wait(std::uint64_t* barrier, unsigned parity) {
  wait(shared_address(barrier), parity);
}

// Between ordinary writes to global memory and bulk copies that read them: in the writing threads,
// and in the copying one once it knows of them.
__device__ __forceinline__ void fence_copies() {
#if __CUDA_ARCH__ >= 900
  asm volatile("fence.proxy.async.global;" ::: "memory");
#endif
}

// Between ordinary writes to shared memory and bulk copies to the same place: in the writing
// threads, before they give the place away.
__device__ __forceinline__ void fence_shared_copies() {
#if __CUDA_ARCH__ >= 900
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#endif
}

// Copies asynchronously; who waits for it is this thread alone, or a barrier that is told.
__device__ __forceinline__ void copy_16_bytes(void* to, const void* from) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(to)), "l"(from)
               : "memory");
}

#if __CUDA_ARCH__ >= 900
// One arrival that also announces `bytes` to come.
__device__ __forceinline__ void arrive_expecting(std::uint64_t* barrier, unsigned bytes) {
  asm volatile("{ .reg .b64 state; mbarrier.arrive.expect_tx.shared.b64 state, [%0], %1; }" ::"r"(
                   shared_address(barrier)),
               "r"(bytes)
               : "memory");
}
// For data that is read once: it leaves the L2 cache first.
__device__ __forceinline__ std::uint64_t read_once_policy() {
  std::uint64_t policy;
  asm volatile("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(policy));
  return policy;
}
// Copies `bytes` (a multiple of 16) by the copy engine; arrives on the barrier when done.
__device__ __forceinline__ void copy_bulk(void* to, const void* from, unsigned bytes,
                                          std::uint64_t* barrier) {
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::
          "r"(shared_address(to)),
      "l"(from), "r"(bytes), "r"(shared_address(barrier))
      : "memory");
}
__device__ __forceinline__ void copy_bulk(void* to, const void* from, unsigned bytes,
                                          std::uint64_t* barrier, std::uint64_t policy) {
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.L2::cache_hint [%0], "
      "[%1], "
      "%2, [%3], %4;" ::"r"(shared_address(to)),
      "l"(from), "r"(bytes), "r"(shared_address(barrier)), "l"(policy)
      : "memory");
}
#else
// Arrives once this thread's copies so far are done; the barrier counts one arrival a thread.
__device__ __forceinline__ void arrive_after_copies(std::uint64_t* barrier) {
  asm volatile("cp.async.mbarrier.arrive.noinc.shared.b64 [%0];" ::"r"(shared_address(barrier))
               : "memory");
}
#endif

// The stages of a ring in turn, and the parity of their barriers' phase.
template <int Size>
struct Ring {
  int at = 0;
  unsigned phase = 0;
  __device__ __forceinline__ void next() {
    if (++at == Size) at = 0, phase ^= 1;
  }
};

}  // namespace quorum::cuda
