// quorum audit, import and grade from outside: who disagrees with whom, and what a new grading
// changes.
#include <SQLiteCpp/SQLiteCpp.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

using namespace quorum;
using testing::run_program;
using testing::ScratchFolder;

namespace {

// Four judged completions: the second is rejected and the fourth accepted wrongly.
constexpr const char* kJudged =
    R"({"id":"a","problem":"What is 8 + 11?","answer":"19","text":"It is \\boxed{19}","correct":true,"pred":"19"})"
    "\n"
    R"({"id":"b","problem":"What is half of 5?","answer":"2.5","text":"\\boxed{\\frac{5}{2}}","correct":false,"pred":"5/2"})"
    "\n"
    R"({"id":"c","problem":"What is 3 * 4?","answer":"12","text":"I do not know.","correct":false})"
    "\n"
    R"({"id":"d","problem":"What is 9 - 2?","answer":"7","text":"\\boxed{700}","correct":true,"pred":"700"})"
    "\n";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("audit lists exactly the disagreements and says no with its exit code") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "judged.jsonl";
  write_file_atomic(file, kJudged);
  const auto text = run_program({"audit", file.string()});
  INFO(text.out << text.err);
  CHECK(text.exit_code == 1);
  CHECK(has(text.out, "row 2"));
  CHECK(has(text.out, "row 4"));
  CHECK(!has(text.out, "row 1"));
  CHECK(!has(text.out, "row 3"));
  CHECK(has(text.out, "4 samples, 4 with a label: 2 agree, 2 disagree"));

  const auto json = nlohmann::json::parse(run_program({"audit", "--json", file.string()}).out);
  CHECK(json.at("agree") == 2);
  CHECK(json.at("only_label_correct") == 1);
  CHECK(json.at("only_quorum_correct") == 1);
  CHECK(json.at("no_answer") == 1);
  CHECK(json.at("reasons").at("equal_exact") == 1);
  CHECK(json.at("reasons").at("unequal_value") == 1);
  CHECK(has(text.out, "our reasons: 1 equal_exact, 1 unequal_value"));
  REQUIRE(json.at("disagreements").size() == 2);
  const auto& first = json.at("disagreements").at(0);
  CHECK(first.at("query") == "b");
  CHECK(first.at("row") == 2);
  CHECK(first.at("gold") == "2.5");
  CHECK(first.at("label_correct") == false);
  CHECK(first.at("label_answer") == "5/2");
  CHECK(first.at("label_field") == "correct");
  CHECK(first.at("verdict") == "correct");
  CHECK(first.at("answer") == "\\frac{5}{2}");
  CHECK(first.at("reason") == "equal_exact");
}

TEST_CASE("audit under a policy judges by it and says so") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "judged.jsonl";
  write_file_atomic(
      file,
      R"({"id":"a","problem":"What is 5 / 7?","answer":"\\frac{5}{7}","text":"\\boxed{0.714}","correct":true})"
      "\n");
  CHECK(run_program({"audit", file.string()}).exit_code == 1);
  const auto result = run_program({"audit", "--policy", "rounding=3", "--json", file.string()});
  INFO(result.out << result.err);
  CHECK(result.exit_code == 0);
  const std::string grader = nlohmann::json::parse(result.out).at("grader");
  CHECK(has(grader, "+rounding=3"));
}

TEST_CASE("audit of what was imported finds the same as audit of the files") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "judged.jsonl", db = scratch.path() / "q.db";
  write_file_atomic(file, kJudged);
  const auto imported =
      run_program({"import", "--db", db.string(), "--bench", "own", "--model", "m", file.string()});
  INFO(imported.err);
  REQUIRE(imported.exit_code == 0);
  CHECK(has(imported.err, "4 with a label"));
  const auto audit = run_program({"audit", "--db", db.string(), "--json"});
  CHECK(audit.exit_code == 1);
  const auto json = nlohmann::json::parse(audit.out);
  CHECK(json.at("samples") == 4);
  REQUIRE(json.at("disagreements").size() == 2);
  CHECK(json.at("disagreements").at(0).at("query") == "b");
  CHECK(json.at("disagreements").at(0).at("model") == "m");
  CHECK(json.at("disagreements").at(1).at("query") == "d");
  CHECK(run_program({"audit", "--db", db.string(), "--bench", "other"}).exit_code == 2);

  // The same outputs with other labels: the newest count, and nothing is stored twice.
  std::string agreeing = kJudged;
  agreeing.replace(agreeing.find("false"), 5, "true");
  agreeing.replace(agreeing.rfind("true"), 4, "false");
  write_file_atomic(file, agreeing);
  REQUIRE(
      run_program({"import", "--db", db.string(), "--bench", "own", "--model", "m", file.string()})
          .exit_code == 0);
  const auto again = run_program({"audit", "--db", db.string(), "--json"});
  CHECK(again.exit_code == 0);
  CHECK(nlohmann::json::parse(again.out).at("labelled") == 4);
}

TEST_CASE("audit takes golds and graders from the benchmark that was answered") {
  const ScratchFolder scratch;
  const auto set = scratch.path() / "set.jsonl", file = scratch.path() / "judged.jsonl";
  write_file_atomic(set, R"({"id":"d","problem":"p","answer":"7","grader":"integer"})");
  write_file_atomic(file, R"({"id":"d","text":"\\boxed{7\\%}","correct":true})"
                          "\n"
                          R"({"id":"other","text":"\\boxed{7}","correct":true})");
  const auto result = run_program({"audit", "--data", scratch.path().string(), "--bench",
                                   set.string(), file.string(), "--json"});
  INFO(result.err);
  CHECK(result.exit_code == 1);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json.at("samples") == 1);
  CHECK(json.at("disagreements").at(0).at("reason") == "unequal_unit");
  CHECK(has(result.err, "row 2: fits no query"));
  // Without the benchmark the rows have no gold answer.
  const auto bare = run_program({"audit", file.string()});
  CHECK(bare.exit_code == 2);
  CHECK(has(bare.err, "--bench"));
}

TEST_CASE("audit without labels and with wrong flags says what to do") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "plain.jsonl";
  write_file_atomic(file, R"({"id":"a","answer":"1","text":"\\boxed{1}","judge":"yes"})");
  auto result = run_program({"audit", file.string()});
  CHECK(result.exit_code == 2);
  CHECK(has(result.err, "--label"));
  CHECK(run_program({"audit", file.string(), "--label", "judge"}).exit_code == 0);
  result = run_program({"audit", file.string(), "--grader", "best"});
  CHECK(result.exit_code == 2);
  CHECK(has(result.err, "integer, math, choice or exact"));
  CHECK(run_program({"audit", (scratch.path() / "none.jsonl").string()}).exit_code == 2);
}

TEST_CASE("solutions of data sets are gold answers by their box or mark") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "samples.jsonl";
  write_file_atomic(
      file,
      R"({"doc":{"problem":"p","solution":"x"},"target":"So it is $\\boxed{19}$ in all.","resps":[["\\boxed{19}"]],"metrics":["exact_match"],"exact_match":1})"
      "\n"
      R"({"doc":{"question":"q","answer":"5 + 5 = 10\n#### 10"},"target":"10","resps":[["The answer is 10."]],"metrics":["exact_match"],"exact_match":0})");
  const auto json = nlohmann::json::parse(run_program({"audit", file.string(), "--json"}).out);
  CHECK(json.at("agree") == 1);
  CHECK(json.at("disagreements").at(0).at("gold") == "10");
}

TEST_CASE("grade shows old and new verdict and answer and reason of what changed") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "judged.jsonl", db = scratch.path() / "q.db";
  write_file_atomic(file, kJudged);
  REQUIRE(
      run_program({"import", "--db", db.string(), "--bench", "own", "--model", "m", file.string()})
          .exit_code == 0);
  const auto same =
      nlohmann::json::parse(run_program({"grade", "--db", db.string(), "--json"}).out);
  CHECK(same.at("graded") == 4);
  CHECK(same.at("changed").empty());
  CHECK(same.at("became_correct") == 0);
  CHECK(same.at("other_reason") == 0);

  {
    // As an earlier grader could have left it.
    SQLite::Database old(db.string(), SQLite::OPEN_READWRITE);
    old.exec("UPDATE grade SET grader_version = 'math-0'");
    old.exec(
        "UPDATE grade SET verdict = 'incorrect', reason = 'not_proven' WHERE answer LIKE '%frac%'");
    old.exec("UPDATE grade SET reason = 'equal_numeric' WHERE answer = '19'");
  }
  const auto changed =
      nlohmann::json::parse(run_program({"grade", "--db", db.string(), "--json", "--reasons"}).out);
  CHECK(changed.at("became_correct") == 1);
  CHECK(changed.at("no_longer_correct") == 0);
  CHECK(changed.at("other_reason") == 1);
  REQUIRE(changed.at("changed").size() == 2);
  const auto& change = changed.at("changed").at(1);
  CHECK(change.at("query") == "b");
  CHECK(change.at("gold") == "2.5");
  CHECK(change.at("before_grader") == "math-0");
  CHECK(change.at("before_verdict") == "incorrect");
  CHECK(change.at("before_reason") == "not_proven");
  CHECK(change.at("before_answer") == "\\frac{5}{2}");
  CHECK(change.at("after_verdict") == "correct");
  CHECK(change.at("after_reason") == "equal_exact");
  // Now it is done, and the report shows it.
  const auto text = run_program({"grade", "--db", db.string()});
  CHECK(text.exit_code == 0);
  CHECK(has(text.out, "4 samples graded by "));
  CHECK(has(text.out, " 0 changed"));
}

TEST_CASE("grade under a policy and back shows each change and what is comparable") {
  const ScratchFolder scratch;
  const auto file = scratch.path() / "rounded.jsonl", db = scratch.path() / "q.db";
  write_file_atomic(
      file,
      R"({"id":"a","problem":"What is 5 / 7?","answer":"\\frac{5}{7}","text":"\\boxed{0.714}"})"
      "\n");
  const auto import_as = [&](const char* model) {
    REQUIRE(run_program(
                {"import", "--db", db.string(), "--bench", "own", "--model", model, file.string()})
                .exit_code == 0);
  };
  const auto comparable = [&] {
    return !has(run_program({"report", "--db", db.string()}).out, "NOT COMPARABLE");
  };
  import_as("one");
  const auto under = nlohmann::json::parse(
      run_program({"grade", "--db", db.string(), "--policy", "rounding=3", "--json"}).out);
  CHECK(under.at("became_correct") == 1);
  REQUIRE(under.at("changed").size() == 1);
  const std::string strict = under.at("changed").at(0).at("before_grader");
  CHECK(under.at("grader") == strict + "+rounding=3");
  CHECK(under.at("changed").at(0).at("after_reason") == "equal_by_policy");
  CHECK(comparable());
  import_as("two");
  CHECK(!comparable());
  const auto back =
      nlohmann::json::parse(run_program({"grade", "--db", db.string(), "--json"}).out);
  CHECK(back.at("grader") == strict);
  CHECK(back.at("graded") == 2);
  CHECK(back.at("no_longer_correct") == 1);
  CHECK(comparable());
}

TEST_CASE("the published outputs are audited with few disagreements and all of them ours") {
  for (const auto& [name, most] : {std::pair<const char*, int>{"qwen25math_8x100.jsonl", 1},
                                   {"skythought_qwen25_32b_math500.json", 6}}) {
    const auto path = testing::shared_data(std::string("outputs/") + name);
    if (!path) return;
    const auto result = run_program({"audit", path->string(), "--json"});
    INFO(name << result.err);
    const auto json = nlohmann::json::parse(result.out);
    // Each of these was looked at: the label is wrong (docs/GRADING.md).
    CHECK(json.at("disagree") == most);
    CHECK(json.at("only_label_correct") == 0);
  }
}
