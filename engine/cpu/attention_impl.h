// Attention of one position over paged keys and values; included by kernels_impl.h.
namespace quorum::cpu {
namespace {

constexpr int kPageVecs = kPageTokens / Vec::kWidth;
constexpr int kHeadTile = 6;  // query heads that share loads of K and V

// acc[h][j] += rows(h) · columns(j). Holds the fewer of the two in registers and loads each of the
// others once: left alone, the compiler reads columns from memory in every FMA, and loads become
// the limit.
template <int H, int J, class Rows, class Columns>
inline void outer_product(const Rows& rows, const Columns& columns, Vec (&acc)[H][J]) {
  if constexpr (H <= J) {
    Vec x[H];
#pragma GCC unroll 8
    for (int h = 0; h < H; ++h) x[h] = rows(h);
#pragma GCC unroll 16
    for (int j = 0; j < J; ++j) {
      Vec column = columns(j);
      if (H > 1) keep(column);
#pragma GCC unroll 8
      for (int h = 0; h < H; ++h) acc[h][j] = fma(x[h], column, acc[h][j]);
    }
  } else {
    Vec column[J];
#pragma GCC unroll 16
    for (int j = 0; j < J; ++j) column[j] = columns(j);
#pragma GCC unroll 8
    for (int h = 0; h < H; ++h) {
      const Vec x = rows(h);
#pragma GCC unroll 16
      for (int j = 0; j < J; ++j) acc[h][j] = fma(x, column[j], acc[h][j]);
    }
  }
}

// K of the page after the last one is V of the first: pages lie apart, so that the processor does
// not foresee them.
inline const float* page_start(const AttentionCall& call, int page, int pages) {
  if (page < pages) return call.kv + call.pages[page] * call.page_stride;
  const int first = page - pages < pages ? page - pages : 0;
  return call.kv + call.pages[first] * call.page_stride +
         std::ptrdiff_t{call.head_dim} * kPageTokens;
}

// Scores of H heads against P whole pages, `page` being the first. Lanes beyond the last position
// hold garbage.
template <int H, int P>
void score_pages(const AttentionCall& call, int head, int page, int padded) {
  Vec acc[H][P * kPageVecs];
  const float* keys[P];
  const float* next[P];  // what is read after these: the next pages of K, then the first of V
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) {
    keys[p] = call.kv + call.pages[page + p] * call.page_stride;
    next[p] = page_start(call, page + P + p, padded / kPageTokens);
  }
#pragma GCC unroll 8
  for (int h = 0; h < H; ++h) {
#pragma GCC unroll 16
    for (int j = 0; j < P * kPageVecs; ++j) acc[h][j] = Vec::zero();
  }
  const float* const q = call.q + std::ptrdiff_t{head} * call.head_dim;
  for (int d = 0; d < call.head_dim; ++d) {
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) __builtin_prefetch(next[p] + d * kPageTokens);
    outer_product<H, P * kPageVecs>(
        [&](int h) { return Vec::all(q[std::ptrdiff_t{h} * call.head_dim + d]); },
        [&](int j) {
          return Vec::load(keys[j / kPageVecs] + d * kPageTokens + (j % kPageVecs) * Vec::kWidth);
        },
        acc);
  }
  const Vec scale = Vec::all(call.scale);
#pragma GCC unroll 8
  for (int h = 0; h < H; ++h) {
    float* const out = call.scores + std::ptrdiff_t{head + h} * padded + page * kPageTokens;
#pragma GCC unroll 16
    for (int j = 0; j < P * kPageVecs; ++j) (acc[h][j] * scale).store(out + j * Vec::kWidth);
  }
}

template <int H>
void score_heads(const AttentionCall& call, int head, int padded) {
  constexpr int kTogether = (8 + H * kPageVecs - 1) / (H * kPageVecs);  // at least 8 chains of FMA
  const int pages = padded / kPageTokens;
  int page = 0;
  for (; page + kTogether <= pages; page += kTogether)
    score_pages<H, kTogether>(call, head, page, padded);
  for (; page < pages; ++page) score_pages<H, 1>(call, head, page, padded);
}

// Turns the scores of one head into exp(score - max), zero beyond the last position; returns their
// sum.
float exponentials(float* scores, int positions, int padded) {
  for (int i = positions; i < padded; ++i) scores[i] = -__builtin_inff();
  Vec top[kLaneVecs];
  for (int j = 0; j < kLaneVecs; ++j) top[j] = Vec::load(scores + j * Vec::kWidth);
  for (int i = 16; i < padded; i += 16) {
    for (int j = 0; j < kLaneVecs; ++j)
      top[j] = max(top[j], Vec::load(scores + i + j * Vec::kWidth));
  }
  alignas(64) float lanes[16];
  for (int j = 0; j < kLaneVecs; ++j) top[j].store(lanes + j * Vec::kWidth);
  float largest = lanes[0];
  for (int j = 1; j < 16; ++j) largest = lanes[j] > largest ? lanes[j] : largest;

  Vec sum[kLaneVecs];
  for (int j = 0; j < kLaneVecs; ++j) sum[j] = Vec::zero();
  const Vec shift = Vec::all(largest);
  for (int i = 0; i < padded; i += 16) {
    for (int j = 0; j < kLaneVecs; ++j) {
      float* const at = scores + i + j * Vec::kWidth;
      const Vec e = exp(Vec::load(at) - shift);
      e.store(at);
      sum[j] = sum[j] + e;
    }
  }
  return add_lanes(sum);
}

// Dimensions [vec · width, (vec + D) · width) of the outputs of H heads.
template <int H, int D>
void value_tile(const AttentionCall& call, int head, int padded, int vec, const float* sums) {
  Vec acc[H][D];
#pragma GCC unroll 8
  for (int h = 0; h < H; ++h) {
#pragma GCC unroll 8
    for (int d = 0; d < D; ++d) acc[h][d] = Vec::zero();
  }
  const float* const weights = call.scores + std::ptrdiff_t{head} * padded;
  const std::ptrdiff_t values_at = std::ptrdiff_t{call.head_dim} * kPageTokens + vec * Vec::kWidth;
  const float* const after =
      (call.next_keys != nullptr ? call.next_keys : call.q) + vec * Vec::kWidth;
  for (int begin = 0, page = 0; begin < call.positions; begin += kPageTokens, ++page) {
    const float* values = call.kv + call.pages[page] * call.page_stride + values_at;
    const int end = call.positions - begin < kPageTokens ? call.positions : begin + kPageTokens;
    const float* next = end < call.positions
                            ? call.kv + call.pages[page + 1] * call.page_stride + values_at
                            : after;
    for (int t = begin; t < end;
         ++t, values += call.padded_head_dim, next += call.padded_head_dim) {
#pragma GCC unroll 8
      for (int d = 0; d < D; d += kLaneVecs) __builtin_prefetch(next + d * Vec::kWidth);
      outer_product<H, D>([&](int h) { return Vec::all(weights[std::ptrdiff_t{h} * padded + t]); },
                          [&](int d) { return Vec::load(values + d * Vec::kWidth); }, acc);
    }
  }
  for (int h = 0; h < H; ++h) {
    const Vec sum = Vec::all(sums[h]);
    for (int d = 0; d < D; ++d) {
      const int first = (vec + d) * Vec::kWidth;
      const int count = call.head_dim - first;
      float* const out = call.out + std::ptrdiff_t{head + h} * call.head_dim + first;
      if (count > 0) (acc[h][d] / sum).store_first(out, count < Vec::kWidth ? count : Vec::kWidth);
    }
  }
}

template <int H, int D>
void value_tiles(const AttentionCall& call, int head, int padded, int vec, const float* sums) {
  const int vecs = call.padded_head_dim / Vec::kWidth;
  if constexpr (H * D <= Vec::kRegisters - 4) {
    for (; vec + D <= vecs; vec += D) value_tile<H, D>(call, head, padded, vec, sums);
  }
  if constexpr (D > 1) value_tiles<H, D / 2>(call, head, padded, vec, sums);
}

template <int H>
void attend_heads(int heads, const AttentionCall& call, int head, int padded) {
  if (heads == H) {
    score_heads<H>(call, head, padded);
    float sums[kHeadTile];
    for (int h = 0; h < H; ++h)
      sums[h] =
          exponentials(call.scores + std::ptrdiff_t{head + h} * padded, call.positions, padded);
    value_tiles<H, 8>(call, head, padded, 0, sums);
  } else if constexpr (H > 1) {
    attend_heads<H - 1>(heads, call, head, padded);
  }
}

void attention(const AttentionCall& call) {
  const int padded = (call.positions + kPageTokens - 1) / kPageTokens * kPageTokens;
  const int tiles = (call.heads + kHeadTile - 1) / kHeadTile;
  int head = 0;
  for (int tile = 0; tile < tiles; ++tile) {
    const int heads = (call.heads - head) / (tiles - tile);
    attend_heads<kHeadTile>(heads, call, head, padded);
    head += heads;
  }
}

}  // namespace
}  // namespace quorum::cpu
