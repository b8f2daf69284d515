// Paged attention: the bits of a scalar loop in the documented order, whatever the page numbers.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "engine/cpu/kv_pool.h"
#include "engine/cpu_fixture.h"
#include "support/catch.h"

namespace quorum {
namespace {

using cpu::AttentionCall;
using cpu::Kernels;
using cpu::kPageTokens;
using cpu::KvPool;
using testing::random_floats;
using testing::runnable_kernels;

struct Problem {
  int heads, head_dim, positions;
  std::vector<float> q, k, v;

  Problem(int heads_, int head_dim_, int positions_)
      : heads(heads_), head_dim(head_dim_), positions(positions_) {
    const auto row = static_cast<std::size_t>(head_dim);
    q = random_floats(row * static_cast<std::size_t>(heads), 1, 2);
    k = random_floats(row * static_cast<std::size_t>(positions), 2, 2);
    v = random_floats(row * static_cast<std::size_t>(positions), 3);
  }
  float scale() const { return 1.0f / std::sqrt(static_cast<float>(head_dim)); }
};

// Layer 1 and KV head 1 of two, so that offsets matter; stale places hold NaN.
std::vector<float> run(const Kernels& kernels, const Problem& problem,
                       const std::vector<std::int32_t>& pages) {
  DecoderSpec spec;
  spec.layers = spec.kv_heads = 2;
  spec.head_dim = problem.head_dim;
  KvPool pool(spec, *std::max_element(pages.begin(), pages.end()) + 1);
  const std::vector<float> nan(static_cast<std::size_t>(problem.head_dim),
                               std::numeric_limits<float>::quiet_NaN());
  for (std::int32_t page = 0; page < pool.pages(); ++page) {
    for (int slot = 0; slot < kPageTokens; ++slot)
      pool.write(1, 1, page, slot, nan.data(), nan.data());
  }
  for (int position = 0; position < problem.positions; ++position) {
    pool.write(1, 1, pages[static_cast<std::size_t>(position / kPageTokens)], position,
               problem.k.data() + position * problem.head_dim,
               problem.v.data() + position * problem.head_dim);
  }
  const auto size = problem.q.size();
  std::vector<float> out(size + 1, -77.0f);
  std::vector<float> scores(static_cast<std::size_t>(problem.heads) *
                            (static_cast<std::size_t>(problem.positions) + kPageTokens));
  AttentionCall call;
  call.q = problem.q.data();
  call.heads = problem.heads;
  call.head_dim = problem.head_dim;
  call.padded_head_dim = pool.padded_head_dim();
  call.positions = problem.positions;
  call.pages = pages.data();
  call.kv = pool.at(1, 1);
  call.page_stride = pool.page_stride();
  call.scale = problem.scale();
  call.out = out.data();
  call.scores = scores.data();
  kernels.attention(call);
  CHECK(out[size] == -77.0f);
  out.pop_back();
  return out;
}

std::vector<std::int32_t> ascending_pages(int positions) {
  std::vector<std::int32_t> pages;
  for (int i = 0; i * kPageTokens < positions; ++i) pages.push_back(i);
  return pages;
}

// In the order of kernels.h, with the exponential of the kernels (test_gemm.cpp tests that one).
std::vector<float> ordered_reference(const Kernels& kernels, const Problem& problem) {
  std::vector<float> out;
  for (int head = 0; head < problem.heads; ++head) {
    std::vector<float> weights;
    for (int t = 0; t < problem.positions; ++t) {
      float sum = 0;
      for (int d = 0; d < problem.head_dim; ++d)
        sum = std::fma(problem.q[static_cast<std::size_t>(head * problem.head_dim + d)],
                       problem.k[static_cast<std::size_t>(t * problem.head_dim + d)], sum);
      weights.push_back(sum * problem.scale());
    }
    const float top = *std::max_element(weights.begin(), weights.end());
    for (float& weight : weights) weight -= top;
    kernels.exp(weights.data(), problem.positions, weights.data());
    float lanes[16] = {};
    for (std::size_t t = 0; t < weights.size(); ++t) lanes[t % 16] += weights[t];
    for (int width = 8; width > 0; width /= 2) {
      for (int j = 0; j < width; ++j) lanes[j] += lanes[j + width];
    }
    for (int d = 0; d < problem.head_dim; ++d) {
      float sum = 0;
      for (std::size_t t = 0; t < weights.size(); ++t)
        sum = std::fma(
            weights[t],
            problem.v[t * static_cast<std::size_t>(problem.head_dim) + static_cast<std::size_t>(d)],
            sum);
      out.push_back(sum / lanes[0]);
    }
  }
  return out;
}

double distance_to_double(const Problem& problem, const std::vector<float>& got) {
  double worst = 0;
  for (int head = 0; head < problem.heads; ++head) {
    std::vector<double> weights;
    double top = -1e300, total = 0;
    for (int t = 0; t < problem.positions; ++t) {
      double sum = 0;
      for (int d = 0; d < problem.head_dim; ++d)
        sum +=
            static_cast<double>(problem.q[static_cast<std::size_t>(head * problem.head_dim + d)]) *
            problem.k[static_cast<std::size_t>(t * problem.head_dim + d)];
      weights.push_back(sum / std::sqrt(problem.head_dim));
      top = std::max(top, weights.back());
    }
    for (double& weight : weights) total += weight = std::exp(weight - top);
    for (int d = 0; d < problem.head_dim; ++d) {
      double sum = 0;
      for (int t = 0; t < problem.positions; ++t)
        sum += weights[static_cast<std::size_t>(t)] *
               problem.v[static_cast<std::size_t>(t * problem.head_dim + d)];
      worst = std::max(worst, std::abs(sum / total -
                                       got[static_cast<std::size_t>(head * problem.head_dim + d)]));
    }
  }
  return worst;
}

TEST_CASE("Attention has the bits of a scalar loop for all groups and lengths", "[attention]") {
  for (const Kernels* kernels : runnable_kernels()) {
    for (const int head_dim : {2, 8, 20, 64, 128}) {
      for (int heads = 1; heads <= 8; ++heads) {
        for (const int positions : {1, 3, 16, 17, 99, 111}) {
          INFO(kernels->name << " head_dim " << head_dim << " heads " << heads << " positions "
                             << positions);
          const Problem problem(heads, head_dim, positions);
          const std::vector<float> got = run(*kernels, problem, ascending_pages(positions));
          const std::vector<float> expected = ordered_reference(*kernels, problem);
          CHECK(std::memcmp(got.data(), expected.data(), got.size() * sizeof(float)) == 0);
          CHECK(distance_to_double(problem, got) < 2e-6);
        }
      }
    }
  }
}

TEST_CASE("Attention over more heads than a tile and a long context agrees with double",
          "[attention]") {
  for (const Kernels* kernels : runnable_kernels()) {
    const Problem problem(13, 64, 3000);
    const std::vector<float> got = run(*kernels, problem, ascending_pages(3000));
    const std::vector<float> expected = ordered_reference(*kernels, problem);
    CHECK(std::memcmp(got.data(), expected.data(), got.size() * sizeof(float)) == 0);
    CHECK(distance_to_double(problem, got) < 5e-6);
  }
}

TEST_CASE("Page numbers do not change the bits of attention", "[attention]") {
  for (const Kernels* kernels : runnable_kernels()) {
    const Problem problem(3, 64, 100);
    const std::vector<float> expected = run(*kernels, problem, ascending_pages(100));
    CHECK(run(*kernels, problem, {9, 2, 7, 0, 30, 11, 4}) == expected);
    CHECK(run(*kernels, problem, {6, 5, 4, 3, 2, 1, 0}) == expected);
  }
}

TEST_CASE("Copying a part of a page copies these positions of all layers and no more",
          "[attention]") {
  DecoderSpec spec;
  spec.layers = 2;
  spec.kv_heads = 3;
  spec.head_dim = 20;
  KvPool pool(spec, 3);
  CHECK(KvPool::page_bytes(spec) == pool.page_stride() * 4);
  const auto fill = [&](std::int32_t page, std::uint64_t seed) {
    for (int layer = 0; layer < 2; ++layer) {
      for (int head = 0; head < 3; ++head) {
        for (int slot = 0; slot < kPageTokens; ++slot) {
          const std::vector<float> kv = random_floats(40, seed++);
          pool.write(layer, head, page, slot, kv.data(), kv.data() + 20);
        }
      }
    }
  };
  fill(0, 1000);
  fill(2, 5000);
  std::vector<float> source(pool.at(0, 0), pool.at(0, 0) + pool.page_stride());
  std::vector<float> before(pool.at(0, 0) + 2 * pool.page_stride(),
                            pool.at(0, 0) + 3 * pool.page_stride());
  pool.copy(0, 2, 5);
  const float* const after = pool.at(0, 0) + 2 * pool.page_stride();
  const int part = kPageTokens * (20 + pool.padded_head_dim());
  for (int i = 0; i < pool.page_stride(); ++i) {
    const int inside = i % part;
    const int slot = inside < 20 * kPageTokens
                         ? inside % kPageTokens
                         : (inside - 20 * kPageTokens) / pool.padded_head_dim();
    const auto at = static_cast<std::size_t>(i);
    if (after[i] != (slot < 5 ? source[at] : before[at])) FAIL("element " << i);
  }
  CHECK(std::equal(source.begin(), source.end(), pool.at(0, 0)));
}

}  // namespace
}  // namespace quorum
