// The extremes of logits that the product which makes them leaves behind.
#include <algorithm>
#include <limits>
#include <span>

#include "engine/cuda/kernels/gemm_hopper.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;

// `columns` of the n count; the norm's squares differ from row to row.
void check_extremes(int n, int columns, const std::vector<int>& batches) {
  constexpr int k = 192;
  const int most = *std::max_element(batches.begin(), batches.end());
  CAPTURE(n, columns, most);
  const auto size = [](int count) { return static_cast<std::size_t>(count); };
  const GemmSchedule schedule = schedule_gemm(n, k);
  REQUIRE(schedule.wide);
  auto w = random_bf16(size(n) * size(k), 1, 0.1);
  auto x = random_bf16(size(most) * size(k), 2);
  // The columns that do not count would be the largest and the smallest.
  for (int column = columns; column < n; ++column)
    for (int i = 0; i < k; ++i)
      w[size(column * k + i)] = __float2bfloat16_rn((column % 2 == 0 ? 4.0f : -4.0f));
  const auto spoil = [&](int row, float value) {
    if (row < most) x[size(row * k + 5)] = __float2bfloat16_rn(value);
  };
  spoil(3, std::numeric_limits<float>::quiet_NaN());
  spoil(4, std::numeric_limits<float>::infinity());
  spoil(530, std::numeric_limits<float>::quiet_NaN());  // of the second launch
  // Columns that are no numbers among others that are.
  w[size(columns - 1) * size(k)] = w[size(700 * k)] =
      __float2bfloat16_rn(std::numeric_limits<float>::quiet_NaN());
  auto squares = random_floats(size(norm_parts(k)) * size(most), 3, 100);
  for (float& each : squares) each = std::abs(each);
  const DeviceBuffer<Bf16> device_w(w), device_x(x, size(kReadRows * k));
  DeviceBuffer<Bf16> packed(hopper_packed_bytes(n, k, WeightForm::kPlain) / sizeof(Bf16));
  hopper_pack(device_w.get(), n, k, WeightForm::kPlain, packed.get(), nullptr);
  const DeviceBuffer<float> device_squares(squares);
  DeviceBuffer<float> y(size(most) * size(n));
  DeviceBuffer<Extremes> parts(size(most + 1) * size(schedule.tiles));
  for (const int rows : batches) {
    CAPTURE(rows);
    parts.poison();
    HopperProduct product{packed.get(),   n,    k,       WeightForm::kPlain,
                          device_x.get(), rows, y.get(), OutType::kFp32};
    product.norm = {device_squares.get(), most, k, 1e-6f};
    product.extremes = {parts.get(), schedule.tiles, columns};
    hopper_multiply(product, nullptr);
    const std::vector<float> logits = y.download();
    const std::vector<Extremes> got = parts.download();
    int wrong = 0;
    for (int row = 0; row < rows; ++row) {
      for (int tile = 0; tile < schedule.tiles; ++tile) {
        const int begin = tile * schedule.tile_rows;
        const auto some = std::span(logits).subspan(
            size(row) * size(n) + size(begin), size(std::min(schedule.tile_rows, columns - begin)));
        const Extremes& of = got[size(row) * size(schedule.tiles) + size(tile)];
        const bool numbers =
            std::none_of(some.begin(), some.end(), [](float v) { return std::isnan(v); });
        wrong += numbers ? of.largest != *std::max_element(some.begin(), some.end()) ||
                               of.smallest != *std::min_element(some.begin(), some.end())
                         : !std::isnan(of.largest) || !std::isnan(of.smallest);
      }
    }
    CHECK(wrong == 0);
    const std::size_t written = size(rows) * size(schedule.tiles);
    CHECK(is_poison(&got[written], got.size() - written));
  }
}

}  // namespace

TEST_CASE("a product that makes logits tells the extremes of its rows by tiles") {
  if (!has_hopper()) return;
  const std::vector<int> batches{1,   8,   17,  40,  64,  100, 128, 150,
                                 192, 200, 256, 300, 400, 512, 600};
  for (const int tile_rows : kWideTileRows) {
    int n = kWideRows + 16;
    while (n % tile_rows != 0 || schedule_gemm(n, 192).tile_rows != tile_rows) n += 16;
    check_extremes(n, n, batches);
    check_extremes(n - 16, n - 29, batches);
  }
}

TEST_CASE("a product tells the extremes of few and of many rows", "[brief]") {
  if (!has_hopper()) return;
  check_extremes(9616, 9602, {8, 64, 256});
}
