#include <sys/resource.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "benchmarks/livecodebench/decimal_token.h"
#include "benchmarks/livecodebench/output_comparison.h"
#include "benchmarks/livecodebench/python_literal.h"
#include "benchmarks/livecodebench/python_text.h"
#include "benchmarks/livecodebench/typed_value.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum::code {
namespace {

constexpr std::size_t kManyValues = 1000;

using Json = nlohmann::json;

std::vector<Json> golden(const std::string& field) {
  std::vector<Json> rows;
  for (const std::string& line :
       split(read_file(testing::source_path("tests/golden/code_comparison.jsonl")), '\n'))
    if (!line.empty())
      if (Json row = Json::parse(line); row.contains(field)) rows.push_back(std::move(row));
  REQUIRE(!rows.empty());
  return rows;
}

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

bool equal(OutputRule rule, std::string_view output, std::string_view expected) {
  return compare_output(rule, output, expected).equal;
}

}  // namespace

TEST_CASE("White space and digits are those of Python's str for every code point") {
  std::set<std::int32_t> spaces;
  const Json listed = golden("spaces")[0]["spaces"], valued = golden("digits")[0]["digits"];
  for (const Json& c : listed) spaces.insert(c.get<std::int32_t>());
  std::map<std::int32_t, int> digits;
  for (const Json& pair : valued) digits[pair[0]] = pair[1];
  int wrong = 0;
  for (std::int32_t c = -1; c <= 0x110000; ++c) {
    wrong += is_python_space(c) != (spaces.count(c) != 0);
    wrong += decimal_digit(c) != (digits.count(c) != 0 ? digits[c] : -1);
  }
  CHECK(wrong == 0);
}

TEST_CASE("Tokens are numbers exactly where Python's Decimal takes them") {
  for (const Json& row : golden("decimal")) {
    INFO(row.dump());
    CHECK(parse_decimal(row["decimal"].get<std::string>()).has_value() == row["taken"].get<bool>());
  }
}

TEST_CASE("Outputs are equal exactly where the official rule says so") {
  std::map<std::string, int> seen;
  for (const Json& row : golden("output")) {
    INFO(row.dump());
    const OutputComparison result =
        compare_output(OutputRule::kLcbDecimal, row["output"].get<std::string>(),
                       row["expected"].get<std::string>());
    const std::string expected = row["result"];
    ++seen[expected];
    CHECK((result.equal ? "equal" : result.raises ? "raises" : "different") == expected);
    CHECK(result.equal == result.why.empty());
  }
  for (const char* kind : {"equal", "raises", "different"}) CHECK(seen[kind] > 10);
}

TEST_CASE("Bytes that are not UTF-8 are compared as they are") {
  CHECK(equal(OutputRule::kLcbDecimal, "a\xff\n", "a\xff"));
  CHECK(!equal(OutputRule::kLcbDecimal, "a\xff", "a\xfe"));
  CHECK(!equal(OutputRule::kLcbDecimal, "1\xff", "1"));
  CHECK(python_strip("\xc2") == "\xc2");
  CHECK(python_strip(" \xe2\x80\xa8x\xe3\x80\x80") == "x");
}

TEST_CASE("The rule with a tolerance forgives fractions, not integers") {
  const auto eps = OutputRule::kLcbDecimalEps;
  CHECK(equal(eps, "0.333333333", "0.3333333333333333"));
  CHECK(!equal(eps, "0.33333", "0.3333333333333333"));
  CHECK(equal(eps, "1000000.9", "1000000.1"));
  CHECK(!equal(eps, "1000000", "1000001"));
  CHECK(!equal(eps, "3.0000001", "3"));
  CHECK(equal(eps, "3", "3.0000001"));
  CHECK(!equal(eps, "nan", "0.5"));
  CHECK(equal(eps, "a\n0.1 2", "a\n0.10000001 2"));
  CHECK(!equal(OutputRule::kLcbDecimal, "0.333333333", "0.3333333333333333"));
}

TEST_CASE("Tokens and bytes are compared where a set asks for it") {
  CHECK(equal(OutputRule::kTokens, "1  2\n3", "1\n2 3\n"));
  CHECK(!equal(OutputRule::kTokens, "1.0", "1"));
  CHECK(!equal(OutputRule::kTokens, "1 2", "1 2 3"));
  CHECK(equal(OutputRule::kExact, "1\n", "1\n"));
  CHECK(!equal(OutputRule::kExact, "1", "1\n"));
  for (const OutputRule rule : {OutputRule::kLcbDecimal, OutputRule::kLcbDecimalEps,
                                OutputRule::kTokens, OutputRule::kExact})
    CHECK(parse_output_rule(output_rule_name(rule)) == rule);
  CHECK(!parse_output_rule("fuzzy"));
}

TEST_CASE("Values are equal to JSON exactly where Python's == says so") {
  const Json jsons = golden("jsons")[0]["jsons"];
  std::vector<TypedValue> expected;
  for (const Json& text : jsons) {
    INFO(text.dump());
    auto value = parse_json_value(text.get<std::string>());
    REQUIRE(value.ok());
    expected.push_back(std::move(value).value());
  }
  int equalities = 0;
  for (const Json& row : golden("value")) {
    INFO(row["value"].get<std::string>());
    const auto value = parse_wire_value(from_hex(row["wire"]), kManyValues);
    REQUIRE(value.ok());
    const auto wanted = row["equal"].get<std::set<std::size_t>>();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      INFO(jsons[i].get<std::string>());
      CHECK(equal_values(value.value(), expected[i]) == (wanted.count(i) != 0));
      equalities += wanted.count(i) != 0;
    }
    CHECK(show_value(value.value(), 50).size() < 60);
  }
  CHECK(equalities > 60);
}

TEST_CASE("What json.loads refuses is no value") {
  for (const Json& row : golden("no_json")) {
    INFO(row.dump());
    CHECK(!parse_json_value(row["no_json"].get<std::string>()).ok());
  }
  CHECK(!parse_json_value(std::string(100000, '[')).ok());
}

TEST_CASE("Damaged records of a driver are refused, whatever they claim") {
  for (const char* bytes : {"",
                            "X",
                            "i",
                            "i1",
                            "i1:",
                            "i1:x",
                            "i0:",
                            "i2:-",
                            "i1:1N",
                            "f3:1.x",
                            "s5:abc",
                            "s99999999999:a",
                            "[3:NN",
                            "[4294967295:N",
                            "[18446744073709551615:N",
                            "{1:N",
                            "(1:",
                            "[1:[1:[1:",
                            "s-1:a",
                            "?3:ab"}) {
    INFO(bytes);
    CHECK(!parse_wire_value(bytes, kManyValues).ok());
  }
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "[1:";
  CHECK(!parse_wire_value(deep + "N", kManyValues).ok());
}

TEST_CASE("A result takes memory for what it holds, not for what it claims or repeats") {
  const auto peak_mib = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
  };
  const long before = peak_mib();
  constexpr std::size_t kBytes = std::size_t{32} << 20;
  std::string nested;
  for (int i = 0; i < 50; ++i) nested += "[" + std::to_string(kBytes / 2) + ":";
  nested.resize(kBytes, 'X');
  CHECK(!parse_wire_value(nested, kManyValues).ok());
  const std::string nothing = "[" + std::to_string(kBytes) + ":" + std::string(kBytes, 'N');
  const auto flood = parse_wire_value(nothing, kManyValues);
  REQUIRE(!flood.ok());
  CHECK(flood.error().message() == "holds more than 1000 values");
  CHECK(peak_mib() - before < 200);
}

TEST_CASE("As many values as are allowed are read, and equal values count the same") {
  CHECK(parse_wire_value("[2:N[1:i1:5", 4).ok());
  CHECK(!parse_wire_value("[2:N[1:i1:5", 3).ok());
  CHECK(!parse_wire_value("N", 0).ok());
  CHECK(count_values(parse_json_value(R"({"a":[1,[]],"b":null,"b":2})").take()) == 7);
  CHECK(count_values(parse_wire_value("{4:s1:a[2:i1:1[0:s1:bi1:2", 7).take()) == 7);
}

TEST_CASE("Python literals become JSON, and what is none does not") {
  const auto json = [](const char* literal) { return literal_to_json(literal).value_or("-"); };
  CHECK(json("[1, -2.5, 'a', \"it's\", None, True, False]") ==
        R"([1,-2.5,"a","it's",null,true,false])");
  CHECK(json("(1, (2,), [])") == "[1,[2],[]]");
  CHECK(json("{'a': [1], 'b': {}}") == R"({"a":[1],"b":{}})");
  CHECK(json(R"('\x41\u00e9\n\\\'')") == "\"A\xc3\xa9\\n\\\\'\"");
  CHECK(json("1e-05") == "1e-05");
  CHECK(json("[inf, -inf, nan]") == "[Infinity,-Infinity,NaN]");
  for (const char* bad : {"", "[", "[1 2]", "foo", "1 2", "'a", "{1: 2}", "[1]]",
                          "__import__('os')", "'\\q'", "01", "infinity"}) {
    INFO(bad);
    CHECK(!literal_to_json(bad));
  }
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  CHECK(!literal_to_json(deep));
  CHECK(list_to_json("[[24, 9], 1]") == std::vector<std::string>{"[24,9]", "1"});
  CHECK(list_to_json("[]") == std::vector<std::string>{});
  CHECK(!list_to_json("[1] 2"));
}

}  // namespace quorum::code
