// Operations on single rows; included by kernels_impl.h.
namespace quorum::cpu {
namespace {

constexpr int kLaneVecs =
    16 / Vec::kWidth;  // registers that hold the 16 fixed lanes of a reduction

// The 16 lanes added as a fixed tree: j and j + 8, then + 4, + 2, + 1.
inline float add_lanes(const Vec (&lanes)[kLaneVecs]) {
  alignas(64) float x[16];
  for (int j = 0; j < kLaneVecs; ++j) lanes[j].store(x + j * Vec::kWidth);
  for (int width = 8; width > 0; width /= 2) {
    for (int j = 0; j < width; ++j) x[j] = x[j] + x[j + width];
  }
  return x[0];
}

// exp for x <= 88, NaN for NaN. Cody-Waite reduction x = n·ln 2 + r and the Taylor polynomial of
// degree 7 in FMA Horner form (|r| <= 0.3466: remainder 5e-9, below half a unit in the last place).
inline Vec exp(Vec x) {
  const Vec low = Vec::all(-87.33f);
  const Vec bounded = max(low, x);
  const Vec round = Vec::all(12582912.0f);  // 1.5 · 2^23
  const Vec shifted = fma(bounded, Vec::all(1.44269502f), round);
  const Vec n = shifted - round;
  Vec r = fnma(n, Vec::all(0.693359375f), bounded);
  r = fnma(n, Vec::all(-2.12194440e-4f), r);
  Vec p = Vec::all(1.0f / 5040.0f);
  p = fma(p, r, Vec::all(1.0f / 720.0f));
  p = fma(p, r, Vec::all(1.0f / 120.0f));
  p = fma(p, r, Vec::all(1.0f / 24.0f));
  p = fma(p, r, Vec::all(1.0f / 6.0f));
  p = fma(p, r, Vec::all(0.5f));
  p = fma(p, r, Vec::all(1.0f));
  p = fma(p, r, Vec::all(1.0f));
  return where_less(x, low, Vec::zero(), p * exp2_of_shifted(shifted));
}

void exp_array(const float* x, int n, float* out) {
  for (int i = 0; i < n; i += Vec::kWidth) {
    const int count = n - i < Vec::kWidth ? n - i : Vec::kWidth;
    exp(min(Vec::all(88.0f), Vec::load_first(x + i, count))).store_first(out + i, count);
  }
}

void rms_norm(const float* x, const float* weight, int n, float eps, float* out) {
  Vec lanes[kLaneVecs];
  for (int j = 0; j < kLaneVecs; ++j) lanes[j] = Vec::zero();
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    for (int j = 0; j < kLaneVecs; ++j) {
      const Vec v = Vec::load(x + i + j * Vec::kWidth);
      lanes[j] = fma(v, v, lanes[j]);
    }
  }
  for (int j = 0; j < kLaneVecs; ++j) {
    const int left = n - i - j * Vec::kWidth;
    if (left <= 0) break;
    const Vec v = Vec::load_first(x + i + j * Vec::kWidth, left < Vec::kWidth ? left : Vec::kWidth);
    lanes[j] = fma(v, v, lanes[j]);
  }
  const float mean = add_lanes(lanes) / static_cast<float>(n);
  const float inverse = 1.0f / __builtin_sqrtf(mean + eps);
  const Vec factor = Vec::all(inverse);
  for (i = 0; i + Vec::kWidth <= n; i += Vec::kWidth)
    (Vec::load(x + i) * factor * Vec::load(weight + i)).store(out + i);
  if (i < n)
    (Vec::load_first(x + i, n - i) * factor * Vec::load_first(weight + i, n - i))
        .store_first(out + i, n - i);
}

void rope(float* x, int heads, int half, const float* cos, const float* sin) {
  for (int i = 0; i < half; i += Vec::kWidth) {
    const int count = half - i < Vec::kWidth ? half - i : Vec::kWidth;
    const Vec c = Vec::load_first(cos + i, count), s = Vec::load_first(sin + i, count);
    for (int head = 0; head < heads; ++head) {
      float* const first = x + std::ptrdiff_t{2} * head * half + i;
      float* const second = first + half;
      const Vec x1 = Vec::load_first(first, count), x2 = Vec::load_first(second, count);
      (x1 * c - x2 * s).store_first(first, count);
      (x2 * c + x1 * s).store_first(second, count);
    }
  }
}

// x / (1 + exp(-x)), from exp(-|x|) so that nothing overflows.
inline Vec silu(Vec x) {
  const Vec one = Vec::all(1.0f);
  const Vec e = exp(negative_abs(x));
  return x * where_less(x, Vec::zero(), e, one) / (one + e);
}

void silu_mul(const float* gate, const float* up, std::ptrdiff_t ld, int rows, int columns,
              float* out, std::ptrdiff_t ldo) {
  for (int row = 0; row < rows; ++row) {
    int i = 0;
    for (; i + Vec::kWidth <= columns; i += Vec::kWidth)
      (silu(Vec::load(gate + row * ld + i)) * Vec::load(up + row * ld + i))
          .store(out + row * ldo + i);
    const int left = columns - i;
    if (left > 0) {
      (silu(Vec::load_first(gate + row * ld + i, left)) * Vec::load_first(up + row * ld + i, left))
          .store_first(out + row * ldo + i, left);
    }
  }
}

bool all_finite(const float* x, std::int64_t n) {
  bool bad = false;
  std::int64_t i = 0;
  for (; i + Vec::kWidth <= n; i += Vec::kWidth) bad |= any_not_finite(Vec::load(x + i));
  if (i < n) bad |= any_not_finite(Vec::load_first(x + i, static_cast<int>(n - i)));
  return !bad;
}

double spin_fma(std::int64_t iterations) {
  constexpr int kChains = 12;
  Vec acc[kChains];
#pragma GCC unroll 16
  for (int j = 0; j < kChains; ++j) acc[j] = Vec::all(static_cast<float>(j));
  const Vec a = Vec::all(0.999f), b = Vec::all(0.001f);
  for (std::int64_t i = 0; i < iterations; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < kChains; ++j) {
      acc[j] = fma(acc[j], a, b);
      keep(acc[j]);
    }
  }
  return static_cast<double>(iterations) * kChains * Vec::kWidth * 2.0;
}

}  // namespace
}  // namespace quorum::cpu
