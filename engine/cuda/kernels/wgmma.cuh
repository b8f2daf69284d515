// The warpgroup matrix instructions of sm_90a: D (64×n, fp32, registers) += A (64×16) · B (n×16)^T,
// A and B bf16 in shared memory.
//
// A and B lie with k running fastest, 64 values (128 bytes) a row, rows one after another, and the
// eight 16-byte chunks of row r permuted: chunk c at c ^ (r & 7) ("128-byte swizzle"). Tiles start
// on 1024 bytes. Source of the encodings: PTX ISA, "Asynchronous Warpgroup Level Matrix
// Instructions".
#pragma once

#include <cstdint>

#include "engine/cuda/kernels/mma.cuh"

namespace quorum::cuda {

// Describes such a tile: the lower half of its descriptor, the upper (QUORUM_UPPER) being the same
// for all. + 2 moves 16 values along k, + n / 16 moves n bytes.
__device__ __forceinline__ std::uint32_t describe_tile(std::uint32_t shared_address_of_tile) {
  constexpr std::uint32_t unused = 1u << 16;
  return unused | (shared_address_of_tile & 0x3FFFF) >> 4;
}

// Orders earlier accesses to the accumulators before the products that follow.
__device__ __forceinline__ void begin_products() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}
__device__ __forceinline__ void commit_products() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
// Waits until at most `pending` committed groups are unfinished.
template <int pending>
__device__ __forceinline__ void wait_for_products() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(pending) : "memory");
}

// How many registers each thread of this warpgroup has from here on: those that one leaves another
// can take.
template <int registers>
__device__ __forceinline__ void leave_registers() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(registers));
}
template <int registers>
__device__ __forceinline__ void take_registers() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(registers));
}

// d = a · b + (add ? d : 0). Thread 32w + 4g + t of the warpgroup holds in d[4i..4i+3] the elements
// (16w + g, 8i + 2t), (…, 8i + 2t + 1), (16w + g + 8, 8i + 2t), (…, 8i + 2t + 1).
template <int n>
struct Products;

#define QUORUM_D0 "%0,%1,%2,%3"
#define QUORUM_D1 QUORUM_D0 ",%4,%5,%6,%7"
#define QUORUM_D2 QUORUM_D1 ",%8,%9,%10,%11,%12,%13,%14,%15"
#define QUORUM_D3 QUORUM_D2 ",%16,%17,%18,%19,%20,%21,%22,%23"
#define QUORUM_D4 QUORUM_D2 ",%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define QUORUM_D5 QUORUM_D4 ",%32,%33,%34,%35,%36,%37,%38,%39"
#define QUORUM_D6 QUORUM_D4 ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47"
#define QUORUM_D7 QUORUM_D6 ",%48,%49,%50,%51,%52,%53,%54,%55"
#define QUORUM_D8 QUORUM_D6 ",%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
#define QUORUM_D9 QUORUM_D8 ",%64,%65,%66,%67,%68,%69,%70,%71"
#define QUORUM_D10 QUORUM_D8 ",%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79"
#define QUORUM_D11 QUORUM_D10 ",%80,%81,%82,%83,%84,%85,%86,%87"
#define QUORUM_D12 QUORUM_D10 ",%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95"
#define QUORUM_D13 QUORUM_D12 ",%96,%97,%98,%99,%100,%101,%102,%103"
#define QUORUM_D14 \
  QUORUM_D12 ",%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111"
#define QUORUM_D15 QUORUM_D14 ",%112,%113,%114,%115,%116,%117,%118,%119"
#define QUORUM_D16 \
  QUORUM_D14 ",%112,%113,%114,%115,%116,%117,%118,%119,%120,%121,%122,%123,%124,%125,%126,%127"
#define QUORUM_R4(i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define QUORUM_R8(i) QUORUM_R4(i), QUORUM_R4(i + 4)
#define QUORUM_R16(i) QUORUM_R8(i), QUORUM_R8(i + 8)
#define QUORUM_R32(i) QUORUM_R16(i), QUORUM_R16(i + 16)
#define QUORUM_R64(i) QUORUM_R32(i), QUORUM_R32(i + 32)

// Bit 62 of a descriptor: the 128-byte swizzle; from bit 32 on the sixteens of bytes from eight
// rows to the next, 1024 / 16.
#define QUORUM_UPPER "0x40000040"

// `a`, `b`, `add`: the numbers of the operands behind the n / 2 accumulators.
#define QUORUM_PRODUCTS(n, registers, a, b, add, ...)                                              \
  template <>                                                                                      \
  struct Products<n> {                                                                             \
    static __device__ __forceinline__ void multiply(float (&d)[n / 2], std::uint32_t tile_a,       \
                                                    std::uint32_t tile_b, int add_to) {            \
      asm volatile("{ .reg .pred p; .reg .b64 a, b; setp.ne.b32 p, %" #add ", 0; mov.b64 a, {%" #a \
                   ", " QUORUM_UPPER "}; mov.b64 b, {%" #b ", " QUORUM_UPPER                       \
                   "}; wgmma.mma_async.sync.aligned.m64n" #n "k16.f32.bf16.bf16 {" registers       \
                   "}, a, b, p, 1, 1, 0, 0; }"                                                     \
                   : __VA_ARGS__                                                                   \
                   : "r"(tile_a), "r"(tile_b), "r"(add_to));                                       \
    }                                                                                              \
  };

QUORUM_PRODUCTS(8, QUORUM_D0, 4, 5, 6, QUORUM_R4(0))
QUORUM_PRODUCTS(16, QUORUM_D1, 8, 9, 10, QUORUM_R8(0))
QUORUM_PRODUCTS(32, QUORUM_D2, 16, 17, 18, QUORUM_R16(0))
QUORUM_PRODUCTS(48, QUORUM_D3, 24, 25, 26, QUORUM_R16(0), QUORUM_R8(16))
QUORUM_PRODUCTS(64, QUORUM_D4, 32, 33, 34, QUORUM_R32(0))
QUORUM_PRODUCTS(80, QUORUM_D5, 40, 41, 42, QUORUM_R32(0), QUORUM_R8(32))
QUORUM_PRODUCTS(96, QUORUM_D6, 48, 49, 50, QUORUM_R32(0), QUORUM_R16(32))
QUORUM_PRODUCTS(112, QUORUM_D7, 56, 57, 58, QUORUM_R32(0), QUORUM_R16(32), QUORUM_R8(48))
QUORUM_PRODUCTS(128, QUORUM_D8, 64, 65, 66, QUORUM_R64(0))
QUORUM_PRODUCTS(144, QUORUM_D9, 72, 73, 74, QUORUM_R64(0), QUORUM_R8(64))
QUORUM_PRODUCTS(160, QUORUM_D10, 80, 81, 82, QUORUM_R64(0), QUORUM_R16(64))
QUORUM_PRODUCTS(176, QUORUM_D11, 88, 89, 90, QUORUM_R64(0), QUORUM_R16(64), QUORUM_R8(80))
QUORUM_PRODUCTS(192, QUORUM_D12, 96, 97, 98, QUORUM_R64(0), QUORUM_R32(64))
QUORUM_PRODUCTS(208, QUORUM_D13, 104, 105, 106, QUORUM_R64(0), QUORUM_R32(64), QUORUM_R8(96))
QUORUM_PRODUCTS(224, QUORUM_D14, 112, 113, 114, QUORUM_R64(0), QUORUM_R32(64), QUORUM_R16(96))
QUORUM_PRODUCTS(240, QUORUM_D15, 120, 121, 122, QUORUM_R64(0), QUORUM_R32(64), QUORUM_R16(96),
                QUORUM_R8(112))
QUORUM_PRODUCTS(256, QUORUM_D16, 128, 129, 130, QUORUM_R64(0), QUORUM_R64(64))

#undef QUORUM_D0
#undef QUORUM_D1
#undef QUORUM_D2
#undef QUORUM_D3
#undef QUORUM_D4
#undef QUORUM_D5
#undef QUORUM_D6
#undef QUORUM_D7
#undef QUORUM_D8
#undef QUORUM_D9
#undef QUORUM_D10
#undef QUORUM_D11
#undef QUORUM_D12
#undef QUORUM_D13
#undef QUORUM_D14
#undef QUORUM_D15
#undef QUORUM_D16
#undef QUORUM_R4
#undef QUORUM_R8
#undef QUORUM_R16
#undef QUORUM_R32
#undef QUORUM_R64
#undef QUORUM_UPPER
#undef QUORUM_PRODUCTS

}  // namespace quorum::cuda
