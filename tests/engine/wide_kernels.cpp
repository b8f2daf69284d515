// The kernels with 16 scalar lanes, and tiles as for 32 registers: tests the code for AVX-512 where
// the processor has none.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/cpu/kernels.h"
#include "engine/cpu_fixture.h"

namespace quorum::cpu {
namespace {

struct Vec {
  static constexpr int kWidth = 16;
  static constexpr int kRegisters = 32;
  float v[kWidth];

  template <class F>
  static Vec make(F&& lane) {
    Vec out;
    for (int i = 0; i < kWidth; ++i) out.v[i] = lane(i);
    return out;
  }
  static Vec zero() { return all(0); }
  static Vec all(float x) {
    return make([&](int) { return x; });
  }
  static Vec load(const float* p) { return load_first(p, kWidth); }
  static Vec load_bf16(const std::uint16_t* p) {
    return make([&](int i) { return std::bit_cast<float>(std::uint32_t{p[i]} << 16); });
  }
  static Vec load_first(const float* p, int count) {
    return make([&](int i) { return i < count ? p[i] : 0.0f; });
  }
  void store(float* p) const { store_first(p, kWidth); }
  void store_first(float* p, int count) const { std::copy_n(v, count, p); }
};

inline Vec operator+(const Vec& a, const Vec& b) {
  return Vec::make([&](int i) { return a.v[i] + b.v[i]; });
}
inline Vec operator-(const Vec& a, const Vec& b) {
  return Vec::make([&](int i) { return a.v[i] - b.v[i]; });
}
inline Vec operator*(const Vec& a, const Vec& b) {
  return Vec::make([&](int i) { return a.v[i] * b.v[i]; });
}
inline Vec operator/(const Vec& a, const Vec& b) {
  return Vec::make([&](int i) { return a.v[i] / b.v[i]; });
}
inline Vec fma(const Vec& a, const Vec& b, const Vec& c) {
  return Vec::make([&](int i) { return std::fma(a.v[i], b.v[i], c.v[i]); });
}
inline Vec fnma(const Vec& a, const Vec& b, const Vec& c) {
  return Vec::make([&](int i) { return std::fma(-a.v[i], b.v[i], c.v[i]); });
}
inline Vec max(const Vec& a, const Vec& b) {
  return Vec::make([&](int i) { return a.v[i] > b.v[i] ? a.v[i] : b.v[i]; });
}
inline Vec min(const Vec& a, const Vec& b) {
  return Vec::make([&](int i) { return a.v[i] < b.v[i] ? a.v[i] : b.v[i]; });
}
inline Vec negative_abs(const Vec& a) {
  return Vec::make([&](int i) { return -std::fabs(a.v[i]); });
}
inline Vec where_less(const Vec& a, const Vec& b, const Vec& x, const Vec& y) {
  return Vec::make([&](int i) { return a.v[i] < b.v[i] ? x.v[i] : y.v[i]; });
}
inline Vec exp2_of_shifted(const Vec& shifted) {
  return Vec::make([&](int i) {
    return std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted.v[i]) + 127u) << 23);
  });
}
inline void keep(Vec&) {}
inline bool any_not_finite(const Vec& a) {
  return std::any_of(a.v, a.v + Vec::kWidth, [](float x) { return !std::isfinite(x); });
}

}  // namespace

extern const Kernels kWideKernels;

}  // namespace quorum::cpu

#define QUORUM_KERNELS kWideKernels
#define QUORUM_KERNELS_NAME "16 scalar lanes"
#include "engine/cpu/kernels_impl.h"

namespace quorum::testing {

const cpu::Kernels& wide_kernels() { return cpu::kWideKernels; }

}  // namespace quorum::testing
