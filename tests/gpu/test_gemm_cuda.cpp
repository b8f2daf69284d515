// Products of the linear layers against sums in double, and the independence of their rows.
#include <algorithm>
#include <set>

#include "engine/cuda/kernels/gemm_hopper.h"
#include "engine/cuda/kernels/gemm_schedule.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;
constexpr int kMostRows = 513;
constexpr int kRows[] = {513, 1,  2,  7,   8,   9,   16,  17,  33,  63, 64,
                         65,  96, 97, 128, 129, 200, 255, 257, 385, 512};

struct Kind {
  int n, k;
  WeightForm form = WeightForm::kPlain;
  OutType out = OutType::kBf16;
};

// X, W and what products of them give.
struct Case : Kind {
  std::vector<Bf16> w, x;
  DeviceBuffer<Bf16> device_w, device_x, packed;
  DeviceBuffer<unsigned char> y;  // a row more than any product writes

  Case(const Kind& kind, std::uint64_t seed)
      : Kind(kind),
        w(random_bf16(size(n) * size(k), seed, 0.1)),
        x(random_bf16(kMostRows * size(k), seed + 2, 1, 0.1)),
        device_w(w),
        device_x(x, kReadRows * size(k)),
        packed(hopper_packed_bytes(n, k, form) / sizeof(Bf16)),
        y((kMostRows + 1) * row_bytes()) {
    hopper_pack(device_w.get(), n, k, form, packed.get(), nullptr);
    check(cudaDeviceSynchronize());
  }

  static std::size_t size(int count) { return static_cast<std::size_t>(count); }
  int columns() const { return form == WeightForm::kGateUp ? n / 2 : n; }
  std::size_t row_bytes() const {
    return std::size_t(columns()) * (out == OutType::kFp32 ? sizeof(float) : sizeof(Bf16));
  }
  // Rows `first` … of X; all of y.
  std::vector<unsigned char> product(int first, int rows) {
    y.poison();
    hopper_multiply(
        {packed.get(), n, k, form, device_x.get() + std::size_t(first) * k, rows, y.get(), out},
        nullptr);
    return y.download();
  }
  double sum(int row, int of_w, double& magnitude) const {
    double total = 0;
    for (int i = 0; i < k; ++i) {
      const double term = double(__bfloat162float(x[std::size_t(row) * k + i])) *
                          double(__bfloat162float(w[std::size_t(of_w) * k + i]));
      total += term;
      magnitude += std::abs(term);
    }
    return total;
  }
  bool right(const std::vector<unsigned char>& got, int row, int column) const {
    double magnitude = 0, expected = sum(row, column, magnitude);
    if (form == WeightForm::kGateUp) {
      const double up = sum(row, column + n / 2, magnitude);
      magnitude *= std::abs(expected) + std::abs(up) + 1;
      expected = expected / (1 + std::exp(-expected)) * up;
    }
    // Sums of the tensor cores are truncated at each step along K.
    const double slack = std::ldexp(magnitude, -20) + 1e-30;
    const unsigned char* at = &got[row * row_bytes()];
    if (out == OutType::kFp32) {
      float value;
      std::memcpy(&value, at + std::size_t(column) * sizeof value, sizeof value);
      return std::abs(value - expected) <= slack;
    }
    Bf16 value;
    std::memcpy(&value, at + std::size_t(column) * sizeof value, sizeof value);
    return rounds_to(expected, value, slack);
  }
};

// Columns at the edges of tiles and some between.
std::set<int> some_columns(int columns) {
  std::set<int> some;
  for (int edge = 0; edge <= columns + 128; edge += 128) {
    for (int at : {edge - 1, edge, edge + 1, edge + 77}) {
      if (at >= 0 && at < columns) some.insert(at);
    }
  }
  some.insert(columns - 1);
  return some;
}

void check_case(Case& c) {
  CAPTURE(c.n, c.k, int(c.form), int(c.out));
  const std::vector<unsigned char> all = c.product(0, kMostRows);
  int wrong = 0;
  for (const int column : some_columns(c.columns())) {
    for (int row = 0; row < kMostRows; row += row < 16 || row > 500 ? 1 : 13) {
      wrong += !c.right(all, row, column);
    }
  }
  CHECK(wrong == 0);
  for (const int rows : kRows) {
    CAPTURE(rows);
    const std::vector<unsigned char> part = c.product(0, rows);
    CHECK(same_bytes(part.data(), all.data(), rows * c.row_bytes()));
    CHECK(is_poison(&part[rows * c.row_bytes()], part.size() - rows * c.row_bytes()));
    const int first = (kMostRows - rows) / 2;
    const std::vector<unsigned char> moved = c.product(first, rows);
    CHECK(same_bytes(moved.data(), &all[first * c.row_bytes()], rows * c.row_bytes()));
  }
}

}  // namespace

TEST_CASE("a product is right and each row has the same bits in any batch") {
  if (!has_hopper()) return;
  std::uint64_t seed = 100;
  for (const int n : {8, 64, 120, 200, 768, 4608}) {
    for (const int k : {64, 256, 1536}) {
      Case c({n, k, WeightForm::kPlain, OutType::kBf16}, seed += 10);
      check_case(c);
    }
  }
}

TEST_CASE("a product in fp32 is right, also with an odd number of columns") {
  if (!has_hopper()) return;
  for (const int n : {1, 201, 768}) {
    Case c({n, 320, WeightForm::kPlain, OutType::kFp32}, 400 + n);
    check_case(c);
  }
  Case odd({33, 192, WeightForm::kPlain, OutType::kBf16}, 500);
  check_case(odd);
}

TEST_CASE("gate and up are joined in fp32") {
  if (!has_hopper()) return;
  for (const int n : {16, 512, 1040, 3584}) {
    Case c({n, 256, WeightForm::kGateUp, OutType::kBf16}, 600 + n);
    check_case(c);
  }
}

TEST_CASE("wide products are right, whatever is left of the last tile") {
  if (!has_hopper()) return;
  std::uint64_t seed = 700;
  for (const int n : {9600, 11008, 16384, 17920, 27648, 37888}) {
    REQUIRE(schedule_gemm(n, 128).wide);
    Case c({n, 128, WeightForm::kGateUp}, seed += 10);
    check_case(c);
  }
  for (const int n : {9601, 12802, 24580}) {
    Case c({n, 192, WeightForm::kPlain, n % 4 == 0 ? OutType::kBf16 : OutType::kFp32}, seed += 10);
    check_case(c);
  }
  Case odd({9603, 64}, seed);
  check_case(odd);
}

TEST_CASE("products of pairs of blocks are right, with an odd number of blocks too") {
  if (!has_hopper()) return;
  for (const auto& [n, k] : {std::pair(5120, 5120), {4808, 192}, {5280, 320}, {4880, 128}}) {
    REQUIRE(schedule_gemm(n, k).pairs);
    Case c({n, k, WeightForm::kPlain, n % 16 == 0 ? OutType::kBf16 : OutType::kFp32}, 750 + n);
    check_case(c);
  }
}

TEST_CASE("products with a measured number of splits are right, in three and in five") {
  if (!has_hopper()) return;
  for (const auto& [n, k, splits] : {std::array{4096, 4096, 3}, std::array{2560, 9728, 5}}) {
    REQUIRE(schedule_gemm(n, k).splits == splits);
    Case c({n, k, WeightForm::kPlain, OutType::kBf16}, 750 + splits);
    check_case(c);
  }
}

TEST_CASE("what is no number stays in its row") {
  if (!has_hopper()) return;
  for (const int n : {768, 5120, 12000}) {
    CAPTURE(n);
    Case c({n, 256, WeightForm::kPlain, OutType::kBf16}, 800);
    for (const int rows : {10, 200}) {  // few rows of X are followed by what was there before
      CAPTURE(rows);
      const int bad[] = {5, rows - 1};
      c.device_x.upload(c.x);
      const std::vector<unsigned char> clean = c.product(0, rows);
      std::vector<Bf16> x = c.x;
      for (int i = 0; i < c.k; ++i) {
        x[std::size_t(bad[0]) * c.k + i] = __float2bfloat16_rn(i % 2 == 0 ? INFINITY : 3e38f);
        x[std::size_t(bad[1]) * c.k + i] = __float2bfloat16_rn(NAN);
      }
      c.device_x.upload(x);
      const std::vector<unsigned char> dirty = c.product(0, rows);
      int changed = 0;
      for (int row = 0; row < rows; ++row) {
        if (row == bad[0] || row == bad[1]) continue;
        const std::size_t at = row * c.row_bytes();
        changed += !same_bytes(&dirty[at], &clean[at], c.row_bytes());
      }
      CHECK(changed == 0);
      Bf16 value;
      std::memcpy(&value, &dirty[bad[1] * c.row_bytes()], sizeof value);
      CHECK(std::isnan(__bfloat162float(value)));
    }
  }
}

namespace {

// Three products in a ring, many times round.
void check_chain(const int (&widths)[4], int rows) {
  CAPTURE(widths[1], widths[2], rows);
  constexpr int kSteps = 3, kRounds = 20;
  std::vector<Case> steps;
  steps.reserve(kSteps);
  for (int i = 0; i < kSteps; ++i) {
    steps.emplace_back(Kind{widths[i + 1], widths[i]}, 900 + i);
  }
  std::vector<DeviceBuffer<Bf16>> values;
  for (const int width : widths)
    values.emplace_back(std::size_t(rows) * width, std::size_t{kReadRows} * width);
  const std::vector<Bf16> start(steps[0].x.begin(), steps[0].x.begin() + rows * widths[0]);
  const auto run = [&](cudaStream_t stream, bool alone) {
    for (int round = 0; round < kRounds; ++round) {
      for (int i = 0; i < kSteps; ++i) {
        // The last one's results are the next round's input: same width.
        Bf16* const from = (i == 0 && round % 2 == 1) ? values[kSteps].get() : values[i].get();
        Bf16* const to =
            (i + 1 == kSteps && round % 2 == 1) ? values[0].get() : values[i + 1].get();
        hopper_multiply({steps[i].packed.get(), steps[i].n, steps[i].k, WeightForm::kPlain, from,
                         rows, to, OutType::kBf16},
                        stream);
        if (alone) check(cudaStreamSynchronize(stream));
      }
    }
  };
  cudaStream_t stream;
  check(cudaStreamCreate(&stream));
  values[0].upload(start);
  run(stream, true);
  const std::vector<Bf16> expected = values[0].download();
  cudaGraph_t graph;
  cudaGraphExec_t executable;
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
  run(stream, false);
  check(cudaStreamEndCapture(stream, &graph));
  check(cudaGraphInstantiate(&executable, graph, 0));
  for (int i = 0; i < 10; ++i) {
    values[0].upload(start);
    check(cudaGraphLaunch(executable, stream));
    CHECK(same_bytes(values[0].download(), expected));
  }
  check(cudaGraphExecDestroy(executable));
  check(cudaGraphDestroy(graph));
  check(cudaStreamDestroy(stream));
}

}  // namespace

TEST_CASE("products that feed one another in a graph give the bits of products run alone") {
  if (!has_hopper()) return;
  for (const int rows : {10, 70, 200, 400}) {
    check_chain({768, 512, 1536, 768}, rows);
    check_chain({1536, 2048, 1536, 1536}, rows);  // 400: in halves of K, or all
    check_chain({768, 9600, 512, 768}, rows);     // a wide one between two that are split
    check_chain({768, 9600, 10560, 768}, rows);
    check_chain({5120, 9600, 768, 5120}, rows);
  }
}

TEST_CASE("stretches of K are in order and leave nothing out") {
  for (const int n : {8, 120, 768, 3584, 4608, 5120, 17920, 37888, 128256, 151936}) {
    for (const int k : {64, 128, 256, 1536, 3584, 18944}) {
      const GemmSchedule s = schedule_gemm(n, k);
      CAPTURE(n, k, s.splits);
      CHECK(s.blocks == k / 64);
      CHECK(s.tiles * s.tile_rows >= n);
      CHECK((s.tiles - 1) * s.tile_rows < n);
      CHECK((s.splits == 1 || !s.wide));
      CHECK(s.begin(0) == 0);
      CHECK(s.begin(s.splits) == s.blocks);
      for (int i = 0; i < s.splits; ++i) CHECK(s.begin(i) < s.begin(i + 1));
    }
  }
}
