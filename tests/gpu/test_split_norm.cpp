// RMSNorm around a product: what is written in front of it, by the embedding and by products that
// add to the residual stream, and the product that divides by the root of the mean square.
#include <algorithm>
#include <numeric>

#include "engine/cuda/kernels/embed.h"
#include "engine/cuda/kernels/gather_rows.h"
#include "engine/cuda/kernels/gemm_hopper.h"
#include "engine/cuda/kernels/gemm_token_tiles.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;
constexpr int kMostRows = 600;
const std::vector<int> kRows{600, 1,   7,   8,   9,   16,  31,  64,  65, 100,
                             128, 129, 192, 250, 256, 257, 321, 400, 512};
// With many tiles of W, every width of a tile of tokens above 32, and two tiles.
const std::vector<int> kEveryTile{44,  60,  75,  90,  105, 128, 140, 158,
                                  170, 190, 205, 220, 236, 256, 257, 420};
// Few enough for compute-sanitizer.
const std::vector<int> kFewRows{8, 64, 128, 256};
const std::vector<int> kRowsThatShare{400};           // a block has more of K than a stretch
const std::vector<int> kFewAndMostRows{8, 128, 512};  // the most: two tiles, one after the other
constexpr float kEps = 1e-6f;

std::size_t size(int count) { return static_cast<std::size_t>(count); }

DeviceBuffer<Bf16> packed(const std::vector<Bf16>& w, int n, int k, WeightForm form) {
  const DeviceBuffer<Bf16> device_w(w);
  DeviceBuffer<Bf16> to(hopper_packed_bytes(n, k, form) / sizeof(Bf16));
  hopper_pack(device_w.get(), n, k, form, to.get(), nullptr);
  check(cudaDeviceSynchronize());
  return to;
}

// X · W^T + bias, added to a residual stream.
struct Addition {
  int n, k, columns;  // of a part of the next norm
  std::vector<Bf16> w, x;
  std::vector<float> bias, weight, before;
  DeviceBuffer<Bf16> device_w, device_x, scaled;
  DeviceBuffer<float> device_bias, device_weight, residual, squares;

  struct Result {
    std::vector<float> residual, squares;
    std::vector<Bf16> scaled;
  };

  Addition(int outputs, int depth, bool has_bias, std::uint64_t seed)
      : n(outputs),
        k(depth),
        columns(schedule_gemm(n, k).tile_rows),
        w(random_bf16(size(n) * size(k), seed, 0.1)),
        x(random_bf16(size(kMostRows) * size(k), seed + 1)),
        bias(has_bias ? random_floats(size(n), seed + 2) : std::vector<float>{}),
        weight(random_floats(size(n), seed + 3, 0.5, 1)),
        before(random_floats(size(kMostRows) * size(n), seed + 4, 3)),
        device_w(packed(w, n, k, WeightForm::kPlain)),
        device_x(x, size(kReadRows) * size(k)),
        scaled(size(kMostRows + 1) * size(n)),
        device_bias(bias),
        device_weight(weight),
        residual(size(kMostRows + 1) * size(n)),
        squares(size(norm_parts(n, columns)) * size(kMostRows + 1)) {}

  Result add(int first, int rows) {
    std::vector<float> start(before.begin() + first * n, before.begin() + (first + rows) * n);
    start.resize(residual.size());
    poison(start.data() + rows * n, start.size() - size(rows) * size(n));
    residual.upload(start);
    scaled.poison();
    squares.poison();
    HopperProduct product{device_w.get(),
                          n,
                          k,
                          WeightForm::kPlain,
                          device_x.get() + size(first) * size(k),
                          rows,
                          nullptr,
                          OutType::kBf16};
    product.add = {residual.get(),
                   bias.empty() ? nullptr : device_bias.get(),
                   {device_weight.get(), scaled.get(), squares.get(), kMostRows + 1, columns}};
    hopper_multiply(product, nullptr);
    return {residual.download(), squares.download(), scaled.download()};
  }
};

void check_addition(int n, int k, bool has_bias, std::uint64_t seed,
                    const std::vector<int>& batches) {
  Addition a(n, k, has_bias, seed);
  CAPTURE(a.n, a.k, a.bias.size());
  const Addition::Result all = a.add(0, kMostRows);
  int wrong = 0, wrong_scaled = 0, wrong_squares = 0;
  for (int row = 0; row < kMostRows; row += 23) {
    for (int column = 0; column < a.n; column += 5) {
      double sum = 0, magnitude = 0;
      for (int i = 0; i < a.k; ++i) {
        const double term = double(__bfloat162float(a.x[size(row * a.k + i)])) *
                            double(__bfloat162float(a.w[size(column * a.k + i)]));
        sum += term;
        magnitude += std::abs(term);
      }
      const std::size_t at = size(row * a.n + column);
      const double bias = a.bias.empty() ? 0 : a.bias[size(column)];
      const double expected = double(a.before[at]) + sum + bias;
      const double slack = std::ldexp(magnitude + std::abs(expected) + std::abs(bias), -20);
      wrong += !(std::abs(all.residual[at] - expected) <= slack);
      const double scaled = double(all.residual[at]) * double(a.weight[size(column)]);
      wrong_scaled += !rounds_to(scaled, all.scaled[at], std::ldexp(std::abs(scaled), -23));
    }
    for (int part = 0; part < norm_parts(a.n, a.columns); ++part) {
      double expected = 0;
      for (int c = a.columns * part; c < std::min(a.n, a.columns * (part + 1)); ++c)
        expected += std::pow(double(all.residual[size(row * a.n + c)]), 2);
      const double got = all.squares[size(part * (kMostRows + 1) + row)];
      wrong_squares += !(std::abs(got - expected) <= 1e-5 * expected);
    }
  }
  CHECK(wrong == 0);
  CHECK(wrong_scaled == 0);
  CHECK(wrong_squares == 0);
  for (const int rows : batches) {
    CAPTURE(rows);
    const int first = (kMostRows - rows) / 2;
    const Addition::Result part = a.add(first, rows);
    const std::size_t written = size(rows) * size(a.n), from = size(first) * size(a.n);
    CHECK(same_bytes(part.residual.data(), all.residual.data() + from, written));
    CHECK(same_bytes(part.scaled.data(), all.scaled.data() + from, written));
    CHECK(is_poison(&part.residual[written], part.residual.size() - written));
    CHECK(is_poison(&part.scaled[written], part.scaled.size() - written));
    int other = 0;
    for (int p = 0; p < norm_parts(a.n, a.columns); ++p) {
      const std::size_t at = size(p) * size(kMostRows + 1);
      other += !same_bytes(&part.squares[at], &all.squares[at + size(first)], size(rows));
      other += !is_poison(&part.squares[at + size(rows)], size(kMostRows + 1 - rows));
    }
    CHECK(other == 0);
  }
}

void check_division(int n, int hidden, WeightForm form, std::uint64_t seed,
                    const std::vector<int>& batches) {
  CAPTURE(n, hidden, int(form));
  const int most = *std::max_element(batches.begin(), batches.end());
  const int parts = norm_parts(hidden), columns = form == WeightForm::kPlain ? n : n / 2;
  const auto w = random_bf16(size(n) * size(hidden), seed, 0.02);
  const auto x = random_bf16(size(most) * size(hidden), seed + 1, 2);
  auto squares = random_floats(size(parts) * size(most), seed + 2, 100);
  for (float& each : squares) each = std::abs(each);
  const DeviceBuffer<Bf16> device_w = packed(w, n, hidden, form),
                           device_x(x, size(kReadRows) * size(hidden));
  const DeviceBuffer<float> device_squares(squares);
  DeviceBuffer<Bf16> y(size(most + 1) * size(columns));
  const auto product = [&](int first, int rows) {
    y.poison();
    HopperProduct p{
        device_w.get(), n,       hidden,        form, device_x.get() + size(first * hidden),
        rows,           y.get(), OutType::kBf16};
    p.norm = {device_squares.get() + first, most, hidden, kEps};
    hopper_multiply(p, nullptr);
    return y.download();
  };
  const auto dot = [&](int row, int of_w, double& magnitude) {
    double sum = 0;
    for (int i = 0; i < hidden; ++i) {
      const double term = double(__bfloat162float(x[size(row * hidden + i)])) *
                          double(__bfloat162float(w[size(of_w) * size(hidden) + size(i)]));
      sum += term, magnitude += std::abs(term);
    }
    return sum;
  };
  const std::vector<Bf16> all = product(0, most);
  int wrong = 0;
  for (int row = 0; row < most; row += 37) {
    double mean = 0;
    for (int part = 0; part < parts; ++part)
      mean += double(squares[size(part * most + row)]) / hidden;
    const double factor = 1 / std::sqrt(mean + double{kEps});
    for (int column = 0; column < columns; column += 97) {
      double magnitude = 0, expected = factor * dot(row, column, magnitude);
      if (form == WeightForm::kGateUp) {
        const double up = factor * dot(row, column + n / 2, magnitude);
        magnitude *= std::abs(expected) + std::abs(up) + 1;
        expected = expected / (1 + std::exp(-expected)) * up;
      }
      wrong += !rounds_to(expected, all[size(row) * size(columns) + size(column)],
                          std::ldexp(factor * magnitude, -19));
    }
  }
  CHECK(wrong == 0);
  for (const int rows : batches) {
    CAPTURE(rows);
    const int first = (most - rows) / 2;
    const std::vector<Bf16> part = product(first, rows);
    const std::size_t written = size(rows) * size(columns);
    CHECK(same_bytes(part.data(), &all[size(first) * size(columns)], written));
    CHECK(is_poison(&part[written], part.size() - written));
  }
}

// That lines are dropped, but not those beside them, and nothing of the product with them.
void check_spent(int n, int k, int rows) {
  CAPTURE(n, k, rows);
  constexpr int kLines = 1000;
  const auto w = random_bf16(size(n * k), 1), x = random_bf16(size(rows * k), 2);
  const DeviceBuffer<Bf16> device_w = packed(w, n, k, WeightForm::kPlain),
                           device_x(x, size(kReadRows * k));
  DeviceBuffer<Bf16> y(size(rows * n));
  const std::vector<Bf16> guard = random_bf16(64, 3);
  std::vector<Bf16> lines(kLines * 64);
  std::copy(guard.begin(), guard.end(), lines.begin());
  std::copy(guard.begin(), guard.end(), lines.end() - 64);
  DeviceBuffer<Bf16> spent(lines);
  HopperProduct product{device_w.get(), n,    k,       WeightForm::kPlain,
                        device_x.get(), rows, y.get(), OutType::kBf16};
  hopper_multiply(product, nullptr);
  const std::vector<Bf16> expected = y.download();
  y.poison();
  product.spent = spent.get() + 64;
  product.spent_bytes = (kLines - 2) * 128;
  hopper_multiply(product, nullptr);
  CHECK(same_bytes(y.download(), expected));
  const std::vector<Bf16> left = spent.download();
  CHECK(same_bytes(left.data(), guard.data(), 64));
  CHECK(same_bytes(&left[(kLines - 1) * 64], guard.data(), 64));
}

}  // namespace

TEST_CASE("a product is added to the residual stream and starts the next norm") {
  if (!has_hopper()) return;
  std::uint64_t seed = 100;
  for (const auto& [n, k] :
       {std::pair(768, 1536), {1032, 128}, {200, 576}, {2048, 3584}, {5120, 448}, {4808, 192}}) {
    for (const bool bias : {false, true}) check_addition(n, k, bias, seed += 10, kRows);
  }
  const GemmSchedule many = schedule_gemm(4608, 512);
  REQUIRE(2 * many.tiles > clusters_at_once(many.splits));
  check_addition(4608, 512, true, seed += 10, kEveryTile);
}

TEST_CASE("a product divides its rows by the root of their mean square") {
  if (!has_hopper()) return;
  std::uint64_t seed = 900;
  for (const int n : {768, 4880, 9600}) {  // clusters, pairs, wide
    for (const int hidden : {320, 5120}) {
      for (const WeightForm form : {WeightForm::kPlain, WeightForm::kGateUp})
        check_division(n, hidden, form, seed += 10, kRows);
    }
  }
}

TEST_CASE("every kernel of products adds to the residual stream and divides by a norm", "[brief]") {
  if (!has_hopper()) return;
  check_addition(200, 576, true, 2000, kFewRows);
  check_addition(4808, 192, true, 2010, kFewRows);  // pairs
  check_division(208, 320, WeightForm::kPlain, 2020, kFewRows);
  check_division(208, 320, WeightForm::kGateUp, 2030, kFewRows);
  check_division(4880, 192, WeightForm::kPlain, 2040, kFewRows);
  check_division(9600, 128, WeightForm::kPlain, 2050, kFewAndMostRows);
  check_division(9600, 128, WeightForm::kGateUp, 2060, kFewAndMostRows);
  check_addition(4608, 512, true, 2070, {256});  // four column groups are finished together
  for (const auto& [n, sharing] : {std::pair(1536, Sharing::kHalves), {2048, Sharing::kAll}}) {
    REQUIRE(tiles_of_tokens(schedule_gemm(n, 1536), 400).sharing == sharing);
    check_addition(n, 1536, true, 2080, kRowsThatShare);
    check_division(n, 1536, WeightForm::kPlain, 2090, kRowsThatShare);
    check_division(n, 1536, WeightForm::kGateUp, 2100, kRowsThatShare);
  }
}

TEST_CASE("the embedding starts the first norm, and rows can be gathered for the last", "[brief]") {
  if (!has_gpu()) return;
  constexpr int kVocab = 50, kCount = 37;
  for (const auto& [hidden, columns] :
       {std::pair(8, 128), {200, 128}, {1536, 128}, {5120, 80}, {4808, 80}, {8184, 128}}) {
    CAPTURE(hidden, columns);
    const int parts = norm_parts(hidden, columns);
    const auto table = random_bf16(size(kVocab) * size(hidden), 7);
    const auto weight = random_floats(size(hidden), 8, 0.5, 1);
    std::vector<std::int32_t> token, sequence;
    for (int row = 0; row < kCount; ++row) {
      token.push_back(row * 7 % kVocab);
      sequence.push_back(row % 5 == 3 ? -1 : 0);
    }
    const DeviceBuffer<Bf16> device_table(table), scaled(size(kCount + 1) * size(hidden));
    const DeviceBuffer<float> device_weight(weight), x(size(kCount) * size(hidden)),
        squares(size(parts) * size(kCount + 1));
    const DeviceBuffer<std::int32_t> tokens(token), tables(sequence);
    const Rows rows{kCount, tokens.get(), nullptr, tables.get(), nullptr};
    const NormStart start{device_weight.get(), scaled.get(), squares.get(), kCount + 1, columns};
    embed(device_table.get(), hidden, rows, x.get(), start, nullptr);
    const std::vector<Bf16> got = scaled.download();
    const std::vector<float> sums = squares.download(), stream = x.download();
    int wrong = 0;
    for (int row = 0; row < kCount; ++row) {
      std::vector<double> expected(size(parts));
      for (int i = 0; i < hidden; ++i) {
        const std::size_t at = size(row) * size(hidden) + size(i);
        const float value =
            sequence[size(row)] < 0
                ? 0
                : __bfloat162float(table[size(token[size(row)]) * size(hidden) + size(i)]);
        wrong += stream[at] != value;
        const double product = double(value) * double(weight[size(i)]);
        wrong += !rounds_to(product, got[at], std::ldexp(std::abs(product), -23));
        expected[size(i / columns)] += double(value) * double(value);
      }
      for (int part = 0; part < parts; ++part) {
        const double seen = sums[size(part * (kCount + 1) + row)];
        wrong += !(std::abs(seen - expected[size(part)]) <= 1e-5 * expected[size(part)]);
      }
    }
    CHECK(wrong == 0);
    CHECK(is_poison(&got[size(kCount) * size(hidden)], size(hidden)));

    const std::vector<std::int32_t> wanted{36, 0, -1, 3, 36};
    const DeviceBuffer<std::int32_t> gather(wanted);
    constexpr int kTaken = 5;
    const DeviceBuffer<Bf16> taken(size(kTaken + 1) * size(hidden));
    const DeviceBuffer<float> taken_squares(size(parts) * size(kTaken + 1));
    gather_rows(start, gather.get(), kTaken, hidden,
                {nullptr, taken.get(), taken_squares.get(), kTaken + 1, columns}, nullptr);
    const std::vector<Bf16> some = taken.download();
    const std::vector<float> some_squares = taken_squares.download();
    for (int i = 0; i < kTaken; ++i) {
      const int row = wanted[size(i)];
      const std::size_t to = size(i) * size(hidden);
      const std::vector<Bf16> zeros(size(hidden), __float2bfloat16_rn(0));
      CHECK(same_bytes(&some[to], row < 0 ? zeros.data() : &got[size(row) * size(hidden)],
                       size(hidden)));
      for (int part = 0; part < parts; ++part)
        CHECK(some_squares[size(part * (kTaken + 1) + i)] ==
              (row < 0 ? 0.0f : sums[size(part * (kCount + 1) + row)]));
    }
    CHECK(is_poison(&some[size(kTaken) * size(hidden)], size(hidden)));
  }
}

TEST_CASE("a product that drops spent lines leaves its result and the lines beside them alone",
          "[brief]") {
  if (!has_hopper()) return;
  check_spent(256, 512, 16);
  for (const auto& [n, sharing] : {std::pair(1536, Sharing::kHalves), {2048, Sharing::kAll}}) {
    REQUIRE(tiles_of_tokens(schedule_gemm(n, 1536), 400).sharing == sharing);
    check_spent(n, 1536, 400);
  }
}
