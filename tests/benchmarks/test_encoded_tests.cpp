#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "benchmarks/livecodebench/encoded_tests.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum::code {
namespace {

std::vector<nlohmann::json> golden(const std::string& field) {
  std::vector<nlohmann::json> rows;
  for (const std::string& line :
       split(read_file(testing::source_path("tests/golden/encoded_tests.jsonl")), '\n'))
    if (!line.empty())
      if (auto row = nlohmann::json::parse(line); row.contains(field))
        rows.push_back(std::move(row));
  REQUIRE(!rows.empty());
  return rows;
}

constexpr std::size_t kMost = std::size_t{1} << 20;

}  // namespace

TEST_CASE("Hidden tests are read from pickles of every protocol that holds a text") {
  for (const auto& row : golden("text")) {
    const auto text = decode_tests(row["encoded"].get<std::string>(), kMost);
    REQUIRE(text.ok());
    CHECK(text.value() == row["text"].get<std::string>());
  }
}

TEST_CASE("Hostile pickles, bombs and damaged files are refused with the reason") {
  for (const auto& row : golden("refused")) {
    const auto text = decode_tests(row["encoded"].get<std::string>(), kMost);
    REQUIRE(!text.ok());
    const std::string said = text.error().what();
    INFO(said << " / " << row["refused"]);
    bool named = false;
    for (const std::string& words : split(row["refused"].get<std::string>(), '|'))
      named = named || said.find(words) != std::string::npos;
    CHECK(named);
    CHECK(text.error().kind() == ErrorKind::kData);
  }
}

TEST_CASE("No instruction but MEMOIZE goes on behind a text, and none but a text begins one") {
  const std::string text("\x8c\x01x", 3), stop = ".";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string code(1, static_cast<char>(byte));
    INFO(byte);
    CHECK(unpickle_text(text + code + stop).ok() == (byte == 0x94));
    const auto alone = unpickle_text(code + stop);
    REQUIRE(!alone.ok());
    CHECK(alone.error().because().find("it was not run") != std::string::npos);
    CHECK(!unpickle_text(code).ok());
    CHECK(!unpickle_text("\x80\x04" + code + text).ok());
  }
}

TEST_CASE("A text at the limit is read and one byte more is not") {
  const auto row = golden("text").front();
  const std::string text = row["text"];
  const std::string encoded = row["encoded"];
  CHECK(inflate_bounded(decode_base64(encoded).value(), text.size() + 100).ok());
  CHECK(!inflate_bounded(decode_base64(encoded).value(), text.size() - 1).ok());
}

TEST_CASE("Suites are read from each of their forms") {
  const auto suite = [](const std::string& json) { return parse_test_suite(json); };
  const auto list = suite(R"([{"input":"1","output":"2"}])");
  REQUIRE(list.ok());
  CHECK(list.value().tests[0].output == "2");
  CHECK(list.value().function.empty());
  const auto named =
      suite(R"({"inputs":["1"],"outputs":["2"],"compare":"tokens","known_bad":"why"})");
  REQUIRE(named.ok());
  CHECK(named.value().rule == OutputRule::kTokens);
  CHECK(named.value().known_bad == "why");
  const auto function =
      suite(R"({"fn_name":"f","inputs":[[1,"a",[2]],"3\n4"],"outputs":[[1],"{\"a\":1}"]})");
  REQUIRE(function.ok());
  CHECK(function.value().tests[0].input == "1\n\"a\"\n[2]");
  CHECK(function.value().tests[0].output == "[1]");
  CHECK(function.value().tests[1].input == "3\n4");
  std::string encoded;
  for (const auto& row : golden("text"))
    if (encoded.empty() && row["text"].get<std::string>().find("testtype") != std::string::npos)
      encoded = row["encoded"];
  const auto hidden = suite(R"({"inputs":["0"],"outputs":["0"],"encoded":")" + encoded + "\"}");
  REQUIRE(hidden.ok());
  REQUIRE(hidden.value().tests.size() == 3);
  CHECK(hidden.value().tests[0].input == "0");
  CHECK(hidden.value().tests[1].input == "1\n2\n");
}

TEST_CASE("A suite that cannot be used names its field") {
  const auto says = [](const std::string& json) {
    const auto suite = parse_test_suite(json);
    return suite.ok() ? std::string("good") : std::string(suite.error().what());
  };
  const auto has = [&](const std::string& json, const std::string& words) {
    INFO(says(json));
    CHECK(says(json).find(words) != std::string::npos);
  };
  has("{", "\"tests\" is not JSON");
  has("3", "\"tests\" is neither");
  has("[]", "\"tests\" is empty");
  has(R"([{"input":"1","output":2}])", "\"tests[0].output\" is missing or not a text");
  has(R"({"inputs":[1],"outputs":["1"]})", "\"tests.inputs[0]\" is not a text");
  has(R"({"inputs":["1"],"outputs":[]})", "\"tests.outputs\" has another length");
  has(R"({"inputs":["1"],"outputs":["1"],"compare":"near"})", "\"tests.compare\" is \"near\"");
  has(R"({"inputs":["1"],"outputs":["1"],"language":"rust"})",
      "\"tests.language\" is \"rust\" (expected python, cpp or any)");
  has(R"({"inputs":["1"],"outputs":["1"],"language":7})", "\"tests.language\" is not a text");
  has(R"({"fn_name":"f","inputs":["1"],"outputs":["1"],"language":"cpp"})",
      "\"tests.language\" is cpp beside fn_name");
  for (const char* seconds : {"0", "601", "1.5", "-1", "\"6\"", "99999999999", "null"})
    has(R"({"inputs":["1"],"outputs":["1"],"seconds":)" + std::string(seconds) + "}",
        "\"tests.seconds\" is not a whole number from 1 to 600");
  has(R"({"fn_name":3,"inputs":["1"],"outputs":["1"]})", "\"tests.fn_name\" is not a text");
  has(R"({"fn_name":"f","inputs":["1\n"],"outputs":["1"]})",
      "\"tests[0]\" has an input that is not");
  has(R"({"fn_name":"f","inputs":["1"],"outputs":["one"]})",
      "\"tests[0]\" has an output that is not");
  has(R"({"inputs":[],"outputs":[],"encoded":"eJ!"})",
      "\"tests.encoded\": the base64 text is damaged");
}

}  // namespace quorum::code
