#include "harness/run_spec.h"

#include "support/catch.h"

using namespace quorum;

namespace {

std::string problem_of(const std::string& text) {
  const auto spec = parse_run_spec_json(text, "run.json");
  return spec.ok() ? "" : spec.error().what();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A run spec says all that flags say with comments and both spellings") {
  const auto spec = parse_run_spec_json(R"({
    // the model
    "model": "models/tiny", "published-as": "deepseek-ai/DeepSeek-R1",
    "bench": ["aime24", "set.jsonl"], "prompt": "matharena", "think": "force",
    "samples": 16, "seed": 18446744073709551615, "temperature": 0.7, "top_p": 0.9, "max-tokens": 512,
    "limit": 5, "ids": "a,b", /* how */ "device": "cuda:1", "max_batch": 8, "threads": 2, "kv-memory": "512M",
    "shuffle": 3, "no_overlap": true, "allow_mixed": true, "date": "2024-02-29", "data": ["d1", "d,2"], "db": "x.db"
  })",
                                        "run.json");
  REQUIRE(spec.ok());
  const RunSpec& s = spec.value();
  CHECK(s.model == "models/tiny");
  CHECK(s.published_as == "deepseek-ai/DeepSeek-R1");
  CHECK(s.benchmarks == std::vector<std::string>{"aime24", "set.jsonl"});
  CHECK(s.prompt == "matharena");
  CHECK(s.think == "force");
  CHECK(s.samples == 16);
  CHECK(s.sampling.seed == 18446744073709551615ull);
  CHECK(s.sampling.temperature == 0.7);
  CHECK(s.sampling.top_p == 0.9);
  CHECK(s.sampling.max_tokens == 512);
  CHECK(s.limit == 5);
  CHECK(s.ids == std::vector<std::string>{"a", "b"});
  CHECK(s.device == "cuda:1");
  CHECK(s.max_batch == 8);
  CHECK(s.threads == 2);
  CHECK(s.kv_memory == 512 << 20);
  CHECK(s.shuffle == 3u);
  CHECK(s.no_overlap);
  CHECK(s.allow_mixed);
  CHECK(s.date == "2024-02-29");
  CHECK(s.data == std::vector<std::filesystem::path>{"d1", "d,2"});
  CHECK(s.db == "x.db");

  // What it writes it reads back.
  const auto again = parse_run_spec_json(to_json(s), "again");
  REQUIRE(again.ok());
  CHECK(to_json(again.value()) == to_json(s));
  CHECK(again.value().sampling.seed == s.sampling.seed);
}

TEST_CASE("What a run spec leaves out is the default or the base") {
  RunSpec base;
  base.model = "kept";
  base.samples = 2;
  const auto spec = parse_run_spec_json(R"({"bench": "mini", "limit": null})", "run.json", base);
  REQUIRE(spec.ok());
  CHECK(spec.value().model == "kept");
  CHECK(spec.value().samples == 2);
  CHECK(spec.value().benchmarks == std::vector<std::string>{"mini"});
  CHECK(!spec.value().limit);
  CHECK(parse_run_spec_json("{}", "f").value().samples == 64);
  CHECK(parse_run_spec_json("{}", "f").value().sampling.max_tokens == 32768);
  CHECK(to_json(parse_run_spec_json(to_json({}), "f").value()) == to_json({}));
  CHECK(!parse_run_spec_json("{}", "f").value().max_batch);
  CHECK(!parse_run_spec_json(R"({"kv-memory": null})", "f").value().kv_memory);
  CHECK(parse_run_spec_json(R"({"swap-memory": 0})", "f").value().swap_memory == 0);
  CHECK(parse_run_spec_json(R"({"swap-memory": "1K"})", "f").value().swap_memory == 1024);
}

TEST_CASE("Wrong run specs name the file and the key and the way out") {
  CHECK(has(problem_of("{"), "run.json is not JSON"));
  CHECK(has(problem_of("[1]"), "one JSON object"));
  const std::string unknown = problem_of(R"({"max_token": 5})");
  CHECK(has(unknown, "run.json"));
  CHECK(has(unknown, "\"max_token\""));
  CHECK(has(unknown, "did you mean \"max-tokens\"?"));
  CHECK(has(problem_of(R"({"qqqqqqqqqqqq": 5})"), "published-as"));
  CHECK(has(problem_of(R"({"samples": "many"})"), "expected an integer"));
  CHECK(has(problem_of(R"({"samples": 1.5})"), "samples"));
  CHECK(has(problem_of(R"({"samples": 0})"), "samples is out of range"));
  CHECK(has(problem_of(R"({"samples": 99999999999})"), "expected an integer"));
  CHECK(has(problem_of(R"({"seed": -1})"), "not negative"));
  CHECK(has(problem_of(R"({"top-p": 0})"), "top-p is out of range"));
  CHECK(has(problem_of(R"({"top-p": 1.01})"), "top-p is out of range"));
  CHECK(has(problem_of(R"({"temperature": -0.1})"), "temperature is out of range"));
  CHECK(has(problem_of(R"({"max-tokens": 0})"), "max-tokens is out of range"));
  CHECK(has(problem_of(R"({"limit": 0})"), "limit is out of range"));
  CHECK(has(problem_of(R"({"think": "maybe"})"), "auto, force, off, template"));
  CHECK(has(problem_of(R"({"date": "2023-02-29"})"), "YYYY-MM-DD"));
  CHECK(has(problem_of(R"({"kv-memory": "much"})"), "\"2G\""));
  CHECK(has(problem_of(R"({"bench": [1]})"), "a text"));
  CHECK(has(problem_of(R"({"allow-mixed": 1})"), "true or false"));
  CHECK(problem_of(R"({"temperature": 0})").empty());
}

TEST_CASE("Sizes in bytes have binary units") {
  CHECK(parse_byte_size("1000") == 1000);
  CHECK(parse_byte_size("2G") == std::int64_t{2} << 30);
  CHECK(parse_byte_size(" 1.5 GiB ") == std::int64_t{3} << 29);
  CHECK(parse_byte_size("64kb") == 64 << 10);
  CHECK(parse_byte_size("3T") == std::int64_t{3} << 40);
  CHECK(parse_byte_size("512b") == 512);
  for (const char* wrong : {"", "G", "-1", "2X", "2GG", "1e30", "nan", "inf", "2Gi B"})
    CHECK(!parse_byte_size(wrong));
}

TEST_CASE("Dates are days of the calendar in UTC") {
  CHECK(parse_date("1970-01-01") == 0);
  CHECK(parse_date("2025-01-20") == 1737331200);
  CHECK(parse_date("2024-02-29") == 1709164800);
  for (const char* wrong : {"", "2025-1-20", "2025-13-01", "2025-00-10", "2025-02-30", "20250120",
                            "2025-01-2x", "2025/01/20"})
    CHECK(!parse_date(wrong));
}
