// The kernels for AVX-512 (F, BW, VL, DQ). As in kernels_avx2.cpp, no standard library function is
// called from here. g++ 12 warns about its own _mm512_undefined_ps (GCC bug 105593).
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#include "engine/cpu/kernels.h"

namespace quorum::cpu {
namespace {

struct Vec {
  static constexpr int kWidth = 16;
  static constexpr int kRegisters = 32;
  __m512 v;

  static Vec zero() { return {_mm512_setzero_ps()}; }
  static Vec all(float x) { return {_mm512_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static Vec load_bf16(const std::uint16_t* p) {
    const __m512i wide =
        _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(wide, 16))};
  }
  // The first `count` lanes, 0 to kWidth; zero beyond.
  static Vec load_first(const float* p, int count) {
    return {_mm512_maskz_loadu_ps(mask(count), p)};
  }
  void store(float* p) const { _mm512_storeu_ps(p, v); }
  void store_first(float* p, int count) const { _mm512_mask_storeu_ps(p, mask(count), v); }

  static __mmask16 mask(int count) { return static_cast<__mmask16>((1u << count) - 1u); }
};

inline Vec operator+(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
// a·b + c and c - a·b, each with one rounding.
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec fnma(Vec a, Vec b, Vec c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }
// The second operand where either is NaN.
inline Vec max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
inline Vec min(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
inline Vec negative_abs(Vec a) { return {_mm512_or_ps(a.v, _mm512_set1_ps(-0.0f))}; }
// x where a < b, y elsewhere and where either is NaN.
inline Vec where_less(Vec a, Vec b, Vec x, Vec y) {
  return {_mm512_mask_blend_ps(_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ), y.v, x.v)};
}
// 2^n from shifted = 1.5·2^23 + n, for n in [-126, 127].
inline Vec exp2_of_shifted(Vec shifted) {
  const __m512i biased = _mm512_add_epi32(_mm512_castps_si512(shifted.v), _mm512_set1_epi32(127));
  return {_mm512_castsi512_ps(_mm512_slli_epi32(biased, 23))};
}
// Makes the compiler believe that `a` is read and changed here.
inline void keep(Vec& a) { __asm__ volatile("" : "+x"(a.v)); }
inline bool any_not_finite(Vec a) {
  const __m512i exponent = _mm512_set1_epi32(0x7F800000);
  const __m512i bits = _mm512_and_si512(_mm512_castps_si512(a.v), exponent);
  return _mm512_cmpeq_epi32_mask(bits, exponent) != 0;
}

}  // namespace
}  // namespace quorum::cpu

#define QUORUM_KERNELS kAvx512Kernels
#define QUORUM_KERNELS_NAME "AVX-512"
#include "engine/cpu/kernels_impl.h"
