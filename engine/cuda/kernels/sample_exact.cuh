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

__device__ __forceinline__ std::uint32_t random_word(std::uint64_t key, int id,
                                                     std::uint32_t index) {
  return philox4x32_10(key, static_cast<std::uint32_t>(id), index, 0, 0).x[0];
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
