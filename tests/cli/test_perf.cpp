// quorum perf, and what is said where there is no GPU.
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

using namespace quorum;
using testing::run_program;
using testing::ScratchFolder;

TEST_CASE("perf engine on the CPU holds the operations against the processor") {
  ScratchFolder scratch;
  const auto file = scratch.path() / "work.json";
  write_file_atomic(file, R"({"queries":[{"prompt":[5,6,7],"lengths":[8,3]}]})");
  const auto result =
      run_program({"perf", "engine", "--json", "--threads", "1", "--workload", file.string()});
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json.at("sequences") == 2);
  CHECK(json.at("tokens") == 11);
  CHECK(json.at("share_of_limit").get<double>() > 0);
}

TEST_CASE("perf engine counts what was swapped out and in") {
  ScratchFolder scratch;
  const auto file = scratch.path() / "work.json";
  write_file_atomic(
      file, R"({"queries":[{"prompt":[5,6,7],"lengths":[300,300,300,300,300,300,300,300]}]})");
  const auto swaps = [&](const char* memory) {
    const auto result = run_program({"perf", "engine", "--json", "--threads", "1", "--workload",
                                     file.string(), "--kv-memory", memory, "--swap-memory", "64M"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto json = nlohmann::json::parse(result.out);
    CHECK(json.at("tokens") == 2400);
    CHECK(json.at("swaps_in") == json.at("swaps_out"));
    return json.at("swaps_out").get<int>();
  };
  CHECK(swaps("2M") > 0);
  CHECK(swaps("64M") == 0);
}

TEST_CASE("perf math grades what is equal as equal and holds outputs against memory") {
  const auto result = run_program({"perf", "math", "--items", "400", "--passes", "1", "--json"});
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto json = nlohmann::json::parse(result.out);
  REQUIRE(json.at("cases").size() == 4);
  for (const auto& one : json.at("cases")) {
    INFO(one.dump());
    // Of the golds some are equal to others: 3/6 and 1/2.
    if (one.at("name") != "wrong answers")
      CHECK(one.at("as_expected") == one.at("items"));
    else
      CHECK(one.at("as_expected") > 395);
    CHECK(one.at("per_second").get<double>() > 0);
    CHECK(one.at("p50_seconds") <= one.at("p999_seconds"));
    CHECK(one.at("p999_seconds") <= one.at("largest_seconds"));
  }
  CHECK(json.at("cases").at(0).at("items") == 400);
  const auto& outputs = json.at("cases").at(3);
  CHECK(outputs.at("items") == 10);
  CHECK(outputs.at("share_of_bandwidth").get<double>() > 0);

  ScratchFolder scratch;
  const auto golds = scratch.path() / "golds.jsonl";
  write_file_atomic(golds, "{\"answer\":\"7\"}\n{\"answer\":\"\\\\frac{3}{8}\"}\n");
  const auto own = run_program(
      {"perf", "math", "--items", "40", "--passes", "1", "--json", "--data", golds.string()});
  REQUIRE(own.exit_code == 0);
  CHECK(nlohmann::json::parse(own.out).at("cases").at(0).at("as_expected") == 40);
  write_file_atomic(golds, "{\"answer\":\"7\"}\n");
  const auto one = run_program(
      {"perf", "math", "--items", "40", "--passes", "1", "--json", "--data", golds.string()});
  REQUIRE(one.exit_code == 0);
  CHECK(nlohmann::json::parse(one.out).at("cases").size() == 3);
  write_file_atomic(golds, "{\"answer\":\"7\"}\n{\"gold\":\"8\"}\n");
  const auto bad = run_program({"perf", "math", "--data", golds.string()});
  CHECK(bad.exit_code == 2);
  CHECK(bad.err.find("row 2") != std::string::npos);
}

TEST_CASE("a measurement of a GPU that is not there is exit 4 and says what to do") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"perf", "engine"},
        {"perf", "engine", "--predict"},
        {"perf", "attention", "--batch", "1,2", "--context", "64", "--ragged"},
        {"perf", "gemm", "--model-shape", "1.5b", "--batch", "8"},
        {"perf", "load", "--model", "models/tiny"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--limit", "1", "--dry-run"}}) {
    std::vector<std::string> with_device = arguments;
    with_device.insert(with_device.end(), {"--device", "cuda:9999"});
    const auto result = run_program(with_device);
    INFO(arguments[1] << ": " << result.err);
    CHECK(result.exit_code == 4);
    CHECK(result.out.empty());
    CHECK(result.err.find("because: ") != std::string::npos);
    CHECK(result.err.find("try: --device c") != std::string::npos);
  }
}

TEST_CASE("the CPU has no parts to measure and an unknown device is a wrong flag") {
  CHECK(run_program({"perf", "gemm", "--device", "cpu"}).exit_code == 2);
  CHECK(run_program({"perf", "engine", "--device", "tpu"}).exit_code == 2);
  CHECK(run_program({"perf", "engine", "--predict", "--device", "cpu"}).exit_code == 2);
  CHECK(run_program({"perf", "engine", "--model-shape", "9b"}).exit_code == 2);
  CHECK(
      run_program({"perf", "engine", "--model-shape", "7b", "--model", "models/tiny"}).exit_code ==
      2);
}

TEST_CASE("the doctor speaks of GPUs") {
  const auto result = run_program({"doctor", "--json"});
  const auto json = nlohmann::json::parse(result.out);
  bool found = false;
  for (const auto& finding : json.at("findings"))
    found = found || finding.at("what").get<std::string>().rfind("GPU", 0) == 0;
  CHECK(found);
}

TEST_CASE("perf sandbox holds programs in the sandbox beside starting python3 for each") {
  const auto result = run_program({"perf", "sandbox", "--json", "--items", "40", "--passes", "1"});
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto json = nlohmann::json::parse(result.out);
  REQUIRE(json.at("cases").size() == 2);
  for (const auto& each : json["cases"]) {
    CHECK(each.at("as_expected") == each.at("items"));
    CHECK(each.at("per_second").get<double>() > 0);
  }
  CHECK(json["cases"][0].at("items") == 40);
  // To start the interpreter costs some milliseconds, wherever its time is counted.
  CHECK(json["cases"][1].at("cpu_ms").get<double>() > 1);
  CHECK(json.at("cores").get<int>() >= 1);
  CHECK(json.at("level").get<std::string>().size() == 1);
}
