// The kernels for AVX2 with FMA. No standard library function is called from here: an inline one,
// compiled for this instruction set and kept by the linker, would run on machines that lack it.
#include <immintrin.h>

#include "engine/cpu/kernels.h"

namespace quorum::cpu {
namespace {

struct Vec {
  static constexpr int kWidth = 8;
  static constexpr int kRegisters = 16;
  __m256 v;

  static Vec zero() { return {_mm256_setzero_ps()}; }
  static Vec all(float x) { return {_mm256_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm256_loadu_ps(p)}; }
  static Vec load_bf16(const std::uint16_t* p) {
    const __m256i wide =
        _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    return {_mm256_castsi256_ps(_mm256_slli_epi32(wide, 16))};
  }
  // The first `count` lanes, 0 to kWidth; zero beyond.
  static Vec load_first(const float* p, int count) { return {_mm256_maskload_ps(p, mask(count))}; }
  void store(float* p) const { _mm256_storeu_ps(p, v); }
  void store_first(float* p, int count) const { _mm256_maskstore_ps(p, mask(count), v); }

  static __m256i mask(int count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
};

inline Vec operator+(Vec a, Vec b) { return {_mm256_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm256_div_ps(a.v, b.v)}; }
// a·b + c and c - a·b, each with one rounding.
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec fnma(Vec a, Vec b, Vec c) { return {_mm256_fnmadd_ps(a.v, b.v, c.v)}; }
// The second operand where either is NaN.
inline Vec max(Vec a, Vec b) { return {_mm256_max_ps(a.v, b.v)}; }
inline Vec min(Vec a, Vec b) { return {_mm256_min_ps(a.v, b.v)}; }
inline Vec negative_abs(Vec a) { return {_mm256_or_ps(a.v, _mm256_set1_ps(-0.0f))}; }
// x where a < b, y elsewhere and where either is NaN.
inline Vec where_less(Vec a, Vec b, Vec x, Vec y) {
  return {_mm256_blendv_ps(y.v, x.v, _mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ))};
}
// 2^n from shifted = 1.5·2^23 + n, for n in [-126, 127].
inline Vec exp2_of_shifted(Vec shifted) {
  const __m256i biased = _mm256_add_epi32(_mm256_castps_si256(shifted.v), _mm256_set1_epi32(127));
  return {_mm256_castsi256_ps(_mm256_slli_epi32(biased, 23))};
}
// Makes the compiler believe that `a` is read and changed here.
inline void keep(Vec& a) { __asm__ volatile("" : "+x"(a.v)); }
inline bool any_not_finite(Vec a) {
  const __m256i exponent = _mm256_set1_epi32(0x7F800000);
  const __m256i bits = _mm256_and_si256(_mm256_castps_si256(a.v), exponent);
  return _mm256_movemask_epi8(_mm256_cmpeq_epi32(bits, exponent)) != 0;
}

}  // namespace
}  // namespace quorum::cpu

#define QUORUM_KERNELS kAvx2Kernels
#define QUORUM_KERNELS_NAME "AVX2"
#include "engine/cpu/kernels_impl.h"
