// Bias, q and k norm, RoPE and the KV write against double, and where they write: as a kernel, and
// as what a product does with its sums.
#include <algorithm>
#include <map>
#include <numeric>

#include "engine/cuda/kernels/gemm_hopper.h"
#include "engine/cuda/kernels/gemm_token_tiles.h"
#include "engine/cuda/kernels/rope_kv.h"
#include "engine/decoder_spec.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;
constexpr int kPositions[] = {0, 1, 63, 64, 8191, 32767};
constexpr int kTableStride = 512;
constexpr float kEps = 1e-6f;

struct Shape {
  int heads, kv_heads, head_dim;
  bool bias, norm;
};

// A step: rows of sequences at kPositions, every fifth one padding, pages in random order.
struct Step {
  Shape shape;
  int count, pages = 0;
  std::vector<Bf16> qkv;
  std::vector<float> bias, q_norm, k_norm;
  std::vector<std::int32_t> position, table, page_tables;

  Step(Shape shape_of, int rows, std::uint64_t seed) : shape(shape_of), count(rows) {
    const int width = (shape.heads + 2 * shape.kv_heads) * shape.head_dim;
    qkv = random_bf16(static_cast<std::size_t>(rows) * width, seed, 2);
    if (shape.bias) bias = random_floats(width, seed + 1, 1.5);
    if (shape.norm) {
      q_norm = random_floats(shape.head_dim, seed + 2, 0.4, 2);
      k_norm = random_floats(shape.head_dim, seed + 3, 0.4, 1);
    }
    std::map<std::pair<int, int>, int> used;  // (table, page of the sequence) → its order
    for (int row = 0; row < rows; ++row) {
      const int sequence = row / 6, at = kPositions[row % 6];
      const bool padding = row % 5 == 3;
      table.push_back(padding ? -1 : sequence);
      position.push_back(padding ? -1 : at);
      if (!padding) used.emplace(std::pair(sequence, at / 64), 0);
    }
    pages = static_cast<int>(used.size()) + 2;
    std::vector<int> order(pages);
    std::iota(order.begin(), order.end(), 0);
    PhiloxStream random(seed + 4);
    for (int i = pages - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
    page_tables.assign(static_cast<std::size_t>((rows + 5) / 6) * kTableStride, -1);
    int next = 0;
    for (const auto& [key, unused] : used)
      page_tables[static_cast<std::size_t>(key.first) * kTableStride + key.second] = order[next++];
  }
};

struct Outcome {
  std::vector<Bf16> q;      // with one more row, of poison
  std::vector<Bf16> cache;  // two layers; the step writes into the second
};

const RopeTable& rope_table(int head_dim) {
  static std::map<int, RopeTable> tables;
  RopeTable& table = tables[head_dim];
  if (table.cos.empty()) table = make_rope_table(RopeSpec{}, head_dim, 32768);
  return table;
}

enum class By { kKernel, kProduct, kProductWithNorm };

// The product with the unit matrix, whose sums are X, times the factors of a norm if there is one.
void multiply_by_one(const Bf16* x, int width, int rows, const NormEnd& norm,
                     const RopeKvCall& call) {
  std::vector<Bf16> unit(std::size_t(width) * width, __float2bfloat16_rn(0));
  for (int i = 0; i < width; ++i) unit[std::size_t(i) * (width + 1)] = __float2bfloat16_rn(1);
  const DeviceBuffer<Bf16> w(unit);
  const std::size_t bytes = hopper_packed_bytes(width, width, WeightForm::kHeads);
  const DeviceBuffer<Bf16> packed(bytes / sizeof(Bf16));
  hopper_pack(w.get(), width, width, WeightForm::kHeads, packed.get(), nullptr);
  check(cudaDeviceSynchronize());
  HopperProduct product{packed.get(), width,   width,         WeightForm::kHeads, x,
                        rows,         nullptr, OutType::kBf16};
  product.norm = norm;
  product.heads = call;
  hopper_multiply(product, nullptr);
  check(cudaDeviceSynchronize());
}

// Runs the rows of `step` that `order` lists, in that order.
Outcome run(const Step& step, const std::vector<int>& order, By by) {
  const Shape& shape = step.shape;
  const std::size_t width = (shape.heads + 2 * shape.kv_heads) * shape.head_dim;
  std::vector<Bf16> qkv;
  std::vector<std::int32_t> position, table;
  for (const int row : order) {
    qkv.insert(qkv.end(), step.qkv.begin() + row * width, step.qkv.begin() + (row + 1) * width);
    position.push_back(step.position[row]);
    table.push_back(step.table[row]);
  }
  const RopeTable& rope = rope_table(shape.head_dim);
  const DeviceBuffer<Bf16> in(with_guard(qkv, width), kReadRows * width);
  const DeviceBuffer<float> bias(step.bias), q_norm(step.q_norm), k_norm(step.k_norm),
      cos(rope.cos), sin(rope.sin);
  const DeviceBuffer<std::int32_t> positions(position), tables(table),
      page_tables(step.page_tables);
  const KvLayout layout{step.pages, shape.kv_heads, shape.head_dim};
  const DeviceBuffer<Bf16> q((order.size() + 1) * shape.heads * shape.head_dim),
      cache(2 * layout.layer());
  const RopeKvCall call{.qkv = in.get(),
                        .bias = shape.bias ? bias.get() : nullptr,
                        .q_norm = shape.norm ? q_norm.get() : nullptr,
                        .k_norm = shape.norm ? k_norm.get() : nullptr,
                        .eps = kEps,
                        .cos = cos.get(),
                        .sin = sin.get(),
                        .q = q.get(),
                        .kv = cache.get() + layout.layer(),
                        .layout = layout,
                        .rows = {.count = static_cast<int>(order.size()),
                                 .token = nullptr,
                                 .position = positions.get(),
                                 .table = tables.get(),
                                 .page_tables = page_tables.get(),
                                 .table_stride = kTableStride},
                        .heads = shape.heads};
  if (by == By::kKernel) {
    rope_kv(call, nullptr);
  } else {
    // Of each row of the step, so that it goes with the row into any order.
    std::vector<float> squares;
    for (const int row : order) squares.push_back(width * (0.3f + 0.17f * static_cast<float>(row)));
    const DeviceBuffer<float> of_rows(squares);
    NormEnd norm{of_rows.get(), call.rows.count, 100, kEps};  // of 100 columns: one part
    if (by == By::kProduct) norm.squares = nullptr;
    multiply_by_one(in.get(), static_cast<int>(width), call.rows.count, norm, call);
  }
  CHECK(guard_stands(in, width));
  return {q.download(), cache.download()};
}

std::vector<int> all_rows(const Step& step) {
  std::vector<int> rows(step.count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

// The head of index `head` among q, k and v, as the cache or q should have it.
std::vector<double> reference(const Step& step, int row, int head) {
  const Shape& shape = step.shape;
  const int d = shape.head_dim, half = d / 2, all = shape.heads + 2 * shape.kv_heads;
  std::vector<double> x(d);
  for (int i = 0; i < d; ++i) {
    x[i] = __bfloat162float(step.qkv[(static_cast<std::size_t>(row) * all + head) * d + i]);
    if (shape.bias) x[i] += step.bias[head * d + i];
  }
  if (head >= shape.heads + shape.kv_heads) return x;
  if (shape.norm) {
    const std::vector<float>& weight = head < shape.heads ? step.q_norm : step.k_norm;
    double squares = 0;
    for (const double value : x) squares += value * value;
    for (int i = 0; i < d; ++i) x[i] *= weight[i] / std::sqrt(squares / d + double{kEps});
  }
  const RopeTable& rope = rope_table(d);
  for (int i = 0; i < half; ++i) {
    const std::size_t at = static_cast<std::size_t>(step.position[row]) * half + i;
    const double low = x[i], high = x[i + half], cos = rope.cos[at], sin = rope.sin[at];
    x[i] = low * cos - high * sin;
    x[i + half] = high * cos + low * sin;
  }
  return x;
}

bool matches(const std::vector<double>& expected, const auto& got_at) {
  double largest = 0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!rounds_to(expected[i], got_at(static_cast<int>(i)), 2e-6 * largest)) return false;
  return true;
}

// Checks all of q and takes what it found right out of the cache.
void check_row(const Step& step, int row, const Outcome& got, std::vector<Bf16>& rest) {
  const Shape& shape = step.shape;
  const int d = shape.head_dim;
  const std::size_t tile = 64u * d;
  const Bf16* const q = got.q.data() + static_cast<std::size_t>(row) * shape.heads * d;
  if (step.table[row] < 0) {
    CHECK(is_poison(q, static_cast<std::size_t>(shape.heads) * d));
    return;
  }
  int wrong = 0;
  for (int head = 0; head < shape.heads; ++head)
    wrong += !matches(reference(step, row, head), [&](int i) { return q[head * d + i]; });
  CHECK(wrong == 0);

  const int position = step.position[row], slot = position % 64;
  const int page =
      step.page_tables[static_cast<std::size_t>(step.table[row]) * kTableStride + position / 64];
  for (int head = 0; head < 2 * shape.kv_heads; ++head) {
    const bool value = head >= shape.kv_heads;
    const std::size_t base =
        step.pages * 2 * shape.kv_heads * tile +  // the first layer
        (page * 2 * shape.kv_heads + 2 * (head % shape.kv_heads) + value) * tile +
        static_cast<std::size_t>(slot) * d;
    const auto place = [&](int i) { return base + ((i / 8) ^ (slot % 8)) * 8 + i % 8; };
    wrong += !matches(reference(step, row, shape.heads + head),
                      [&](int i) { return got.cache[place(i)]; });
    for (int i = 0; i < d; ++i) poison(&rest[place(i)], 1);
  }
  CHECK(wrong == 0);
}

constexpr Shape kShapes[] = {{12, 2, 128, true, false}, {28, 4, 128, true, false},
                             {40, 8, 128, true, false}, {32, 8, 128, false, false},
                             {32, 8, 128, false, true}, {4, 2, 64, true, true},
                             {3, 1, 64, false, false},  {64, 64, 64, true, true}};

void check_places(By by, const Shape& shape, int rows, std::uint64_t seed) {
  INFO(rows << " rows, " << shape.heads << "/" << shape.kv_heads << " heads of " << shape.head_dim
            << (shape.bias ? ", bias" : "") << (shape.norm ? ", norm" : ""));
  const Step step(shape, rows, seed);
  const Outcome got = run(step, all_rows(step), by);
  std::vector<Bf16> rest = got.cache;
  for (int row = 0; row < rows; ++row) check_row(step, row, got, rest);
  const std::size_t q_row = static_cast<std::size_t>(shape.heads) * shape.head_dim;
  CHECK(is_poison(got.q.data() + rows * q_row, q_row));
  CHECK(is_poison(rest.data(), rest.size()));
}
void check_places(By by, std::uint64_t seed) {
  for (const Shape& shape : kShapes) {
    if (by == By::kProduct && shape.head_dim != 128) continue;
    for (const int rows : {1, 2, 3, 17, 64, 257}) {
      if (rows == 257 && shape.heads > 28) continue;
      check_places(by, shape, rows, seed += 10);
    }
  }
}

// That the rows of a step which `order` lists come out as in the whole step.
void check_part(const Step& step, const std::vector<int>& order, const Outcome& all, By by) {
  const std::size_t q_row = static_cast<std::size_t>(step.shape.heads) * step.shape.head_dim;
  const Outcome part = run(step, order, by);
  int other = 0, written = 0, real = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto row = static_cast<std::size_t>(order[i]);
    other += !same_bytes(part.q.data() + i * q_row, all.q.data() + row * q_row, q_row);
    real += step.table[row] >= 0;
  }
  constexpr std::size_t kChunk = 64;  // most are poison, and are passed over
  REQUIRE(part.cache.size() % kChunk == 0);
  for (std::size_t begin = 0; begin < part.cache.size(); begin += kChunk) {
    if (is_poison(&part.cache[begin], kChunk)) continue;
    for (std::size_t i = begin; i < begin + kChunk; ++i) {
      if (bits_of(part.cache[i]) == 0xFFFF) continue;
      ++written;
      other += bits_of(part.cache[i]) != bits_of(all.cache[i]);
    }
  }
  CHECK(other == 0);
  CHECK(written == real * 2 * step.shape.kv_heads * step.shape.head_dim);
}

void check_batches(By by, std::uint64_t seed) {
  constexpr int kMost = 404;
  for (const Shape& shape : kShapes) {
    if (by != By::kKernel && shape.head_dim != 128) continue;
    INFO(shape.heads << "/" << shape.kv_heads << " heads of " << shape.head_dim);
    const Step step(shape, kMost, seed += 10);
    std::vector<int> order = all_rows(step);
    const Outcome all = run(step, order, by);
    std::reverse(order.begin(), order.end());
    check_part(step, order, all, by);
    check_part(step, {31}, all, by);
    // Of products a tile of tokens of each width, where heads are many; the most by two blocks or
    // one, where few.
    const std::vector<int> counts =
        by == By::kKernel ? std::vector<int>{7, 96, 400}
                          : std::vector<int>{7,   16,  25,  44,  60,  75,  96,  105, 128, 140,
                                             158, 170, 190, 205, 220, 236, 256, 330, 400};
    for (const int count : counts) {
      INFO(count << " rows");
      check_part(step, {order.begin() + 2, order.begin() + 2 + count}, all, by);
    }
  }
}

}  // namespace

TEST_CASE("q, k and v get bias, norm and rotation and lie where attention looks for them") {
  if (has_gpu()) check_places(By::kKernel, 100);
}

TEST_CASE("q, k and v of a row have the same bits in every batch") {
  if (has_gpu()) check_batches(By::kKernel, 9000);
}

TEST_CASE("a product gives q, k and v bias, norm and rotation, and puts them into their places") {
  if (has_hopper()) check_places(By::kProduct, 20000);
}

TEST_CASE("q, k and v of a product have the same bits in every batch") {
  if (has_hopper()) check_batches(By::kProductWithNorm, 29000);
}

TEST_CASE("q, k and v of few heads find their places by the kernel and by products", "[brief]") {
  if (has_gpu()) check_places(By::kKernel, {4, 2, 64, true, true}, 17, 41000);
  if (!has_hopper()) return;
  for (const int rows : {8, 64, 128, 257}) {
    check_places(By::kProduct, {2, 1, 128, true, false}, rows, 41010);
    check_places(By::kProduct, {2, 1, 128, false, true}, rows, 41020);
  }
  // In halves of K, and by blocks that have all of it.
  const GemmSchedule schedule = schedule_gemm(2048, 2048, WeightForm::kHeads);
  REQUIRE(tiles_of_tokens(schedule, 300).sharing == Sharing::kHalves);
  REQUIRE(tiles_of_tokens(schedule, 400).sharing == Sharing::kAll);
  check_places(By::kProduct, {12, 2, 128, true, true}, 300, 41030);
  check_places(By::kProduct, {12, 2, 128, true, true}, 400, 41040);
}
