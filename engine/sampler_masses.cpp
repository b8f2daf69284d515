#include "engine/sampler_masses.h"

#include <cstddef>
#include <cstring>

#include "base/fixed_math.h"

namespace quorum {
namespace {

constexpr double kScale = 0x1p40;
constexpr double kRound =
    6755399441055744.0;  // 1.5 · 2^52: adding it rounds to an integer, which its low bits then hold

constexpr int kLanes = 4;  // what AVX2 holds; without it the compiler halves them
constexpr int kBlock =
    4;  // vectors worked on at a time: one chain of operations would leave the units idle
constexpr int kBlockLanes = kBlock * kLanes;
typedef double Doubles __attribute__((vector_size(kLanes * sizeof(double))));
typedef std::int64_t Integers __attribute__((vector_size(kLanes * sizeof(double))));
typedef float Floats __attribute__((vector_size(kLanes * sizeof(float))));

#define QUORUM_INLINE inline __attribute__((always_inline))

#define QUORUM_EACH _Pragma("GCC unroll 4") for (int v = 0; v < kBlock; ++v)

// The operations of fixed_exp one by one, on a block; exp(x)·2^40 rounded, 0 where x <=
// kLeastExponent.
QUORUM_INLINE void mass_block(const Doubles (&x)[kBlock], Integers (&out)[kBlock]) {
  constexpr double kInvLn2 = 1.4426950408889634, kLn2High = 6.93147180369123816490e-01,
                   kLn2Low = 1.90821492927058770002e-10;
  constexpr double kTerms[] = {1.0 / 479001600.0,
                               1.0 / 39916800.0,
                               1.0 / 3628800.0,
                               1.0 / 362880.0,
                               1.0 / 40320.0,
                               1.0 / 5040.0,
                               1.0 / 720.0,
                               1.0 / 120.0,
                               1.0 / 24.0,
                               1.0 / 6.0,
                               0.5,
                               1.0,
                               1.0};
  Doubles r[kBlock], p[kBlock];
  Integers power[kBlock];
  QUORUM_EACH {
    const Doubles bounded = x[v] > kLeastExponent ? x[v] : Doubles{} + kLeastExponent;
    const Doubles shifted = bounded * kInvLn2 + kRound;
    const Doubles n = shifted - kRound;
    r[v] = (bounded - n * kLn2High) - n * kLn2Low;
    p[v] = Doubles{} + 1.0 / 6227020800.0;
    // The low bits of `shifted` hold n: the shift by 52 leaves the biased exponent of 2^n.
    power[v] = ((Integers)shifted + 1023) << 52;
  }
  _Pragma("GCC unroll 16") for (const double term : kTerms) {
    QUORUM_EACH p[v] = p[v] * r[v] + term;
  }
  QUORUM_EACH {
    const Doubles rounded = p[v] * (Doubles)power[v] * kScale + kRound;
    const Integers mass = (Integers)rounded - std::int64_t{0x4338000000000000};
    out[v] = x[v] > kLeastExponent ? mass : Integers{};
  }
}

// Masses of a whole block of logits.
QUORUM_INLINE void masses_at(const float* logits, float largest, double temperature,
                             Integers (&out)[kBlock]) {
  Doubles x[kBlock];
  Integers some{};
  QUORUM_EACH {
    Floats l;
    std::memcpy(&l, logits + v * kLanes, sizeof l);
    x[v] = (__builtin_convertvector(l, Doubles) - static_cast<double>(largest)) / temperature;
    some |= x[v] > kLeastExponent;
  }
  if ((some[0] | some[1] | some[2] | some[3]) == 0) {  // most of a large vocabulary
    QUORUM_EACH out[v] = Integers{};
  } else {
    mass_block(x, out);
  }
}

QUORUM_INLINE std::uint64_t masses_of(const float* logits, std::size_t count, float largest,
                                      double temperature, std::uint64_t* masses) {
  Integers sum{}, mass[kBlock];
  std::size_t i = 0;
  for (; i + kBlockLanes <= count; i += kBlockLanes) {
    masses_at(logits + i, largest, temperature, mass);
    QUORUM_EACH sum += mass[v];
    if (masses != nullptr) std::memcpy(masses + i, mass, sizeof mass);
  }
  std::uint64_t total = 0;
  for (int lane = 0; lane < kLanes; ++lane) total += static_cast<std::uint64_t>(sum[lane]);
  if (i < count) {
    const std::size_t left = count - i;
    float padded[kBlockLanes];
    for (std::size_t lane = 0; lane < kBlockLanes; ++lane)
      padded[lane] = lane < left ? logits[i + lane] : largest;
    masses_at(padded, largest, temperature, mass);
    std::uint64_t last[kBlockLanes];
    std::memcpy(last, mass, sizeof last);
    for (std::size_t lane = 0; lane < left; ++lane) {
      total += last[lane];
      if (masses != nullptr) masses[i + lane] = last[lane];
    }
  }
  return total;
}

QUORUM_INLINE float largest_of(const float* logits, std::size_t count) {
  float largest = logits[0];
  std::size_t i = 0;
  if (count >= kLanes) {
    Floats top;
    std::memcpy(&top, logits, sizeof top);
    for (; i + kLanes <= count; i += kLanes) {
      Floats l;
      std::memcpy(&l, logits + i, sizeof l);
      top = l > top ? l : top;
    }
    for (int lane = 0; lane < kLanes; ++lane) largest = top[lane] > largest ? top[lane] : largest;
  }
  for (; i < count; ++i) largest = logits[i] > largest ? logits[i] : largest;
  return largest;
}

// The same source for the two widths; contraction is off, so the bits are the same.
__attribute__((target("avx2"))) std::uint64_t masses_avx2(const float* logits, std::size_t count,
                                                          float largest, double temperature,
                                                          std::uint64_t* masses) {
  return masses_of(logits, count, largest, temperature, masses);
}
std::uint64_t masses_portable(const float* logits, std::size_t count, float largest,
                              double temperature, std::uint64_t* masses) {
  return masses_of(logits, count, largest, temperature, masses);
}
__attribute__((target("avx2"))) float largest_avx2(const float* logits, std::size_t count) {
  return largest_of(logits, count);
}
float largest_portable(const float* logits, std::size_t count) { return largest_of(logits, count); }

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

}  // namespace

float largest_logit(std::span<const float> logits) {
  return (has_avx2() ? largest_avx2 : largest_portable)(logits.data(), logits.size());
}

std::uint64_t tempered_masses(std::span<const float> logits, float largest, double temperature,
                              std::uint64_t* masses) {
  return (has_avx2() ? masses_avx2 : masses_portable)(logits.data(), logits.size(), largest,
                                                      temperature, masses);
}

std::uint64_t tempered_mass(float logit, float largest, double temperature) {
  const double x = (static_cast<double>(logit) - static_cast<double>(largest)) / temperature;
  if (!(x > kLeastExponent)) return 0;
  const double rounded = fixed_exp(x) * kScale + kRound;
  return fixed_math_detail::to_bits(rounded) - 0x4338000000000000ull;
}

}  // namespace quorum
