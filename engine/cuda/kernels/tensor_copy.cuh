// Copies of boxes of a matrix into shared memory by the copy engine (TMA tensor maps), alone or to
// every block of a cluster, and the synchronisation of clusters that this needs. sm_90 and newer.
#pragma once

#include <cuda.h>

#include <cstdint>

#include "engine/cuda/kernels/mma.cuh"

namespace quorum::cuda {

// Copies the box at (column, row) into `to` and arrives with its bytes on `barrier`. What lies
// outside the matrix is filled with zeros.
__device__ __forceinline__ void copy_box(void* to, const CUtensorMap& map, int column, int row,
                                         std::uint64_t* barrier) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, "
      "%4}], [%2];" ::"r"(shared_address(to)),
      "l"(&map), "r"(shared_address(barrier)), "r"(column), "r"(row)
      : "memory");
}
// Copies the boxes of some blocks of K, one after another (map_blocks).
__device__ __forceinline__ void copy_blocks(void* to, const CUtensorMap& map, int row, int block,
                                            std::uint64_t* barrier) {
  asm volatile(
      "cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, "
      "%4, %5}], [%2];" ::"r"(shared_address(to)),
      "l"(&map), "r"(shared_address(barrier)), "r"(0), "r"(row), "r"(block)
      : "memory");
}
// The same into every block of the cluster whose bit is set in `blocks`: at the same address, with
// the arrival on the same barrier of each.
__device__ __forceinline__ void copy_box_to(std::uint16_t blocks, void* to, const CUtensorMap& map,
                                            int column, int row, std::uint64_t* barrier) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes"
      ".multicast::cluster [%0], [%1, {%3, %4}], [%2], %5;" ::"r"(shared_address(to)),
      "l"(&map), "r"(shared_address(barrier)), "r"(column), "r"(row), "h"(blocks)
      : "memory");
}
__device__ __forceinline__ void prefetch_map(const CUtensorMap& map) {
  asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory");
}

// Arrives on the barrier at this address in block `block` of the cluster. Releases no writes to
// other blocks: that would wait for all that is under way, and who only read has none.
__device__ __forceinline__ void arrive_at(unsigned block, std::uint32_t address) {
  asm volatile(
      "{ .reg .b32 remote; mapa.shared::cluster.u32 remote, %0, %1;\n"
      "mbarrier.arrive.shared::cluster.b64 _, [remote]; }" ::"r"(address),
      "r"(block)
      : "memory");
}
// Where this address of shared memory lies in block `block` of the cluster.
__device__ __forceinline__ std::uint32_t address_in(unsigned block, std::uint32_t address) {
  std::uint32_t remote;
  asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(remote) : "r"(address), "r"(block));
  return remote;
}
// Stores there, and counts the bytes on the barrier at `barrier` in the same block.
__device__ __forceinline__ void send(std::uint32_t address, float2 value, std::uint32_t barrier) {
  asm volatile(
      "st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v2.f32 [%0], {%1, %2}, [%3];" ::
          "r"(address),
      "f"(value.x), "f"(value.y), "r"(barrier)
      : "memory");
}
// The same; if there is no barrier (0), only stores.
__device__ __forceinline__ void send_or_store(std::uint32_t address, float4 value,
                                              std::uint32_t barrier) {
  asm volatile(
      "{ .reg .pred p; setp.ne.b32 p, %5, 0;\n"
      "@p st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v4.f32 [%0], {%1, %2, %3, "
      "%4}, [%5];\n"
      "@!p st.shared::cluster.v4.f32 [%0], {%1, %2, %3, %4}; }" ::"r"(address),
      "f"(value.x), "f"(value.y), "f"(value.z), "f"(value.w), "r"(barrier)
      : "memory");
}
// All threads of the cluster that have not ended meet; what they wrote before is visible after.
__device__ __forceinline__ void arrive_at_cluster() {
  asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
}
// The same, but what was written before need not be visible: does not wait for what is under way,
// copies among it.
__device__ __forceinline__ void arrive_at_cluster_without_writes() {
  asm volatile("barrier.cluster.arrive.relaxed.aligned;" ::: "memory");
}
__device__ __forceinline__ void wait_for_cluster() {
  asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

}  // namespace quorum::cuda
