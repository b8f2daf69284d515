// Eight neighbouring values of a row, the unit in which the row-wise kernels work: 16 bytes of
// bf16, 32 of float. Addresses are aligned to 16 bytes.
#pragma once

#include <cuda_bf16.h>

namespace quorum::cuda {

struct Vector8 {
  float x[8] = {};
};

// bf16 is read once, by one thread: it passes the L1 cache by.
__device__ __forceinline__ Vector8 load8(const __nv_bfloat16* from) {
  const uint4 raw = __ldcg(reinterpret_cast<const uint4*>(from));
  const unsigned words[4] = {raw.x, raw.y, raw.z, raw.w};
  Vector8 out;
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    out.x[2 * i] = __uint_as_float(words[i] << 16);
    out.x[2 * i + 1] = __uint_as_float(words[i] & 0xFFFF0000u);
  }
  return out;
}

__device__ __forceinline__ Vector8 load8(const float* from) {
  const float4 low = reinterpret_cast<const float4*>(from)[0];
  const float4 high = reinterpret_cast<const float4*>(from)[1];
  return {{low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w}};
}

// Rounds to nearest, ties to even.
__device__ __forceinline__ void store8(__nv_bfloat16* to, const Vector8& value) {
  unsigned words[4];
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const __nv_bfloat162 pair = __floats2bfloat162_rn(value.x[2 * i], value.x[2 * i + 1]);
    words[i] = *reinterpret_cast<const unsigned*>(&pair);
  }
  *reinterpret_cast<uint4*>(to) = make_uint4(words[0], words[1], words[2], words[3]);
}

__device__ __forceinline__ void store8(float* to, const Vector8& value) {
  reinterpret_cast<float4*>(to)[0] = make_float4(value.x[0], value.x[1], value.x[2], value.x[3]);
  reinterpret_cast<float4*>(to)[1] = make_float4(value.x[4], value.x[5], value.x[6], value.x[7]);
}

__device__ __forceinline__ void add(Vector8& to, const Vector8& value) {
#pragma unroll
  for (int i = 0; i < 8; ++i) to.x[i] += value.x[i];
}

}  // namespace quorum::cuda
