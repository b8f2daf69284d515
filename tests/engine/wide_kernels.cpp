// The kernels with 16 scalar lanes, and tiles as for 32 registers: tests the code for AVX-512 where
// the processor has none.
// Nothing is inlined, for the sake of the compiler's time in unrolled tiles.
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/cpu/kernels.h"
#include "engine/cpu_fixture.h"

#define QUORUM_CALL __attribute__((noinline))

namespace quorum::cpu {
namespace {

typedef float Lanes __attribute__((vector_size(64)));
typedef std::int32_t Integers __attribute__((vector_size(64)));

struct Vec {
  static constexpr int kWidth = 16;
  static constexpr int kRegisters = 32;
  Lanes v;

  QUORUM_CALL static Vec zero() { return {Lanes{}}; }
  QUORUM_CALL static Vec all(float x) { return {Lanes{} + x}; }
  QUORUM_CALL static Vec load(const float* p) {
    Vec out;
    std::memcpy(&out.v, p, sizeof out.v);
    return out;
  }
  QUORUM_CALL static Vec load_bf16(const std::uint16_t* p) {
    float lanes[kWidth];
    for (int i = 0; i < kWidth; ++i) lanes[i] = std::bit_cast<float>(std::uint32_t{p[i]} << 16);
    return load(lanes);
  }
  QUORUM_CALL static Vec load_first(const float* p, int count) {
    float lanes[kWidth] = {};
    for (int i = 0; i < count; ++i) lanes[i] = p[i];
    return load(lanes);
  }
  QUORUM_CALL void store(float* p) const { std::memcpy(p, &v, sizeof v); }
  QUORUM_CALL void store_first(float* p, int count) const {
    for (int i = 0; i < count; ++i) p[i] = v[i];
  }
};

QUORUM_CALL Vec operator+(const Vec& a, const Vec& b) { return {a.v + b.v}; }
QUORUM_CALL Vec operator-(const Vec& a, const Vec& b) { return {a.v - b.v}; }
QUORUM_CALL Vec operator*(const Vec& a, const Vec& b) { return {a.v * b.v}; }
QUORUM_CALL Vec operator/(const Vec& a, const Vec& b) { return {a.v / b.v}; }
QUORUM_CALL Vec fma(const Vec& a, const Vec& b, const Vec& c) {
  Vec out;
  for (int i = 0; i < Vec::kWidth; ++i) out.v[i] = std::fma(a.v[i], b.v[i], c.v[i]);
  return out;
}
QUORUM_CALL Vec fnma(const Vec& a, const Vec& b, const Vec& c) { return fma({-a.v}, b, c); }
QUORUM_CALL Vec max(const Vec& a, const Vec& b) { return {a.v > b.v ? a.v : b.v}; }
QUORUM_CALL Vec min(const Vec& a, const Vec& b) { return {a.v < b.v ? a.v : b.v}; }
QUORUM_CALL Vec negative_abs(const Vec& a) { return {a.v < 0.0f ? a.v : -a.v}; }
QUORUM_CALL Vec where_less(const Vec& a, const Vec& b, const Vec& x, const Vec& y) {
  return {a.v < b.v ? x.v : y.v};
}
QUORUM_CALL Vec exp2_of_shifted(const Vec& shifted) {
  const Integers bits = ((Integers)shifted.v + 127) << 23;
  return {(Lanes)bits};
}
inline void keep(Vec&) {}
QUORUM_CALL bool any_not_finite(const Vec& a) {
  bool any = false;
  for (int i = 0; i < Vec::kWidth; ++i) any |= !std::isfinite(a.v[i]);
  return any;
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
