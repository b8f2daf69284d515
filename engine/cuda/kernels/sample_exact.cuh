// The parts of the sampler's definition (engine/sampler.h) that decide: masses, scores and the
// order of tokens, bit for bit those of the CPU. Compile with -fmad=false.
#pragma once

#include <cstdint>

#include "base/fixed_math.h"
#include "base/philox.h"
#include "engine/sampler_masses.h"

namespace quorum::cuda {

// q of a logit, as tempered_mass() of engine/sampler_masses.h.
__device__ __forceinline__ std::uint64_t exact_mass(float logit, float largest,
                                                    double temperature) {
  const double x = (static_cast<double>(logit) - static_cast<double>(largest)) / temperature;
  if (!(x > kLeastExponent)) return 0;
  const double rounded = fixed_exp(x) * 0x1p40 + 6755399441055744.0;  // 1.5 · 2^52
  return fixed_math_detail::to_bits(rounded) - 0x4338000000000000ull;
}

// 2^52 + c for a 32-bit word c, which is its low word.
__device__ __forceinline__ double tagged(std::uint32_t c) {
  return __hiloint2double(0x43300000, static_cast<int>(c));
}

// 2^52 + the high word of kFactor · c, xor `other`, from 2^52 + c: the exact value of the sum below
// is rounded to zero at the bits of the quotient. FP64 units do that at the rate at which others
// take the low half of a product, where they are as many as on data-centre GPUs.
template <std::uint32_t kFactor>
__device__ __forceinline__ double product_high_xor(double tagged_c, std::uint32_t other) {
  const double high = __fma_rz(tagged_c, kFactor * 0x1p-32, 0x1p52 - kFactor * 0x1p20);
  return __longlong_as_double(__double_as_longlong(high) ^
                              static_cast<long long>(std::uint64_t{other}));
}

// The first word of philox4x32_10(key, id, index, 0, 0) of base/philox.h.
__device__ __forceinline__ std::uint32_t random_word(std::uint64_t key, int id,
                                                     std::uint32_t index) {
  constexpr std::uint32_t kFactor0 = 0xD2511F53u, kFactor1 = 0xCD9E8D57u;
  std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  double c0 = tagged(index ^ k0);  // after the first round, in which words 2 and 3 are 0
  double c2 = product_high_xor<kFactor0>(tagged(static_cast<std::uint32_t>(id)), k1);
  std::uint32_t c1 = 0, c3 = kFactor0 * static_cast<std::uint32_t>(id);
#pragma unroll
  for (int round = 1; round < 10; ++round) {
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
    const double n0 = product_high_xor<kFactor1>(c2, c1 ^ k0);
    c1 = kFactor1 * static_cast<std::uint32_t>(__double2loint(c2));
    const double n2 = product_high_xor<kFactor0>(c0, c3 ^ k1);
    c3 = kFactor0 * static_cast<std::uint32_t>(__double2loint(c0));
    c2 = n2;
    c0 = n0;
  }
  return static_cast<std::uint32_t>(__double2loint(c0));
}

// The larger, the earlier in the order of the definition; never 0.
__device__ __forceinline__ std::uint64_t order_key(float logit, int id) {
  const std::uint32_t bits = __float_as_uint(logit + 0.0f);  // -0 counts as 0
  const std::uint32_t ascending = (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
  return std::uint64_t{ascending} << 32 | ~static_cast<std::uint32_t>(id);
}

__device__ __forceinline__ bool stays(std::uint64_t mass_before, double top_p,
                                      std::uint64_t total) {
  return top_p >= 1.0 || static_cast<double>(mass_before) < top_p * static_cast<double>(total);
}

}  // namespace quorum::cuda
