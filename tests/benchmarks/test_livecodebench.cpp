#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/livecodebench/code_extraction.h"
#include "benchmarks/livecodebench/known_bad.h"
#include "benchmarks/livecodebench/livecodebench.h"
#include "benchmarks/livecodebench/problems.h"
#include "benchmarks/registry.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum::code {
namespace {

using Json = nlohmann::ordered_json;

// A row as the published files have them.
Json published(const std::string& id, const std::string& date) {
  return {{"question_title", "Sum " + id},
          {"question_content", "Print the sum of two numbers."},
          {"platform", "atcoder"},
          {"question_id", id},
          {"contest_id", "x1"},
          {"contest_date", date + "T00:00:00"},
          {"starter_code", ""},
          {"difficulty", "easy"},
          {"public_test_cases", R"([{"input": "1 2\n", "output": "3\n", "testtype": "stdin"}])"},
          {"private_test_cases", R"([{"input": "5 6\n", "output": "11\n", "testtype": "stdin"}])"},
          {"metadata", "{}"}};
}

// The encoded form of a text, from the goldens.
std::string encoded_tests() {
  for (const std::string& line :
       split(read_file(testing::source_path("tests/golden/encoded_tests.jsonl")), '\n')) {
    const Json row = Json::parse(line);
    if (row.contains("text") &&
        row["text"].get<std::string>().find("testtype") != std::string::npos)
      return row["encoded"];
  }
  return {};
}

std::string hostile_tests() {
  for (const std::string& line :
       split(read_file(testing::source_path("tests/golden/encoded_tests.jsonl")), '\n'))
    if (const Json row = Json::parse(line); row.contains("refused")) return row["encoded"];
  return {};
}

void write_rows(const std::filesystem::path& path, const std::vector<Json>& rows) {
  std::string text;
  for (const Json& row : rows) text += row.dump() + "\n";
  write_file_atomic(path, text);
}

Benchmark open(const std::string& name, const std::filesystem::path& folder) {
  BenchmarkRequest request;
  request.name = name;
  request.data_folders = {folder};
  return open_benchmark(request);
}

std::string extracted(ExtractionRule rule, const std::string& text, bool truncated = false) {
  const ExtractedCode code = extract_code(rule, {text, false, truncated});
  return code.program ? *code.program : "-" + code.reason;
}

}  // namespace

TEST_CASE("A name says which release and which contests are meant") {
  CHECK(parse_release("livecodebench").name() == "livecodebench:v6");
  CHECK(parse_release("lcb:v5").name() == "livecodebench:v5");
  const Release r1 = parse_release("livecodebench:v5:2024-08-01..2025-02-01");
  CHECK(r1.name() == "livecodebench:v5:2024-08-01..2025-02-01");
  CHECK(r1.is_r1_window());
  CHECK(r1.contains("2024-08-01T00:00:00"));
  CHECK(r1.contains("2025-01-31T18:30:00"));
  CHECK(!r1.contains("2025-02-01T00:00:00"));
  CHECK(!r1.contains("2024-07-31"));
  CHECK(is_livecodebench("lcb:v1"));
  CHECK(!is_livecodebench("lcbench"));
  for (const char* bad :
       {"lcb:v0", "lcb:v7", "lcb:5", "lcb:", "lcb:v5:", "lcb:v5:2024", "lcb:v5:2024-08-01",
        "lcb:v5:a..b", "lcb:v5:2024-02-30..2024-03-01", "lcb:v5:2024-08-01..2024-08-01",
        "lcb:v5:2024-08-01..2023-01-01", "lcb:v5:2024-08-01..2025-02-01:x", "lcb:v55"}) {
    INFO(bad);
    CHECK_THROWS_AS(parse_release(bad), Error);
  }
  CHECK(is_day("2024-02-29"));
  CHECK(!is_day("2023-02-29"));
}

TEST_CASE("Releases are the published files up to theirs, and windows take contests by date") {
  testing::ScratchFolder folder;
  std::filesystem::create_directories(folder.path() / "livecodebench");
  write_rows(folder.path() / "livecodebench/test.jsonl",
             {published("a", "2023-05-07"), published("b", "2024-08-01")});
  write_rows(folder.path() / "livecodebench/test2.jsonl", {published("c", "2024-09-01")});
  CHECK(open("livecodebench:v1", folder.path()).queries.size() == 2);
  const Benchmark v2 = open("lcb:v2", folder.path());
  CHECK(v2.name == "livecodebench:v2");
  REQUIRE(v2.queries.size() == 3);
  CHECK(v2.queries[2].id == "c");
  CHECK(v2.prompt_variant == "code");
  CHECK(v2.partial);  // release v2 has 511 problems
  CHECK(v2.queries[0].messages.back().content.find("Print the sum") == 0);
  const auto suite = parse_test_suite(v2.queries[0].tests_json);
  REQUIRE(suite.ok());
  REQUIRE(suite.value().tests.size() == 2);  // public tests first
  CHECK(suite.value().tests[0].output == "3\n");
  CHECK(suite.value().tests[1].output == "11\n");
  const Benchmark window = open("livecodebench:v2:2024-08-01..2024-09-01", folder.path());
  REQUIRE(window.queries.size() == 1);
  CHECK(window.queries[0].id == "b");
  CHECK(window.dataset_hash != v2.dataset_hash);
  try {
    open("livecodebench:v3", folder.path());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("holds only v2") != std::string::npos);
  }
  CHECK_THROWS_AS(open("livecodebench:v2:2020-01-01..2020-02-01", folder.path()), Error);
}

TEST_CASE("Functions, starter code and encoded tests of published rows are read") {
  Json row = published("f", "2024-01-01");
  row["starter_code"] = "class Solution:\n    def add(self, a: int, b: int) -> int:\n        ";
  row["metadata"] = R"({"func_name": "add"})";
  row["public_test_cases"] = R"([{"input": "1\n2", "output": "3", "testtype": "functional"}])";
  row["private_test_cases"] = "[]";
  testing::ScratchFolder folder;
  write_rows(folder.path() / "test.jsonl", {row, published("s", "2024-01-01")});
  row["private_test_cases"] = encoded_tests();
  row["question_id"] = "g";
  row["question_title"] = "find-the-peaks";
  row["metadata"] = "{}";
  row["starter_code"] = "";
  row["public_test_cases"] = "[]";
  write_rows(folder.path() / "test2.jsonl", {row});
  const Benchmark benchmark = open("livecodebench:v2", folder.path());
  const auto function = parse_test_suite(benchmark.queries[0].tests_json);
  REQUIRE(function.ok());
  CHECK(function.value().function == "add");
  CHECK(benchmark.queries[0].messages.back().content.find(
            "```python\nclass Solution:\n    def add") != std::string::npos);
  const auto hidden = parse_test_suite(benchmark.queries[2].tests_json);
  REQUIRE(hidden.ok());
  CHECK(hidden.value().function.empty());
  CHECK(hidden.value().tests.size() == 2);
  CHECK(hidden.value().known_bad == known_bad("", "find-the-peaks"));
  CHECK(check_data(folder.path() / "test2.jsonl").kind == "livecodebench");
  const AddedData added = add_data(folder.path() / "test2.jsonl", folder.path() / "cache");
  CHECK(added.queries == 1);
  CHECK(read_file(added.path) == read_file(folder.path() / "test2.jsonl"));
}

TEST_CASE(
    "What is wrong with a published file names row and field, and hostile pickles never run") {
  testing::ScratchFolder folder;
  const auto file = folder.path() / "test.jsonl";
  const auto problem = [&](const char* field, const Json& value) {
    Json row = published("b", "2024-01-01");
    row[field] = value;
    write_rows(file, {published("a", "2024-01-01"), row});
    const DataCheck check = check_data(file);
    REQUIRE(check.problems.size() == 1);
    CHECK(check.problems[0].row == 2);
    CHECK(check.problems[0].field == field);
    CHECK_THROWS_AS(open("livecodebench:v1", folder.path()), Error);
    return describe(check.problems[0]);
  };
  const auto has = [](const std::string& text, const std::string& words) {
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  };
  has(problem("private_test_cases", hostile_tests()), "it was not run");
  has(problem("private_test_cases", hostile_tests()), "as the file was published");
  has(problem("private_test_cases", "eJ!"), "base64");
  has(problem("private_test_cases", R"([{"input": 1}])"), "tests[0].input");
  has(problem("private_test_cases", Json(nullptr)), "is missing");
  has(problem("public_test_cases", "[{]"), "no JSON");
  has(problem("metadata", "func_name"), "is not a JSON object");
  has(problem("contest_date", "yesterday"), "is \"yesterday\"");
  has(problem("question_id", "a"), "appears twice");
}

TEST_CASE("The shared files give the published sizes of releases and of R1's window") {
  const auto data = testing::shared_data("livecodebench/problems_1055.jsonl");
  if (!data) return;
  std::map<std::string, std::map<std::string, int>> sizes;
  int row = 0;
  for (const std::string& line : split(read_file(*data), '\n')) {
    if (line.empty()) continue;
    const Json problem = Json::parse(line);
    ++row;
    for (const char* name :
         {"lcb:v5", "lcb:v6", "lcb:v5:2024-08-01..2025-02-01", "lcb:v6:2024-08-01..2025-02-01"}) {
      const Release release = parse_release(name);
      if (row > kReleaseSizes[static_cast<std::size_t>(release.number - 1)]) continue;
      if (!release.contains(problem["contest_date"].get<std::string>())) continue;
      ++sizes[name][problem["difficulty"]];
      ++sizes[name]["all"];
    }
  }
  using Sizes = std::map<std::string, int>;
  CHECK(sizes["lcb:v5"]["all"] == 880);
  CHECK(sizes["lcb:v6"]["all"] == 1055);
  CHECK((sizes["lcb:v5:2024-08-01..2025-02-01"] ==
         Sizes{{"all", 279}, {"easy", 67}, {"medium", 89}, {"hard", 123}}));
  CHECK((sizes["lcb:v6:2024-08-01..2025-02-01"] ==
         Sizes{{"all", 323}, {"easy", 79}, {"medium", 102}, {"hard", 142}}));
  const auto window = testing::shared_data("livecodebench/v5_prompts_279.jsonl");
  if (!window) return;
  int in_window = 0;
  for (const std::string& line : split(read_file(*window), '\n'))
    if (!line.empty())
      in_window += parse_release("lcb:v5:2024-08-01..2025-02-01")
                       .contains(Json::parse(line)["contest_date"].get<std::string>());
  CHECK(in_window == 279);
}

TEST_CASE("The shared evaluation files open as a set that says what it lacks") {
  const auto data = testing::shared_data(".");
  if (!data) return;
  const Benchmark all = open("livecodebench:v6", *data);
  CHECK(all.queries.size() == 1055);
  CHECK(all.card.published_name.empty());
  CHECK(all.card.protocol.find("not the official suites") != std::string::npos);
  int functions = 0, tests = 0, marked = 0;
  for (const Query& query : all.queries) {
    const auto suite = parse_test_suite(query.tests_json);
    REQUIRE(suite.ok());
    functions += suite.value().function.empty() ? 0 : 1;
    tests += static_cast<int>(suite.value().tests.size());
    marked += suite.value().known_bad.empty() ? 0 : 1;
  }
  CHECK(functions == 444);
  // Samples of pages, examples of statements without the one that is shown rounded, and recovered.
  CHECK(tests == 1668 + 1094 + 1148);
  CHECK(marked > 10);
  CHECK(check_data(*data / "livecodebench/problems_1055.jsonl").notes.front().find("48 tests") ==
        0);
  CHECK_THROWS_AS(open("livecodebench:v4", *data), Error);
}

TEST_CASE(
    "Evaluation rows take samples without page marks and examples, and mend what is recorded") {
  Json stdin_row = published("s", "2024-01-01");
  Json function_row = published("f", "2024-01-01");
  for (Json* row : {&stdin_row, &function_row})
    for (const char* name : {"public_test_cases", "private_test_cases", "metadata"})
      row->erase(name);
  stdin_row["sample_tests"] = {{{"input", "1\r\n\n2\n"}, {"output", "3\n"}}};
  function_row["sample_tests"] = Json::array();
  function_row["starter_code"] = "class Solution:\n    def top(self, a: List[int]) -> int:\n";
  function_row["question_content"] = "Top.\nExample 1:\n\nInput: a = [2,3,1]\nOutput: 3\n";
  testing::ScratchFolder folder;
  write_rows(folder.path() / "problems_1055.jsonl", {stdin_row, function_row});
  const auto recorded = [](const char* input, const char* expected) {
    return Json{
        {"question_id", "f"}, {"input", input}, {"expected", expected}, {"testtype", "functional"}};
  };
  write_rows(folder.path() / "recovered_tests.jsonl",
             {recorded("[[1, 2, 3]]", "3"), recorded("[[5, 4]]", "5")});
  const Benchmark benchmark = open("livecodebench:v6", folder.path());
  REQUIRE(benchmark.queries.size() == 2);
  const auto lines = parse_test_suite(benchmark.queries[0].tests_json).value();
  CHECK(lines.tests[0].input == "1\n2\n");
  const auto top = parse_test_suite(benchmark.queries[1].tests_json).value();
  CHECK(top.function == "top");
  REQUIRE(top.tests.size() == 3);
  CHECK(top.tests[0].input == "[2,3,1]");
  CHECK(top.tests[1].input == "[2,3,1]");
  CHECK(top.tests[2].input == "[5,4]");
}

TEST_CASE("The official rule takes what stands between the last two lines with a fence") {
  const auto code = [](const std::string& text) {
    return extracted(ExtractionRule::kOfficial, text);
  };
  CHECK(code("a\n```python\nx\ny\n```\nb") == "x\ny");
  CHECK(code("```\none\n```\n```py\ntwo\n```") == "two");
  CHECK(code("```\nx") == "");
  CHECK(code("no code") == "");
  CHECK(code("```\nx\n```\nuse ```x``` there") == "");  // the lines follow each other
  CHECK(code("```\nx\n```\ntext\nuse ```x``` there") == "text");
  CHECK(code("```\nx\r\n```") == "x\r");
}

TEST_CASE("Our rule takes the last closed block behind the thought") {
  const auto code = [](const std::string& text, bool truncated = false) {
    return extracted(ExtractionRule::kLastBlock, text, truncated);
  };
  CHECK(code("a\n```python\nx\ny\n```\nb") == "x\ny");
  CHECK(code("```\nx\n```\ntext\nuse ```x``` there") == "x");
  CHECK(code("```\none\n```\n```py\ntwo\n```") == "two");
  CHECK(code("```\none\n```\n```py\ntwo", true) == "one");
  CHECK(code("<think>\n```\nin\n```\n</think>\nno") == "-no_code");
  CHECK(code("<think>\n```\nin\n```\n</think>\n```\nout\n```") == "out");
  CHECK(code("<think>\n```\nin\n```\n") == "-unfinished_thought");
  CHECK(code("````\nx = '''\n```\n'''\n````") == "x = '''\n```\n'''");
  CHECK(code("~~~\nx\n~~~") == "x");
  CHECK(code("```python\nx", true) == "-truncated");
  CHECK(code("no code") == "-no_code");
}

TEST_CASE("Our rule takes the program that a reader takes") {
  const auto code = [](const std::string& text, bool truncated = false) {
    return extracted(ExtractionRule::kLastBlock, text, truncated);
  };
  // Behind the program come its output, a command, another language.
  CHECK(code("```python\nx\n```\nIt prints\n```\n3\n```") == "x");
  CHECK(code("```Python 3.11\nx\n```\nRun it:\n```bash\npython3 x.py\n```") == "x");
  CHECK(code("```\nx\n```\n```text\n3\n```") == "x");
  CHECK(code("```java\nx\n```") == "x");
  CHECK(code("```py\none\n```\n```{.python}\ntwo\n```\n```cpp\nthree\n```") == "two");
  // Fences in lists are indented, and their lines with them.
  CHECK(code("1. So:\n\n   ```python\n   if x:\n       y\n\n   z\n   ```\n") ==
        "if x:\n    y\n\nz");
  CHECK(code("\t~~~python\n\tx\n\t  y\n\t~~~") == "x\n  y");
  CHECK(code("  ```python\nx\n y\n  ```") == "x\ny");
  // A fence that was forgotten, or stands in the middle of a line.
  CHECK(code("```python\nhalf\n\nNo, better:\n```python\nwhole\n```") == "whole");
  CHECK(code("The program: ```python\nx\n```") == "x");
  CHECK(code("I use ```python\nas asked\n```python\nx\n```") == "x");
  CHECK(code("```python\nx\nprint(y)```\nThat is it.") == "x\nprint(y)");
  CHECK(code("```python\nx\n```That is it.") == "x");
  CHECK(code("```python\nprint('```')\nx\n```") == "print('```')\nx");
  CHECK(code("```python\nx = 1\ny") == "x = 1\ny");
  CHECK(code("```python\nx = 1\ny", true) == "-truncated");
  CHECK(code("```python\nx\n```\n```python\ny") == "x");
  // Blocks in a block of Markdown, and blocks without anything.
  CHECK(code("````markdown\nSo:\n```python\nx\n```\n````") == "x");
  CHECK(code("```python\nx\n```\n```python\n\n```") == "x");
  CHECK(code("``` python \nx\n``` ") == "x");
  CHECK(code("```python\r\nx\r\n```\r\n") == "x\r");
}

TEST_CASE("Where C++ is wanted or allowed a block's fence says what it is") {
  using sandbox::Language;
  const auto taken = [](const std::string& text, SuiteLanguage wanted) {
    const ExtractedCode code =
        extract_code(ExtractionRule::kLastBlock, {text, false, false}, wanted);
    REQUIRE(code.program);
    return std::string(to_string(code.language)) + " " + *code.program;
  };
  const auto any = [&](const std::string& text) { return taken(text, SuiteLanguage::kAny); };
  const auto cpp = [&](const std::string& text) { return taken(text, SuiteLanguage::kCpp); };
  CHECK(any("```cpp\na\n```") == "cpp a");
  CHECK(any("```C++ title=x\na\n```") == "cpp a");
  CHECK(any("~~~{.cxx}\na\n~~~") == "cpp a");
  CHECK(any("```python3\n#include\n```") == "python #include");
  CHECK(any("```\n #include <x>\n```") == "cpp  #include <x>");
  CHECK(any("```\nprint('#include')\n```") == "python print('#include')");
  CHECK(any("```cpp\na\n```\n```python\nb\n```") == "python b");
  CHECK(any("```cpp\na\n```\n```\noutput\n```") == "cpp a");
  CHECK(cpp("```cpp\na\n```\n```sh\nb\n```\n```python\nc\n```") == "cpp a");
  CHECK(cpp("```cpp\na\n```\n```cpp\nb\n```") == "cpp b");
  CHECK(cpp("```\na\n```\n```\nb\n```") == "cpp b");
  CHECK(taken("```python\na\n```\n```cpp\nb\n```", SuiteLanguage::kPython) == "python a");
}

TEST_CASE("On the shared outputs the official rule gives the recorded programs") {
  for (const char* name : {"o1_mini_eval_all.json", "qwen25_7b_eval_all.json"}) {
    const auto data = testing::shared_data(std::string("livecodebench/") + name);
    if (!data) return;
    int different = 0, rows = 0;
    for (const Json& row : Json::parse(read_file(*data))) {
      ++rows;
      different += official_code(row["output_list"][0].get<std::string>()) !=
                   row["code_list"][0].get<std::string>();
    }
    CHECK(rows >= 880);
    CHECK(different == 0);
  }
}

}  // namespace quorum::code
