// The arithmetic of the CPU backend behind one table of functions, filled once per instruction set.
// All tables give the same bits: vectors run over outputs, keys or positions, every output has one
// accumulator, and the remaining reductions go over 16 fixed lanes, whatever the width of a
// register.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quorum::cpu {

inline constexpr int kPageTokens = 16;  // positions a KV page
inline constexpr int kGemmDepth = 320;  // inputs that are expanded at a time
inline constexpr int kGemmRows = 192;   // rows that share an expanded panel
inline constexpr int kMaxPanel = 32;    // the widest panel of all tables
inline constexpr int kGemmScratch = (kGemmDepth + kGemmRows) * kMaxPanel;  // floats

// out = a · Wᵀ + bias for some panels of W (packed_matrix.h). One accumulator per output, inputs
// ascending, FMA; bias and, with `add`, the old value of `out` come last.
struct GemmCall {
  const float* a = nullptr;  // (rows, depth)
  std::ptrdiff_t lda = 0;
  int rows = 0;
  int depth = 0;
  const void* panels = nullptr;  // all panels of W: bf16 or float
  bool bf16 = false;
  int outputs = 0;  // of W
  int panel_begin = 0, panel_end = 0;
  const float* bias = nullptr;  // (outputs), or none
  float* out = nullptr;         // (rows, outputs): only the columns of these panels are touched
  std::ptrdiff_t ldo = 0;
  bool add = false;
  float* scratch = nullptr;  // kGemmScratch, aligned to 64 bytes
};

// Attention of one position for the query heads that share a KV head. A page holds K as (head_dim,
// kPageTokens), then V as (kPageTokens, padded_head_dim). Scores: head_dim ascending; sum of
// exponentials: 16 strided lanes, then a tree; outputs: positions ascending.
struct AttentionCall {
  const float* q = nullptr;  // (heads, head_dim)
  int heads = 0;
  int head_dim = 0;
  int padded_head_dim = 0;  // head_dim rounded up to 16
  int positions = 0;        // keys [0, positions) are seen
  const std::int32_t* pages = nullptr;
  const float* kv = nullptr;         // page 0 at this layer and KV head
  std::ptrdiff_t page_stride = 0;    // floats from page to page
  const float* next_keys = nullptr;  // K that the next call will begin with: a hint, or null
  float scale = 0;
  float* out = nullptr;     // (heads, head_dim)
  float* scores = nullptr;  // scratch: heads · (positions rounded up to 16)
};

struct Kernels {
  const char* name;  // "AVX2"
  int panel;         // outputs a panel of packed weights
  void (*gemm)(const GemmCall& call);
  void (*attention)(const AttentionCall& call);
  // out = x / sqrt(mean(x²) + eps) · weight over n values; `out` may be `x`.
  void (*rms_norm)(const float* x, const float* weight, int n, float eps, float* out);
  // Rotates `heads` vectors of 2 · half values: (x1, x2) becomes (x1·cos - x2·sin, x2·cos +
  // x1·sin).
  void (*rope)(float* x, int heads, int half, const float* cos, const float* sin);
  // out = silu(gate) · up over (rows, columns).
  void (*silu_mul)(const float* gate, const float* up, std::ptrdiff_t ld, int rows, int columns,
                   float* out, std::ptrdiff_t ldo);
  // out = exp(x): the exponential of attention and silu, for tests. 0 below -87.33, x above 88
  // counts as 88.
  void (*exp)(const float* x, int n, float* out);
  bool (*all_finite)(const float* x, std::int64_t n);
  // Runs independent FMAs in registers; returns how many floating-point operations that were.
  double (*spin_fma)(std::int64_t iterations);
};

extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;

}  // namespace quorum::cpu
