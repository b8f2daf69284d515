#include "harness/export.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/run_fake.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

TEST_CASE("A line of an export has its keys in their order and nothing of time or place") {
  StoredSample sample;
  sample.model = "m";
  sample.benchmark = "b";
  sample.query = "q";
  sample.sample = 3;
  sample.prompt_token_ids = {1, 2};
  sample.completion.token_ids = {3, 4};
  sample.completion.text = "half \xE2\x82 and \"quoted\"\n\u00e4";
  sample.completion.finish = FinishReason::kLength;
  sample.completion.logprob_sum = -0.1;
  sample.completion.seconds = 17;
  CHECK(export_line(sample) ==
        "{\"model\":\"m\",\"benchmark\":\"b\",\"query\":\"q\",\"sample\":3,\"prompt_token_ids\":[1,"
        "2],\"token_ids\":[3,4],"
        "\"text\":\"half \xEF\xBF\xBD and "
        "\\\"quoted\\\"\\n\xC3\xA4\",\"finish_reason\":\"length\",\"logprob_sum\":-0.1,"
        "\"answer\":null,\"verdict\":null,\"reason\":null,\"truncated\":true}");
  sample.completion.finish = FinishReason::kStop;
  sample.completion.logprob_sum = std::nullopt;
  sample.grade = Grade{Verdict::kNoAnswer, std::nullopt, "no_box", ""};
  sample.completion.text = "t";
  const std::string line = export_line(sample);
  CHECK(
      line.find(
          R"("finish_reason":"stop","logprob_sum":null,"answer":null,"verdict":"no-answer","reason":"no_box","truncated":false})") !=
      std::string::npos);
}

TEST_CASE("Log-probabilities in an export read back to the same double") {
  StoredSample sample;
  for (const double value : {-1.0 / 3, -123456.789012345, -1e-17, -0.1, 0.0, -42.0}) {
    sample.completion.logprob_sum = value;
    CHECK(nlohmann::json::parse(export_line(sample))["logprob_sum"].get<double>() == value);
  }
}

TEST_CASE("An export is sorted by model and benchmark and query and sample") {
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  FakeGenerator second, first;
  second.model = "zeta";
  first.model = "alpha";
  FakeRun fake{{fake_benchmark("b", 12), fake_benchmark("a", 2)}};
  fake.samples = 11;
  fake.run(store, second);
  fake.run(store, first);
  std::vector<std::tuple<std::string, std::string, std::string, int>> places;
  store.for_each_sample({}, [&](const StoredSample& s) {
    places.emplace_back(s.model, s.benchmark, s.query, s.sample);
    return true;
  });
  REQUIRE(places.size() == 2 * 14 * 11);
  CHECK(std::is_sorted(places.begin(), places.end()));
  CHECK(std::get<2>(places[22 + 11]) == "b-1");
  CHECK(std::get<2>(places[22 + 22]) == "b-10");

  std::int64_t lines = 0;
  CHECK(export_jsonl(store, {{"zeta"}, {"a"}, {}}, [&](std::string_view line) {
          const auto json = nlohmann::json::parse(line);
          CHECK(json["model"] == "zeta");
          CHECK(json["benchmark"] == "a");
          ++lines;
        }) == 22);
  CHECK(lines == 22);

  // Reading inside of reading is one snapshot.
  store.for_each_sample({}, [&](const StoredSample&) {
    CHECK(store.load_results().size() == 4);
    return false;
  });
}
