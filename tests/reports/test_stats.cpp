#include "reports/stats.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/philox.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;

namespace {

nlohmann::json golden() {
  return nlohmann::json::parse(read_file(testing::source_path("tests/golden/stats.json")));
}

std::vector<Vote> ballot(const nlohmann::json& classes, const nlohmann::json& correct) {
  std::vector<Vote> votes;
  for (std::size_t j = 0; j < classes.size(); ++j) votes.push_back({classes[j], correct[j] == 1});
  return votes;
}

}  // namespace

TEST_CASE("means and standard errors equal those of NumPy and SciPy") {
  for (const auto& one : golden()["cases"]) {
    std::vector<Counts> counts;
    std::vector<double> p;
    for (const auto& row : one["correct"]) {
      Counts count;
      for (const auto& x : row) ++count.samples, count.correct += x.get<int>();
      counts.push_back(count);
      p.push_back(static_cast<double>(count.correct) / count.samples);
    }
    CHECK(pass_at_1(counts) == Approx(one["pass_at_1"].get<double>()).epsilon(1e-12));
    CHECK(*repeat_standard_error(counts) == Approx(one["repeat_se"].get<double>()).epsilon(1e-12));
    if (one["question_se"].is_null())
      CHECK_FALSE(question_standard_error(p));
    else
      CHECK(*question_standard_error(p) == Approx(one["question_se"].get<double>()).epsilon(1e-12));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      CHECK(pass_at_k(counts[i], one["k"]) ==
            Approx(one["pass_at_k"][i].get<double>()).margin(1e-10));
      CHECK(consensus_credit(ballot(one["classes"][i], one["correct"][i])) ==
            Approx(one["credits"][i].get<double>()).margin(1e-12));
    }
  }
}

TEST_CASE("quantiles of Student t equal those of SciPy") {
  for (const auto& row : golden()["t"])
    CHECK(student_t_quantile(row[0], row[1]) == Approx(row[2].get<double>()).epsilon(1e-9));
}

TEST_CASE("a single sample has no repeat error and a single query no question error") {
  const std::vector<Counts> one{{1, 1}, {0, 1}};
  CHECK_FALSE(repeat_standard_error(one));
  CHECK_FALSE(question_standard_error(std::vector<double>{0.5}));
}

TEST_CASE("ties share the credit and missing answers cast no vote") {
  CHECK(consensus_credit(std::vector<Vote>{{0, true}, {1, false}}) == 0.5);
  CHECK(consensus_credit(std::vector<Vote>{{-1, false}, {-1, false}, {0, true}}) == 1.0);
  CHECK(consensus_credit(std::vector<Vote>{{-1, false}, {-1, false}}) == 0.0);
  CHECK(consensus_credit(std::vector<Vote>{
            {2, true}, {2, true}, {0, false}, {1, false}, {0, false}, {1, false}}) ==
        Approx(1.0 / 3));
}

TEST_CASE("the vote over fewer samples than there are does not depend on their order") {
  std::vector<Vote> votes;
  for (int i = 0; i < 40; ++i) votes.push_back({i % 5, i % 5 == 2});
  const double forward = consensus_at_k(votes, 16, 9);
  std::reverse(votes.begin(), votes.end());
  CHECK(consensus_at_k(votes, 16, 9) == forward);
  CHECK(consensus_at_k(votes, 40, 9) == consensus_credit(votes));
}

TEST_CASE("the vote over subsets approaches the expectation by enumeration") {
  // Three of five votes for the right class; k = 3: P(right majority) = 7/10, P(no tie is possible
  // with two classes).
  const std::vector<Vote> votes{{0, true}, {0, true}, {0, true}, {1, false}, {1, false}};
  double sum = 0;
  for (std::uint64_t key = 0; key < 200; ++key) sum += consensus_at_k(votes, 3, key);
  CHECK(sum / 200 == Approx(0.7).margin(0.01));
}

TEST_CASE("the repeat error of a vote is that of fresh samples") {
  // Queries with two answers at 60 and 40 percent: the bootstrap from a large sample is close to a
  // direct simulation.
  constexpr int kQueries = 20, kSamples = 64;
  PhiloxStream random(5);
  const auto draw = [&] {
    std::vector<std::vector<Vote>> queries;
    for (int q = 0; q < kQueries; ++q) {
      auto& votes = queries.emplace_back();
      for (int j = 0; j < kSamples; ++j) {
        const bool right = random.below(100) < 52;
        votes.push_back({right ? 0 : 1, right});
      }
    }
    return queries;
  };
  double sum = 0, squares = 0, bootstrap = 0;
  constexpr int kRuns = 60;
  for (int run = 0; run < kRuns; ++run) {
    const auto queries = draw();
    double mean = 0;
    for (const auto& votes : queries) mean += consensus_credit(votes) / kQueries;
    sum += mean, squares += mean * mean;
    bootstrap +=
        *consensus_repeat_error(queries, kSamples, static_cast<std::uint64_t>(run)) / kRuns;
  }
  const double direct = std::sqrt(squares / kRuns - sum / kRuns * (sum / kRuns));
  CHECK(bootstrap == Approx(direct).epsilon(0.35));
}
