// The sampling kernel against the CPU's sampler: the same token for the same logits.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include "gpu/gpu.h"
#include "gpu/sample_rows.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

const double kTemperatures[] = {0, 0.01, 0.6, 1, 3};
const double kTopPs[] = {1e-9, 0.1, 0.95, 0.999999, 1};

}  // namespace

TEST_CASE("The kernel draws the token that the CPU draws", "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(20240607);
  double error = 0;
  for (const int blocks : {0, 1, 2, 4, 8}) {
    for (const int vocab : {1, 2, 3, 31, 256, 1000, 4099, 32000}) {
      for (int shape = 0; shape < static_cast<int>(Shape::kCount); ++shape) {
        std::vector<Row> rows;
        std::vector<SampleRow> params;
        for (const double temperature : kTemperatures) {
          for (const double top_p : kTopPs) {
            rows.push_back(make_row(static_cast<Shape>(shape), vocab, stream));
            params.push_back(params_of(temperature, top_p, stream));
          }
        }
        INFO("shape " << shape << " blocks " << blocks);
        CHECK(differences(rows, params, blocks, error) == 0);
      }
    }
  }
  CHECK(error < 1e-6);
  std::cout << "largest error of a log-probability: " << error << "\n";
}

TEST_CASE("The kernel draws the token that the CPU draws from large vocabularies",
          "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(77);
  double error = 0;
  for (const int vocab : {128256, 152064}) {
    for (int shape = 0; shape < static_cast<int>(Shape::kCount); ++shape) {
      std::vector<Row> rows;
      std::vector<SampleRow> params;
      const Row row = make_row(static_cast<Shape>(shape), vocab, stream);
      for (const double temperature : kTemperatures) {
        for (const double top_p : kTopPs) {
          rows.push_back(row);
          params.push_back(params_of(temperature, top_p, stream));
        }
      }
      INFO("shape " << shape);
      CHECK(differences(rows, params, 0, error) == 0);
      CHECK(differences(rows, params, 1, error) == 0);
    }
  }
  CHECK(error < 1e-6);
  std::cout << "largest error of a log-probability: " << error << "\n";
}

TEST_CASE("The kernel takes the largest vocabulary and extreme temperatures", "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(5);
  double error = 0;
  std::vector<Row> rows = {make_row(Shape::kNormal, 1 << 23, stream)};
  CHECK(differences(rows, {params_of(0.6, 0.95, stream)}, 0, error) == 0);
  CHECK(differences(rows, {params_of(1, 0.99, stream)}, 1, error) == 0);
  for (int shape = 0; shape < static_cast<int>(Shape::kCount); ++shape) {
    for (const double temperature : {1e-300, 1e-44, 1e-38, 1e-30, 1e-10, 1e6, 1e30, 1e38, 1e300}) {
      rows.clear();
      std::vector<SampleRow> params;
      for (const double top_p : {1e-12, 0.3, 0.95, 1.0 - 1e-16, 1.0}) {
        rows.push_back(make_row(static_cast<Shape>(shape), 999, stream));
        params.push_back(params_of(temperature, top_p, stream));
      }
      INFO("shape " << shape);
      CHECK(differences(rows, params, 0, error) == 0);
    }
  }
  CHECK(error < 1e-6);
}

TEST_CASE("Ties at the end of the nucleus are cut by id", "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(11);
  double error = 0;
  for (const int vocab : {40, 5000}) {
    std::vector<Row> rows;
    std::vector<SampleRow> params;
    for (int i = 0; i < 300; ++i) {
      Row row(static_cast<std::size_t>(vocab), -3.0f);  // level by level, some of them large
      for (float& logit : row)
        if (stream.below(8) == 0) logit = static_cast<float>(stream.between(-2, 2)) * 0.5f;
      rows.push_back(row);
      params.push_back(params_of(1, (i + 1) / 301.0, stream));
    }
    CHECK(differences(rows, params, 0, error) == 0);
  }
  // Where p · Z is a sum of masses to the last bit, one mass more or less decides.
  std::vector<Row> rows;
  std::vector<SampleRow> params;
  for (int stay = 1; stay <= 64; ++stay) {
    for (const double nudge : {-0x1p-53, 0.0, 0x1p-53}) {
      for (int i = 0; i < 8; ++i) {
        rows.push_back(Row(64, 1.5f));
        params.push_back(params_of(0.6, std::min(1.0, stay / 64.0 + nudge), stream));
      }
    }
  }
  CHECK(differences(rows, params, 0, error) == 0);
}

TEST_CASE("A row with a logit that is not finite yields its id instead of a token",
          "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(13);
  const float bads[] = {std::numeric_limits<float>::quiet_NaN(),
                        std::numeric_limits<float>::infinity(),
                        -std::numeric_limits<float>::infinity()};
  for (const int vocab : {1, 5, 1000, 152064}) {
    std::vector<Row> rows;
    std::vector<SampleRow> params;
    std::vector<int> bad;
    for (int i = 0; i < 24; ++i) {
      rows.push_back(make_row(Shape::kNormal, vocab, stream));
      params.push_back(params_of(i % 2 == 0 ? 0.6 : 0, 0.95, stream));
      bad.push_back(-1);
      if (i % 4 == 3) continue;
      const auto at = static_cast<int>(stream.below(static_cast<std::uint32_t>(vocab)));
      rows.back()[static_cast<std::size_t>(at)] = bads[i % 3];
      rows.back().back() = bads[(i + 1) % 3];
      bad.back() = at;
    }
    const std::vector<SamplePick> picks = picks_of(rows, params);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CHECK(picks[i].bad == bad[i]);
      CHECK(picks[i].token == (bad[i] < 0 ? expected_of(rows[i], params[i]).id : -1));
    }
  }
}

TEST_CASE("A batch of rows of all kinds draws the CPU's tokens from a large vocabulary",
          "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(23);
  constexpr int kRows = 60;
  constexpr int kBad = 4711;
  for (const int vocab : {152064, 200003}) {
    std::vector<Row> kinds;
    for (int shape = 0; shape < static_cast<int>(Shape::kCount); ++shape)
      kinds.push_back(make_row(static_cast<Shape>(shape), vocab, stream));
    kinds.push_back(kinds[0]);
    kinds.back()[kBad] = std::numeric_limits<float>::quiet_NaN();
    std::vector<Row> rows;
    std::vector<SampleRow> params;
    std::vector<SamplePick> expected;  // but for the log-probability
    for (int i = 0; i < kRows; ++i) {
      rows.push_back(kinds[stream.below(static_cast<std::uint32_t>(kinds.size()))]);
      params.push_back(params_of(kTemperatures[stream.below(5)], kTopPs[stream.below(5)], stream));
      params.back().active = stream.below(8) != 0;
      const bool bad = std::isnan(rows.back()[kBad]), active = params.back().active != 0;
      expected.push_back({active && !bad ? expected_of(rows.back(), params.back()).id : -1,
                          active && bad ? kBad : -1, 0});
    }
    for (const int blocks : {0, 1, 2, 4, 8}) {
      const std::vector<SamplePick> picks = picks_of(rows, params, blocks);
      int wrong = 0;
      for (std::size_t i = 0; i < kRows; ++i)
        wrong += picks[i].token != expected[i].token || picks[i].bad != expected[i].bad;
      INFO("vocab " << vocab << " blocks " << blocks);
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("A pick depends on nothing but its row, and padding is left alone", "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(17);
  std::vector<Row> rows;
  std::vector<SampleRow> params;
  for (int i = 0; i < 300; ++i) {
    rows.push_back(
        make_row(static_cast<Shape>(i % static_cast<int>(Shape::kCount)), 20011, stream));
    params.push_back(params_of(kTemperatures[i % 5], kTopPs[i / 5 % 5], stream));
  }
  const std::vector<SamplePick> picks = picks_of(rows, params);
  const auto same = [](const SamplePick& a, const SamplePick& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
  };
  for (const int blocks : {1, 2, 4, 8}) {  // reversed, and with padding between
    std::vector<Row> others;
    std::vector<SampleRow> other_params;
    for (std::size_t i = rows.size(); i-- > 0;) {
      others.push_back(rows[i]);
      other_params.push_back(params[i]);
      if (i % 7 != 0) continue;
      others.push_back(rows[(i + 1) % rows.size()]);
      other_params.push_back(params[i]);
      other_params.back().active = 0;
    }
    const std::vector<SamplePick> other_picks = picks_of(others, other_params, blocks);
    std::size_t at = rows.size();
    int wrong = 0;
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (other_params[i].active == 0)
        wrong += other_picks[i].token != -1 || other_picks[i].bad != -1 ||
                 !std::isnan(other_picks[i].logprob);
      else
        wrong += !same(other_picks[i], picks[--at]);
    }
    CHECK(wrong == 0);
  }
  for (std::size_t i = 0; i < rows.size(); i += 29)
    CHECK(same(picks_of({rows[i]}, {params[i]})[0], picks[i]));
}

TEST_CASE("The kernel's draws have the distribution of the nucleus", "[gpu][sample]") {
  if (!has_gpu()) return;
  PhiloxStream stream(19);
  constexpr int kDraws = 20000;
  constexpr double kTemperature = 0.9, kTopP = 0.93;
  Row row = make_row(Shape::kNormal, 1000, stream);
  for (float& logit : row) logit *= 1.5f;
  std::vector<int> order(row.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return row[static_cast<std::size_t>(a)] > row[static_cast<std::size_t>(b)];
  });
  const double top = row[static_cast<std::size_t>(order[0])];
  const auto weight = [&](int id) {
    return std::exp((row[static_cast<std::size_t>(id)] - top) / kTemperature);
  };
  double total = 0, before = 0;
  for (const int id : order) total += weight(id);
  std::vector<int> nucleus;
  for (const int id : order) {
    if (!(before < kTopP * total)) break;
    nucleus.push_back(id);
    before += weight(id);
  }
  REQUIRE(nucleus.size() > 200);
  std::vector<SampleRow> params;
  for (int i = 0; i < kDraws; ++i) params.push_back(params_of(kTemperature, kTopP, stream));
  std::map<int, int> counts;
  for (const SamplePick& pick : picks_of(std::vector<Row>(kDraws, row), params))
    ++counts[pick.token];
  double chi_square = 0;
  int seen = 0;
  for (const int id : nucleus) {
    const double expected = kDraws * weight(id) / before;
    chi_square += (counts[id] - expected) * (counts[id] - expected) / expected;
    seen += counts[id];
  }
  CHECK(seen == kDraws);
  // The cube root of chi-square over its degrees of freedom is nearly normal (Wilson and Hilferty).
  const double freedom = static_cast<double>(nucleus.size()) - 1;
  const double z =
      (std::cbrt(chi_square / freedom) - (1 - 2 / (9 * freedom))) / std::sqrt(2 / (9 * freedom));
  CHECK(std::abs(z) < 3.5);
}
