#include <nlohmann/json.hpp>

#include "base/file.h"
#include "reports/published.h"
#include "reports/render.h"
#include "reports/table.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;

namespace {

ResultSet example(int samples, int wanted) {
  ResultSet results;
  results.model = "tiny <b>|_&";
  results.published_as = "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B";
  results.benchmark = "aime24";
  results.published_benchmark = "AIME 2024";
  results.samples_wanted = wanted;
  results.temperature = 0.6;
  results.top_p = 0.95;
  results.manifest_json = R"({"note":"</pre><script>alert(1)</script>"})";
  for (int q = 0; q < 3; ++q) {
    QueryResult& query = results.queries.emplace_back();
    query.query = "q" + std::to_string(q);
    for (int j = 0; j < samples; ++j) {
      SampleResult sample;
      sample.sample = j;
      sample.verdict = (j + q) % 4 == 0 ? Verdict::kCorrect
                       : j % 4 == 3     ? Verdict::kNoAnswer
                                        : Verdict::kIncorrect;
      sample.answer_class = sample.verdict == Verdict::kNoAnswer  ? -1
                            : sample.verdict == Verdict::kCorrect ? 0
                                                                  : 1 + j % 2;
      sample.truncated = sample.verdict == Verdict::kNoAnswer;
      sample.tokens = 10 + j;
      query.samples.push_back(sample);
    }
  }
  return results;
}

}  // namespace

TEST_CASE("every published score of the shared data is carried over row by row") {
  const auto path = testing::shared_data("published_scores.json");
  if (!path) return;
  const auto theirs = nlohmann::json::parse(read_file(*path));
  const auto ours =
      nlohmann::json::parse(read_file(testing::source_path("reports/published_scores.json")));
  CHECK(ours == theirs);
  CHECK(published_scores().size() == theirs.size());
}

TEST_CASE("DeepSeek figures stand first and once") {
  const auto found = find_published("deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B", "AIME 2024");
  REQUIRE(found.size() > 4);
  CHECK(found[0].is_deepseek());
  CHECK(found[0].value == 28.9);
  CHECK(found[1].metric == "cons@64");
  CHECK(found[1].value == 52.7);
  CHECK_FALSE(found[2].is_deepseek());
  CHECK(find_published("models/tiny", "AIME 2024").empty());
  CHECK(find_published("DeepSeek-R1-Distill-Qwen-1.5B", "").empty());
}

TEST_CASE("the JSON report has the fields that scripts rely on and fractions as values") {
  const std::vector<SummaryRow> rows{summarize(example(16, 16))};
  const auto json = nlohmann::json::parse(render_json(rows));
  const auto& row = json.at("rows").at(0);
  CHECK(row.at("model") == "tiny <b>|_&");
  CHECK(row.at("queries") == 3);
  CHECK(row.at("samples") == 16);
  CHECK(row.at("pass_at_1").get<double>() == Approx(0.25));
  CHECK(row.at("repeat_se").get<double>() == Approx(std::sqrt(3 * 0.25 * 0.75 / 15) / 3));
  CHECK(row.at("question_se").get<double>() == Approx(0.0).margin(1e-12));
  CHECK(row.at("cons_at_k").at("k") == 16);
  CHECK(row.at("cons_at_k").at("value").is_number());
  CHECK(row.at("complete") == true);
  CHECK(row.at("mean_tokens").get<double>() == Approx(17.5));
  CHECK(row.at("published").at(0).at("value").get<double>() == Approx(0.289));
  CHECK(row.at("published").at(0).at("source") == "DeepSeek-R1 README");
}

TEST_CASE("an unfinished run counts complete blocks only and says INCOMPLETE") {
  ResultSet results = example(16, 64);
  // Only short answers of the next block are there: they are right, and must not count.
  SampleResult early;
  early.sample = 16;
  early.verdict = Verdict::kCorrect;
  early.answer_class = 0;
  results.queries[0].samples.push_back(early);
  const SummaryRow row = summarize(results);
  CHECK(row.samples == 16);
  CHECK_FALSE(row.complete);
  CHECK(*row.pass_at_1 == Approx(0.25));
  const std::vector<SummaryRow> rows{row};
  CHECK(render_text(rows).find("INCOMPLETE") != std::string::npos);
  CHECK(render_text(rows).find("16 of 64") != std::string::npos);
}

TEST_CASE("a run without a complete block has no score at all") {
  const SummaryRow row = summarize(example(3, 64));
  CHECK(row.samples == 0);
  CHECK_FALSE(row.pass_at_1);
  const auto json = nlohmann::json::parse(render_json(std::vector<SummaryRow>{row}));
  CHECK(json["rows"][0]["pass_at_1"].is_null());
}

TEST_CASE("tokens that nobody counted are not reported as zero") {
  ResultSet results = example(8, 8);
  for (QueryResult& query : results.queries)
    for (SampleResult& sample : query.samples) sample.tokens = 0;
  CHECK_FALSE(summarize(results).mean_tokens);
}

TEST_CASE("hostile names and manifests are text in every format") {
  const std::vector<SummaryRow> rows{summarize(example(8, 8))};
  const std::string html = render_html(rows);
  CHECK(html.find("<script>") == std::string::npos);
  CHECK(html.find("tiny &lt;b&gt;") != std::string::npos);
  CHECK(html.find("default-src 'none'") != std::string::npos);
  CHECK(render_markdown(rows).find("tiny \\<b\\>\\|\\_&") != std::string::npos);
  CHECK(render_latex(rows).find("\\_\\&") != std::string::npos);
  ResultSet formula = example(8, 8);
  formula.model = "=cmd|' /C calc'!A0,\"x\"";
  CHECK(render_csv(std::vector<SummaryRow>{summarize(formula)})
            .find("\"'=cmd|' /C calc'!A0,\"\"x\"\"\"") != std::string::npos);
}

TEST_CASE("the published value stands beside ours in the text table") {
  const std::string text = render_text(std::vector<SummaryRow>{summarize(example(8, 8))});
  CHECK(text.find("28.9") != std::string::npos);
  CHECK(text.find("52.7") != std::string::npos);
  CHECK(text.find("DeepSeek-R1 README") != std::string::npos);
}

TEST_CASE("a report says both modes of programs, where they differ, and what is known to be bad") {
  ResultSet results = example(8, 8);
  results.benchmark = "livecodebench:v5";
  for (QueryResult& query : results.queries) {
    for (SampleResult& sample : query.samples) {
      const bool right = sample.sample < 4;
      sample.verdict = right ? Verdict::kCorrect : Verdict::kIncorrect;
      sample.reason = right ? "process:AC lcb-official:AC" : "process:WA@2/9 lcb-official:WA@2/9";
    }
  }
  results.queries[1].samples[0].reason = "process:AC lcb-official:RE@1/9";
  results.queries[2].samples[7].reason = "process:no_code lcb-official:AC known-bad";
  results.queries[2].samples[6].reason = "process:WA@1/2 lcb-official:WA@1/2 known-bad";
  const SummaryRow row = summarize(results);
  REQUIRE(row.modes.scores.size() == 2);
  CHECK(row.modes.scores[0].mode == "process");
  CHECK(row.modes.scores[0].pass_at_1 == Approx(0.5));
  CHECK(row.modes.scores[1].pass_at_1 == Approx((0.5 + 3.0 / 8 + 5.0 / 8) / 3));
  REQUIRE(row.modes.differences.size() == 2);
  CHECK(row.modes.differences[0].query == "q1");
  CHECK(row.modes.differences[0].sample == 0);
  CHECK(row.modes.known_bad == 1);
  // A mode that has no word on a sample has no score beside the others.
  ResultSet one_silent = results;
  one_silent.queries[0].samples[0].reason = "process:AC";
  CHECK(summarize(one_silent).modes.scores.empty());
  const std::vector<SummaryRow> rows{row};
  const std::string text = render_text(rows);
  CHECK(text.find("process 50.0") != std::string::npos);
  CHECK(text.find("2 samples differ: q1 #0 (process:AC lcb-official:RE@1/9)") != std::string::npos);
  CHECK(text.find("the tests of 1 queries are known to be bad") != std::string::npos);
  const auto json = nlohmann::json::parse(render_json(rows));
  CHECK(json["rows"][0]["modes"]["scores"][1]["mode"] == "lcb-official");
  CHECK(json["rows"][0]["modes"]["differences"][1]["sample"] == 7);
  CHECK(summarize(example(8, 8)).modes.scores.empty());
}
