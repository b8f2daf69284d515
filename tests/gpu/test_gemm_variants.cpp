// Every variant of the product kernel in as few and small launches as reach it: few enough for
// compute-sanitizer.
#include <algorithm>
#include <span>

#include "engine/cuda/kernels/gemm_hopper.h"
#include "engine/cuda/kernels/gemm_schedule.h"
#include "engine/cuda/kernels/gemm_token_tiles.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;
// A tile of tokens each: of wide products and pairs, and of split ones.
constexpr int kRows[] = {16, 32, 64, 128, 192, 256};
constexpr int kSplitRows[] = {8,   16,  32,  48,  64,  80,  96,  112, 128,
                              144, 160, 176, 192, 208, 224, 240, 256};

double dot(const Bf16* a, const Bf16* b, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i)
    sum += double(__bfloat162float(a[i])) * double(__bfloat162float(b[i]));
  return sum;
}

constexpr int kEvery[] = {kMultiprocessors};

// `widths`: rows of X, the most of them last, more than 100. `free`: multiprocessors for a product.
void check_variants(int n, int k, std::span<const int> widths = kRows,
                    std::span<const int> free = kEvery) {
  CAPTURE(n, k);
  const int most = widths.back();
  const auto w = random_bf16(std::size_t(n) * k, 1, 0.1);
  const auto x = random_bf16(std::size_t(most) * k, 2);
  const DeviceBuffer<Bf16> device_w(w), device_x(x, std::size_t{kReadRows} * k);
  const DeviceBuffer<Bf16> packed(hopper_packed_bytes(n, k, WeightForm::kPlain) / sizeof(Bf16));
  DeviceBuffer<float> y(std::size_t(most + 1) * n);  // a row more than any product writes
  hopper_pack(device_w.get(), n, k, WeightForm::kPlain, packed.get(), nullptr);
  check(cudaDeviceSynchronize());
  const auto product = [&](int rows, int multiprocessors = kMultiprocessors) {
    y.poison();
    HopperProduct call{packed.get(),   n,    k,       WeightForm::kPlain,
                       device_x.get(), rows, y.get(), OutType::kFp32};
    call.multiprocessors = multiprocessors;
    hopper_multiply(call, nullptr);
    return y.download();
  };
  const std::vector<float> all = product(most);
  for (const int column : {0, n / 2, n - 1}) {
    for (const int row : {0, 100, most - 1}) {
      CAPTURE(column, row);
      CHECK(all[std::size_t(row) * n + column] ==
            Approx(dot(&x[std::size_t(row) * k], &w[std::size_t(column) * k], k))
                .margin(2e-5 * k)
                .epsilon(0));
    }
  }
  for (const int rows : widths) {
    for (const int multiprocessors : free) {
      CAPTURE(rows, multiprocessors);
      const std::vector<float> some = product(rows, multiprocessors);
      const std::size_t written = std::size_t(rows) * n;
      CHECK(same_bytes(some.data(), all.data(), written));
      CHECK(is_poison(&some[written], some.size() - written));
    }
  }
}

// Those whose K two blocks share from 257 rows on, in up to eight tiles of tokens. Of three
// stretches a block may sum all.
void check_halves(int n, int k, int splits) {
  constexpr int kManyRows[] = {8, 100, 256, 257, 330, 370, 420, 500, 512};
  const GemmSchedule schedule = schedule_gemm(n, k);
  REQUIRE(schedule.splits == splits);
  REQUIRE(tiles_of_tokens(schedule, 256).sharing == Sharing::kStretches);
  REQUIRE(tiles_of_tokens(schedule, 257).sharing == Sharing::kHalves);
  REQUIRE((tiles_of_tokens(schedule, 420).sharing == Sharing::kAll) == (splits == 3));
  check_variants(n, k, kManyRows);
}

}  // namespace

TEST_CASE("products with split tiles have the same bits for every width", "[brief]") {
  if (!has_hopper()) return;
  REQUIRE(schedule_gemm(200, 4096).splits > 2);
  check_variants(200, 4096);
  // With so few tiles all tokens run at once, 64 and fewer in each up to 128 rows and 128 and fewer
  // above; with many, up to 256 do.
  const GemmSchedule many = schedule_gemm(4608, 512);
  REQUIRE(many.splits > 2);
  REQUIRE(2 * many.tiles > clusters_at_once(many.splits));
  check_variants(4608, 512, kSplitRows);
}

TEST_CASE("products whose K two blocks share have the bits of those of larger clusters",
          "[brief]") {
  if (!has_hopper()) return;
  check_halves(1536, 896, 2);
  check_halves(2048, 896, 2);  // four tiles of tokens, of 112 among them
  check_halves(2048, 1536, 3);
  check_halves(1536, 1536, 4);
}

TEST_CASE("products whose K two blocks share have the bits of those of the largest clusters") {
  if (!has_hopper()) return;
  check_halves(1024, 1920, 5);
  check_halves(128, 2304, 6);
  check_halves(128, 3136, 7);
  check_halves(1536, 5632, 8);
}

TEST_CASE("products over one block of K are summed by one block for every width", "[brief]") {
  if (!has_hopper()) return;
  REQUIRE(schedule_gemm(200, 64).splits == 1);
  check_variants(200, 64);
}

TEST_CASE("products of pairs of blocks have the same bits for every width", "[brief]") {
  if (!has_hopper()) return;
  constexpr int kN = 4808;  // the last tile is cut, and has no neighbour
  REQUIRE(schedule_gemm(kN, 192).pairs);
  REQUIRE(schedule_gemm(kN, 192).splits == 2);
  check_variants(kN, 192);
}

TEST_CASE("products of whole pairs of tiles have the same bits for every width") {
  if (!has_hopper()) return;
  REQUIRE(schedule_gemm(5120, 192).pairs);
  check_variants(5120, 192);
}

TEST_CASE("wide products have the same bits for every width", "[brief]") {
  if (!has_hopper()) return;
  const int rows_of_tiles[] = {80, 96, 112, 128, 144};
  int i = 0;
  for (const int n : {10560, 12660, 14720, 16800, 18960}) {
    REQUIRE(schedule_gemm(n, 128).tile_rows == rows_of_tiles[i++]);
    check_variants(n, 128);
  }
}

TEST_CASE("wide products leave out what has no row of X in the last tile of tokens", "[brief]") {
  if (!has_hopper()) return;
  constexpr int kFewRows[] = {100, 288, 448};
  REQUIRE(schedule_gemm(10560, 128).wide);
  check_variants(10560, 128, kFewRows);
}

TEST_CASE("products whose stages are used again have the same bits for every width", "[brief]") {
  if (!has_hopper()) return;
  constexpr int kFewRows[] = {8, 128, 256};
  REQUIRE(schedule_gemm(200, 12288).splits > 2);
  check_variants(200, 12288, kFewRows);
  REQUIRE(schedule_gemm(4808, 2560).pairs);
  check_variants(4808, 2560, kFewRows);
  // Of two blocks that share X, one has no last tile.
  REQUIRE(schedule_gemm(9601, 1280).wide);
  REQUIRE(schedule_gemm(9601, 1280).tiles % 2 == 1);
  check_variants(9601, 1280, kFewRows);
}

TEST_CASE("products that have a part of the multiprocessors have the bits of those that have all") {
  if (!has_hopper()) return;
  constexpr int kParts[] = {34, 66, 80}, kManyRows[] = {1, 40, 88, 100, 128, 176, 256, 400, 512};
  // Wide, split and in pairs.
  for (const auto& [n, k] : {std::pair(18960, 128),
                             {12660, 192},
                             {2048, 1536},
                             {1536, 1536},
                             {1536, 5632},
                             {4608, 512},
                             {5120, 192}})
    check_variants(n, k, kManyRows, kParts);
}
