#include "base/error.h"
#include "base/file.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "benchmarks/private_set.h"
#include "benchmarks/registry.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

const std::string kGood = R"({"id":"a","problem":"1+1?","answer":"2"})";

// "row field: what" of the first problem; empty: none.
std::string first_problem(const std::string& text) {
  const TaskSet set = parse_private_set(text);
  if (set.problems.empty()) return "";
  const DataProblem& problem = set.problems.list.front();
  return std::to_string(problem.row) + " " + problem.field + ": " + problem.what;
}

bool begins(const std::string& text, const std::string& with) {
  INFO(text);
  CHECK(text.substr(0, with.size()) == with);
  return text.substr(0, with.size()) == with;
}

}  // namespace

TEST_CASE("A private set keeps ids problems and answers as the file writes them") {
  const TaskSet set = parse_private_set(
      "\xEF\xBB\xBF" + kGood + "\r\n\n" +
      R"({"id":7,"problem":"ü \n x","answer":123456789012345678901234567890,"note":[1,{"a":null}]})" +
      "\n" + R"({"id":"c","problem":"p","answer":0.10,"grader":"math"})" + "\n" +
      R"({"id":"d","problem":"p","answer":25,"grader":"integer"})" + "\n" +
      R"x({"id":"e","problem":"p","answer":"(C)","grader":"choice"})x");
  INFO((set.problems.empty() ? "" : describe(set.problems.list[0])));
  REQUIRE(set.problems.empty());
  REQUIRE(set.rows.size() == 5);
  CHECK(set.rows[0].grader == GraderKind::kMath);
  CHECK(set.rows[1].id == "7");
  CHECK(set.rows[1].row == 3);
  CHECK(set.rows[1].problem == "ü \n x");
  CHECK(set.rows[1].gold == "123456789012345678901234567890");
  CHECK(set.rows[2].gold == "0.10");
  CHECK(set.rows[3].grader == GraderKind::kInteger);
}

TEST_CASE("A private set may be a JSON array") {
  const TaskSet set =
      parse_private_set("[" + kGood + "," + R"({"id":"b","problem":"p","answer":1})" + "]");
  CHECK(set.problems.empty());
  REQUIRE(set.rows.size() == 2);
  CHECK(set.rows[1].row == 2);
  CHECK(begins(first_problem("[" + kGood + ",3]"), "2 : is a number"));
  CHECK(begins(first_problem("[" + kGood + ",[[1]],{}]"), "2 : is an array"));
}

TEST_CASE("Every bad row is named with its field") {
  const std::string head = kGood + "\n";
  CHECK(begins(first_problem(head + "{"), "2 : is not JSON"));
  CHECK(begins(first_problem(head + "3"), "2 : is a number"));
  CHECK(begins(first_problem(head + "[1]"), "2 : is an array"));
  CHECK(begins(first_problem("[1,[{\"id\":[{}]}]]"), "1 : is a number"));
  CHECK(begins(first_problem(head + "\"x\"\n{\"id\":{\"a\":[{}]}}"), "2 : is a string"));
  CHECK(begins(first_problem(head + R"({"problem":"p","answer":1})"), "2 id: is missing"));
  CHECK(begins(first_problem(head + R"({"id":"","problem":"p","answer":1})"), "2 id: is empty"));
  CHECK(begins(first_problem(head + R"({"id":true,"problem":"p","answer":1})"),
               "2 id: is true or false"));
  CHECK(begins(first_problem(head + R"({"id":"a\nb","problem":"p","answer":1})"),
               "2 id: holds a control"));
  CHECK(begins(
      first_problem(head + R"({"id":")" + std::string(300, 'x') + R"(","problem":"p","answer":1})"),
      "2 id: has more than"));
  CHECK(begins(first_problem(head + R"({"id":"b","answer":1})"), "2 problem: is missing"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":" ","answer":1})"),
               "2 problem: is empty"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":5,"answer":1})"),
               "2 problem: is a number"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p"})"), "2 answer: is missing"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":null})"),
               "2 answer: is null"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":[1]})"),
               "2 answer: is an array"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":""})"),
               "2 answer: is empty"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":"x","grader":"integer"})"),
               "2 answer: is \"x\""));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":"dog","grader":"choice"})"),
               "2 answer: is \"dog\""));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":1,"grader":"maths"})"),
               "2 grader: is \"maths\""));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":1,"grader":3})"),
               "2 grader: is a number"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":1,"id":"c"})"),
               "2 id: appears twice"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"p","answer":1,"grade":"exact"})"),
               "2 grade: is not a known field"));
  CHECK(begins(first_problem(head + kGood), "2 id: \"a\" is the id of row 1 too"));
  CHECK(begins(first_problem(""), "0 : holds no rows"));
  CHECK(begins(first_problem("\n \n"), "0 : holds no rows"));
  CHECK(begins(first_problem(head + "{\"id\":\"b\",\"problem\":\"\xff\",\"answer\":1}"),
               "2 : holds bytes that are not UTF-8"));
  CHECK(begins(first_problem(head + R"({"id":"b","problem":"\ud800","answer":1})"),
               "2 : is not JSON"));
}

TEST_CASE("Problems are listed in the order of the rows") {
  CHECK(begins(first_problem(R"({"id":"a","problem":"p"})"
                             "\n{"),
               "1 answer: is missing"));
}

TEST_CASE("Messages of a row are checked and replace the prompt variant") {
  const TaskSet set = parse_private_set(
      R"({"id":"a","answer":1,"prompt":[{"role":"system","content":"s"},{"role":"user","content":"u"}]})");
  REQUIRE(set.problems.empty());
  REQUIRE(set.rows[0].messages.size() == 2);
  CHECK(set.rows[0].messages[1].content == "u");
  const auto prompt = [](const std::string& value) {
    return first_problem(R"({"id":"a","answer":1,"prompt":)" + value + "}");
  };
  CHECK(begins(prompt("\"u\""), "1 prompt: is a string"));
  CHECK(begins(prompt("[]"), "1 prompt: is empty"));
  CHECK(begins(prompt("[1]"), "1 prompt[0]: is not an object"));
  CHECK(begins(prompt(R"([{"role":"robot","content":"u"}])"), "1 prompt[0].role: is \"robot\""));
  CHECK(begins(prompt(R"([{"role":"user"}])"), "1 prompt[0].content: is missing"));
  CHECK(begins(prompt(R"([{"role":"user","content":"u"},{"role":"assistant","content":"v"}])"),
               "1 prompt: does not end"));
  CHECK(begins(prompt(R"([{"role":"user","content":"u"},{"role":"system","content":"v"}])"),
               "1 prompt[1].role: is system"));
}

TEST_CASE("Tests of a row are checked, and such a set opens") {
  const auto tests = [](const std::string& value) {
    return first_problem(R"({"id":"a","problem":"p","grader":"tests","tests":)" + value + "}");
  };
  CHECK(tests(R"([{"input":"1","output":"2"}])").empty());
  CHECK(tests(R"({"inputs":["1"],"outputs":["2"]})").empty());
  CHECK(begins(tests("[]"), "1 tests: is empty"));
  CHECK(begins(tests("3"), "1 tests: is a number"));
  CHECK(begins(tests(R"([{"input":"1"}])"), "1 tests[0].output: is missing"));
  CHECK(begins(tests(R"({"inputs":["1"],"outputs":[]})"), "1 tests.outputs: has another length"));
  CHECK(
      begins(first_problem(R"({"id":"a","problem":"p","grader":"tests"})"), "1 tests: is missing"));
  CHECK(begins(first_problem(R"({"id":"a","problem":"p","answer":1,"grader":"math","tests":[]})"),
               "1 tests: stands beside"));

  testing::ScratchFolder folder;
  const auto file = folder.path() / "code.jsonl";
  write_file_atomic(
      file,
      kGood + "\n" + R"({"id":"b","problem":"p","tests":[{"input":"1","output":"2"}]})" + "\n");
  CHECK(check_data(file).ok());
  BenchmarkRequest request;
  request.name = file.string();
  const Benchmark benchmark = open_benchmark(request);
  REQUIRE(benchmark.queries.size() == 2);
  CHECK(benchmark.queries[1].grader == GraderKind::kTests);
  CHECK(benchmark.grader->version().find("code-") != std::string::npos);
  // Without a sandbox the other rows are graded all the same.
  CHECK(benchmark.grader->grade(benchmark.queries[0], {"\\boxed{2}", false, false}).verdict ==
        Verdict::kCorrect);
  CHECK_THROWS_AS(
      benchmark.grader->grade(benchmark.queries[1], {"```\nprint(2)\n```", false, false}), Error);
}

TEST_CASE("Hostile rows end in problems and nothing else") {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  CHECK(begins(first_problem(R"({"id":"a","problem":"p","answer":1,"x":)" + deep + "}"),
               "1 : is nested deeper"));
  CHECK(!first_problem(deep).empty());
  CHECK(begins(
      first_problem(R"({"id":"a","problem":"p","answer":")" + std::string(5000, '1') + "\"}"),
      "1 answer: has more than"));
  CHECK(begins(
      first_problem(R"({"id":"a","problem":")" + std::string(2 << 20, 'p') + "\",\"answer\":1}"),
      "1 problem: has more than"));
  std::string many;
  for (int i = 0; i < 200; ++i) many += "{}\n";
  const TaskSet set = parse_private_set(many);
  CHECK(set.problems.list.size() == static_cast<std::size_t>(kMaxDataProblems));
  CHECK(set.problems.more > 0);
  std::string fields = R"({"id":"a")";
  for (int i = 0; i < 300; ++i) fields += ",\"f" + std::to_string(i) + "\":1";
  CHECK(begins(first_problem(fields + "}"), "1 : has more than 256 fields"));
}

TEST_CASE("A private set runs like a built-in one") {
  testing::ScratchFolder folder;
  const auto file = folder.path() / "mine.jsonl";
  write_file_atomic(file, kGood + "\n" + R"({"id":"b","problem":"1/2?","answer":0.5})" + "\n");
  BenchmarkRequest request;
  request.name = file.string();
  request.prompt = "plain";
  const Benchmark benchmark = open_benchmark(request);
  CHECK(benchmark.name == "mine");
  REQUIRE(benchmark.queries.size() == 2);
  CHECK(benchmark.queries[0].messages[0].content == "1+1?");
  CHECK(
      benchmark.grader->grade(benchmark.queries[1], {"\\boxed{\\frac12}", false, false}).verdict ==
      Verdict::kCorrect);
  const DataCheck check = check_data(file);
  CHECK(check.ok());
  CHECK(check.kind == "private");
  CHECK(check.rows == 2);
  CHECK(check.dataset_hash == benchmark.dataset_hash);
  write_file_atomic(file, "{}\n");
  CHECK_THROWS_AS(open_benchmark(request), Error);
  CHECK(check_data(file).problems.size() == 3);
}

TEST_CASE("The language of programs stands beside the tests or in them, and chooses the prompt") {
  const auto row = [](const std::string& id, const std::string& more) {
    return R"({"id":")" + id + R"(","problem":"P","tests":)" + more + "}\n";
  };
  const std::string list = R"([{"input":"1","output":"2"}])";
  const auto language = [&](const std::string& more) {
    const TaskSet set = parse_private_set(row("a", more));
    REQUIRE(set.problems.empty());
    const auto suite = code::parse_test_suite(set.rows[0].tests_json);
    REQUIRE(suite.ok());
    CHECK(suite.value().tests.size() == 1);
    CHECK(suite.value().tests[0].output == "2");
    CHECK(suite.value().language == set.rows[0].language);
    return set.rows[0].language;
  };
  CHECK(language(list) == code::SuiteLanguage::kPython);
  CHECK(language(list + R"(,"language":"cpp")") == code::SuiteLanguage::kCpp);
  CHECK(language(R"({"inputs":["1"],"outputs":["2"],"language":"any"})") ==
        code::SuiteLanguage::kAny);
  CHECK(language(R"({"inputs":["1"],"outputs":["2"]},"language":"any")") ==
        code::SuiteLanguage::kAny);
  begins(first_problem(row("a", list + R"(,"language":"java")")), "1 language: is \"java\"");
  begins(first_problem(row("a", list + R"(,"language":3)")), "1 language: is a number");
  begins(first_problem(row("a", R"([{"input":"1"}],"language":"cpp")")), "1 tests[0].output");
  begins(first_problem(row("a", list + R"(,"langage":"cpp")")), "1 langage: is not a known field");
  begins(first_problem(row("a", R"({"inputs":[],"outputs":[],"language":"any"},"language":"cpp")")),
         "1 language: is cpp, and another one in tests");

  testing::ScratchFolder folder;
  const auto prompt = [&](const std::string& rows) {
    const auto file = folder.path() / "mine.jsonl";
    write_file_atomic(file, rows);
    BenchmarkRequest request;
    request.name = file.string();
    return open_benchmark(request).prompt_variant;
  };
  const std::string python = row("p", list), cpp = row("c", list + R"(,"language":"cpp")");
  CHECK(prompt(python) == "code");
  CHECK(prompt(cpp) == "code-cpp");
  CHECK(prompt(python + cpp) == "code-any");
}

}  // namespace quorum
