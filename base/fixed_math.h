// exp and log in double with a fixed sequence of operations: the same source for host and device,
// and the same bits on both, so that a sample does not depend on which math library was linked.
// Compile without contraction
// (-ffp-contract=off, nvcc -fmad=false): every operation below is one IEEE-754 rounding.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/host_device.h"

namespace quorum {

namespace fixed_math_detail {
QUORUM_HOST_DEVICE inline double from_bits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
QUORUM_HOST_DEVICE inline std::uint64_t to_bits(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
}  // namespace fixed_math_detail

// exp(x) for x in [-708, 709], to about 1 ulp; 0 below. Cody-Waite reduction x = n·ln 2 + r, |r| <=
// ln 2 / 2, and the Taylor polynomial of degree 13 (remainder below 2^-58 there) in Horner form.
QUORUM_HOST_DEVICE inline double fixed_exp(double x) {
  if (!(x > -708.0)) return 0.0;
  constexpr double kInvLn2 = 1.4426950408889634, kLn2High = 6.93147180369123816490e-01,
                   kLn2Low = 1.90821492927058770002e-10;
  constexpr double kRound =
      6755399441055744.0;  // 1.5 · 2^52: adding it rounds to the nearest integer, ties to even
  const double shifted = x * kInvLn2 + kRound;
  const double n = shifted - kRound;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const auto exponent = static_cast<std::int64_t>(n) + 1023;
  return p * fixed_math_detail::from_bits(static_cast<std::uint64_t>(exponent) << 52);
}

// log(x) for normal x > 0, to about 1 ulp. x = 2^k·m with m in [sqrt(1/2), sqrt(2)); log m =
// 2·atanh(s), s = (m-1)/(m+1), |s| < 0.172, by its odd series up to s^21 (remainder below 2^-58).
QUORUM_HOST_DEVICE inline double fixed_log(double x) {
  constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;
  std::uint64_t bits = fixed_math_detail::to_bits(x);
  std::int64_t k = static_cast<std::int64_t>(bits >> 52) - 1023;
  bits = (bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull;
  double m = fixed_math_detail::from_bits(bits);
  if (m > 1.4142135623730951) {
    m = m * 0.5;
    k = k + 1;
  }
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  const double log_m = 2.0 * s + 2.0 * s * z * p;
  const auto n = static_cast<double>(k);
  return n * kLn2High + (log_m + n * kLn2Low);
}

}  // namespace quorum
