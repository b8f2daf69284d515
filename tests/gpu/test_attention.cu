// Paged attention against the textbook's in double, and the independence of a row from its batch.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "gpu/attention_batch.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing::attention;
using quorum::testing::has_gpu;

namespace {

const std::vector<Shape> kShapes{{28, 4, 128}, {12, 2, 128}, {40, 8, 128}, {32, 8, 128},
                                 {16, 2, 128}, {4, 2, 64},   {14, 2, 64},  {3, 3, 128}};

void check_textbook(const Shape& shape, int queries, const std::vector<int>& lengths) {
  INFO(shape.heads << "/" << shape.kv_heads << " heads of " << shape.head_dim << ", " << queries
                   << " queries");
  const Batch batch(shape, queries, lengths, static_cast<std::uint64_t>(40 + queries),
                    queries > 4 ? 3 : 0);
  const std::vector<std::uint16_t> out = batch.run();
  const auto width = static_cast<std::size_t>(shape.heads * shape.head_dim);
  double worst = 0;
  bool padding_left_alone = true;
  for (int row = 0; row < batch.rows(); ++row) {
    const std::uint16_t* const got = out.data() + static_cast<std::size_t>(row) * width;
    if (batch.table[static_cast<std::size_t>(row)] < 0) {
      for (std::size_t i = 0; i < width; ++i) padding_left_alone &= got[i] == 0xFFFF;
      continue;
    }
    // All heads where it is cheap, the ends of the groups elsewhere.
    const int step = batch.position[static_cast<std::size_t>(row)] > 300
                         ? std::max(1, shape.heads / shape.kv_heads - 1)
                         : 1;
    for (int head = 0; head < shape.heads; head += step) {
      const std::vector<double> expected = batch.expected(row, head);
      double error = 0, norm = 0;
      for (int d = 0; d < shape.head_dim; ++d) {
        const double value = value_of(got[head * shape.head_dim + d]);
        error += std::pow(value - expected[static_cast<std::size_t>(d)], 2);
        norm += std::pow(expected[static_cast<std::size_t>(d)], 2);
      }
      const double relative = std::sqrt(error / norm);
      worst = relative <= worst ? worst : relative;  // NaN counts
    }
  }
  CHECK(worst < 8e-3);
  CHECK(padding_left_alone);
}

}  // namespace

TEST_CASE("Attention over pages is the textbook's for every group and number of queries", "[gpu]") {
  if (!has_gpu()) return;
  for (const Shape& shape : kShapes)
    for (const int queries : {1, 2, 5, 8}) check_textbook(shape, queries, kLengths);
}

TEST_CASE("Every kernel of attention is the textbook's for a few lengths", "[gpu][brief]") {
  if (!has_gpu()) return;
  for (const int head_dim : {64, 128})  // 7, 14 and 28 columns
    for (const int queries : {1, 2, 4})
      check_textbook({7, 1, head_dim}, queries, {1, 64, 65, 3, 2100, 7, 130});
}

TEST_CASE("A row's attention has the same bits alone, in a batch, and among other queries",
          "[gpu]") {
  if (!has_gpu()) return;
  for (const Shape& shape : kShapes) {
    const Batch all(shape, 8, kLengths, 91);
    const std::vector<std::uint16_t> whole = all.run();
    const auto width = static_cast<std::size_t>(shape.heads * shape.head_dim);
    for (const int fewer : {1, 3}) {
      for (const std::vector<int>& some : std::vector<std::vector<int>>{
               {9}, {10, 1, 4}, {12, 3}, {8, 7, 6, 5, 4, 3, 2, 1, 0, 12, 11, 10, 9}}) {
        const Batch part = all.only(some, fewer);
        const std::vector<std::uint16_t> out = part.run();
        for (std::size_t i = 0; i < some.size(); ++i) {
          const int real = std::min(8, kLengths[static_cast<std::size_t>(some[i])]);
          for (int j = 0; j < std::min(real, fewer); ++j) {
            INFO("sequence " << some[i] << ", query " << j << " of " << fewer);
            const auto row = static_cast<std::size_t>(some[i] * 8 + std::max(0, real - fewer) + j);
            const auto part_row = i * static_cast<std::size_t>(fewer) + static_cast<std::size_t>(j);
            REQUIRE(std::memcmp(whole.data() + row * width, out.data() + part_row * width,
                                2 * width) == 0);
          }
        }
      }
    }
  }
}
