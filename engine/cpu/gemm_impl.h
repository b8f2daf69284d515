// Matrix products over packed panels; included by kernels_impl.h. The tile of R rows and P panels
// keeps its accumulators in registers. Few rows read bf16 panels directly, several panels at a time
// to hide the latency of FMA; many rows first expand a block of a panel to float, which then stays
// in the first-level cache.
namespace quorum::cpu {
namespace {

constexpr int kPanelVecs = 2;
constexpr int kPanel = kPanelVecs * Vec::kWidth;
constexpr int kTileRows = Vec::kRegisters == 32 ? 12 : 6;
constexpr int kDirectRows = kTileRows;

template <bool kBf16>
inline Vec load_weights(const void* panel, std::ptrdiff_t index) {
  if constexpr (kBf16) {
    return Vec::load_bf16(static_cast<const std::uint16_t*>(panel) + index);
  } else {
    return Vec::load(static_cast<const float*>(panel) + index);
  }
}

template <bool kBf16>
inline const void* panel_at(const void* panels, std::ptrdiff_t index) {
  return static_cast<const char*>(panels) + index * (kBf16 ? 2 : 4);
}

// Adds a(R, depth) · panel(s) to acc, inputs ascending. Panels lie `stride` elements apart.
template <int R, int P, bool kBf16>
inline void accumulate(const float* a, std::ptrdiff_t lda, int depth, const void* panels,
                       std::ptrdiff_t stride, Vec (&acc)[R][P * kPanelVecs]) {
  for (int k = 0; k < depth; ++k) {
    Vec w[P * kPanelVecs];
#pragma GCC unroll 8
    for (int j = 0; j < P * kPanelVecs; ++j) {
      w[j] = load_weights<kBf16>(panels, (j / kPanelVecs) * stride + std::ptrdiff_t{k} * kPanel +
                                             (j % kPanelVecs) * Vec::kWidth);
    }
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Vec x = Vec::all(a[r * lda + k]);
#pragma GCC unroll 8
      for (int j = 0; j < P * kPanelVecs; ++j) acc[r][j] = fma(x, w[j], acc[r][j]);
    }
  }
}

// Writes one row of one vector of outputs: `count` of its lanes exist.
inline void finish(Vec sum, const float* bias, bool add, int count, float* out) {
  if (count >= Vec::kWidth) {
    if (bias != nullptr) sum = sum + Vec::load(bias);
    if (add) sum = Vec::load(out) + sum;
    sum.store(out);
  } else if (count > 0) {
    if (bias != nullptr) sum = sum + Vec::load_first(bias, count);
    if (add) sum = Vec::load_first(out, count) + sum;
    sum.store_first(out, count);
  }
}

template <int R, int P>
inline void finish_tile(const GemmCall& call, int row, int panel,
                        const Vec (&acc)[R][P * kPanelVecs]) {
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (int j = 0; j < P * kPanelVecs; ++j) {
      const int column = panel * kPanel + j * Vec::kWidth;
      finish(acc[r][j], call.bias == nullptr ? nullptr : call.bias + column, call.add,
             call.outputs - column, call.out + (row + r) * call.ldo + column);
    }
  }
}

template <int R, int P, bool kBf16>
void direct_tile(const GemmCall& call, int panel) {
  Vec acc[R][P * kPanelVecs];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (int j = 0; j < P * kPanelVecs; ++j) acc[r][j] = Vec::zero();
  }
  const std::ptrdiff_t stride = std::ptrdiff_t{call.depth} * kPanel;
  accumulate<R, P, kBf16>(call.a, call.lda, call.depth,
                          panel_at<kBf16>(call.panels, panel * stride), stride, acc);
  finish_tile<R, P>(call, 0, panel, acc);
}

template <int R, bool kBf16>
void direct(const GemmCall& call) {
  constexpr int kTogether = R == 1 ? 4 : R <= 3 ? 2 : 1;
  int panel = call.panel_begin;
  for (; panel + kTogether <= call.panel_end; panel += kTogether)
    direct_tile<R, kTogether, kBf16>(call, panel);
  for (; panel < call.panel_end; ++panel) direct_tile<R, 1, kBf16>(call, panel);
}

template <int R, bool kBf16>
void direct_rows(const GemmCall& call) {
  if (call.rows == R) {
    direct<R, kBf16>(call);
  } else if constexpr (R > 1) {
    direct_rows<R - 1, kBf16>(call);
  }
}

// One tile of the blocked product: a panel's block of inputs [first, first + depth), already float.
// Sums of earlier blocks come from, and unfinished sums go to, `partial` (kGemmRows, kPanel).
template <int R>
void blocked_tile(const GemmCall& call, int row, int panel, const float* weights, int first,
                  int depth, float* partial) {
  Vec acc[R][kPanelVecs];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (int j = 0; j < kPanelVecs; ++j)
      acc[r][j] = first == 0 ? Vec::zero() : Vec::load(partial + r * kPanel + j * Vec::kWidth);
  }
  accumulate<R, 1, false>(call.a + row * call.lda + first, call.lda, depth, weights, 0, acc);
  if (first + depth == call.depth) {
    finish_tile<R, 1>(call, row, panel, acc);
  } else {
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 8
      for (int j = 0; j < kPanelVecs; ++j) acc[r][j].store(partial + r * kPanel + j * Vec::kWidth);
    }
  }
}

template <int R>
void blocked_rows(int rows, const GemmCall& call, int row, int panel, const float* weights,
                  int first, int depth, float* partial) {
  if (rows == R) {
    blocked_tile<R>(call, row, panel, weights, first, depth, partial);
  } else if constexpr (R > 1) {
    blocked_rows<R - 1>(rows, call, row, panel, weights, first, depth, partial);
  }
}

inline void expand_bf16(const std::uint16_t* from, int count, float* to) {
  for (int i = 0; i < count; i += Vec::kWidth) Vec::load_bf16(from + i).store(to + i);
}

// Rows [row, row + rows) of all panels of the call; rows <= kGemmRows. Tiles are of nearly equal
// height.
void blocked(const GemmCall& call, int row, int rows) {
  const int tiles = (rows + kTileRows - 1) / kTileRows;
  const int steps = (call.depth + kGemmDepth - 1) / kGemmDepth;
  const int step_depth = (call.depth + steps - 1) / steps;
  float* const expanded = call.scratch;
  float* const partial = call.scratch + kGemmDepth * kPanel;
  for (int panel = call.panel_begin; panel < call.panel_end; ++panel) {
    for (int first = 0; first < call.depth; first += step_depth) {
      const int depth = call.depth - first < step_depth ? call.depth - first : step_depth;
      const std::ptrdiff_t at = (std::ptrdiff_t{panel} * call.depth + first) * kPanel;
      const float* weights = expanded;
      if (call.bf16) {
        expand_bf16(static_cast<const std::uint16_t*>(call.panels) + at, depth * kPanel, expanded);
      } else {
        weights = static_cast<const float*>(call.panels) + at;
      }
      // What is expanded next lies behind: fetched little by little, while the tiles keep the
      // processor busy.
      const std::ptrdiff_t bytes = std::ptrdiff_t{depth} * kPanel * (call.bf16 ? 2 : 4);
      const char* ahead = static_cast<const char*>(call.panels) + at * (call.bf16 ? 2 : 4) + bytes;
      const std::ptrdiff_t ahead_per_tile = bytes / tiles;
      int done = 0;
      for (int tile = 0; tile < tiles; ++tile) {
        for (const char* const end = ahead + ahead_per_tile; ahead < end; ahead += 64)
          __builtin_prefetch(ahead);
        const int height = (rows - done) / (tiles - tile);
        blocked_rows<kTileRows>(height, call, row + done, panel, weights, first, depth,
                                partial + done * kPanel);
        done += height;
      }
    }
  }
}

void gemm(const GemmCall& call) {
  if (call.rows <= kDirectRows) {
    if (call.bf16) {
      direct_rows<kDirectRows, true>(call);
    } else {
      direct_rows<kDirectRows, false>(call);
    }
    return;
  }
  for (int row = 0; row < call.rows; row += kGemmRows)
    blocked(call, row, call.rows - row < kGemmRows ? call.rows - row : kGemmRows);
}

}  // namespace
}  // namespace quorum::cpu
