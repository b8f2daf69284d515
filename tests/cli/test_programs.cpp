// Programs from the model to the report: generated, graded in the sandbox, imported, audited.
#include <signal.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

using namespace quorum;
using testing::run_program;
using testing::ScratchFolder;
using Json = nlohmann::json;

namespace {

bool has_sandbox() {
  ScratchFolder scratch;
  write_file_atomic(scratch.path() / "p.py", "print(1)\n");
  if (run_program({"exec", (scratch.path() / "p.py").string()}).exit_code == 0) return true;
  std::cout << "SKIPPED: programs cannot be run here\n";
  return false;
}

std::vector<std::string> small_run(const std::filesystem::path& db,
                                   const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"run",     "--model", "models/tiny", "--bench", "mini-code",
                                     "--limit", "6",       "--samples",   "4",       "--max-tokens",
                                     "160",     "--quiet", "--json",      "--db",    db.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

constexpr const char* kSet =
    R"({"id":"sum","problem":"Add.","tests":[{"input":"1 2\n","output":"3\n"},{"input":"5 6\n","output":"11\n"}]})"
    "\n"
    R"({"id":"f","problem":"Add.","tests":{"fn_name":"f","inputs":["1\n2"],"outputs":["3"]}})"
    "\n";
constexpr const char* kOutputs =
    R"({"question_id":"sum","output_list":["```python\nprint(sum(map(int,input().split())))\n```","```python\nimport sys\nprint(sum(map(int,list(sys.stdin)[0].split())))\n```"],"graded_list":[true,false]})"
    "\n"
    R"({"question_id":"f","output_list":["```python\ndef f(a,b): return a+b\n```","none"],"graded_list":[false,false]})"
    "\n";

// In `language`, as queries and the blocks of answers name it: `quick` is one program, `slow` takes
// 3 s for each of its four tests.
void expect_resumed(const std::string& language, const std::string& quick,
                    const std::string& slow) {
  INFO(language);
  ScratchFolder scratch;
  const auto set = scratch.path() / "set.jsonl", outputs = scratch.path() / "out.jsonl",
             db = scratch.path() / "q.db", err = scratch.path() / "err";
  const std::string test = R"({"input":"","output":"1"})", tests = test + "," + test;
  const std::string end = R"(],"language":")" + language + "\"}\n";
  write_file_atomic(set, R"({"id":"quick","problem":"1","tests":[)" + test + end +
                             R"({"id":"slow","problem":"2","tests":[)" + tests + "," + tests + end);
  const auto answer = [&](const char* id, const std::string& program) {
    return Json{{"id", id}, {"output", "```" + language + "\n" + program + "```"}}.dump() + "\n";
  };
  write_file_atomic(outputs, answer("quick", quick) + answer("slow", slow));
  const auto exported = [&] { return run_program({"export", "--db", db.string()}).out; };
  const auto has = [](const std::string& text, const char* words) {
    return text.find(words) != std::string::npos;
  };
  // Interrupts when `begun` says so; gives the seconds until the program was gone.
  const auto interrupted = [&](const std::vector<std::string>& arguments, const auto& begun) {
    const pid_t pid = testing::start_program(arguments, scratch.path() / "stdout", err);
    for (int i = 0; i < 500 && !begun(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto start = std::chrono::steady_clock::now();
    ::kill(pid, SIGINT);
    CHECK(testing::wait_program(pid) == 130);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const std::vector<std::string> mode{"--tests-mode", "process", "--db", db.string()};
  std::vector<std::string> import{"import", "--bench", set.string(),    "--model",
                                  "m",      "--quiet", outputs.string()};
  std::vector<std::string> grade{"grade"};
  for (auto* arguments : {&import, &grade})
    arguments->insert(arguments->end(), mode.begin(), mode.end());
  CHECK(interrupted(import, [&] { return has(exported(), "process:AC"); }) < 6);
  CHECK(has(exported(), R"("query":"quick")"));
  CHECK(has(exported(), R"("reason":"process:AC")"));

  int looks = 0;
  CHECK(interrupted(grade, [&] { return ++looks > 50; }) < 6);
  CHECK(!has(read_file(err), "INCOMPLETE"));
  CHECK(has(exported(), R"("reason":"process:AC")"));

  const auto resumed = run_program(grade);
  INFO(resumed.err);
  CHECK(resumed.exit_code == 0);
  const std::string all = exported();
  CHECK(all.find("process:AC", all.find("process:AC") + 1) != std::string::npos);
}

}  // namespace

TEST_CASE("the embedded checkpoint writes programs and the sandbox judges them") {
  if (!has_sandbox()) return;
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  const auto result = run_program(small_run(db));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const Json row = Json::parse(result.out)["rows"][0];
  CHECK(row["pass_at_1"].get<double>() > 0.3);
  REQUIRE(row["modes"]["scores"].size() == 2);
  CHECK(row["modes"]["scores"][0]["mode"] == "process");
  CHECK(row["manifest"]["sandbox"]["level"].is_string());
  CHECK(row["setting"]["grader"] == "code-2+process,lcb-official");
}

TEST_CASE("what is generated without grading is graded later to the same verdicts") {
  if (!has_sandbox()) return;
  ScratchFolder scratch;
  const auto now = scratch.path() / "now.db", later = scratch.path() / "later.db";
  REQUIRE(run_program(small_run(now)).exit_code == 0);
  REQUIRE(run_program(small_run(later, {"--generate-only"})).exit_code == 0);
  const auto ungraded = run_program({"export", "--db", later.string()});
  CHECK(ungraded.out.find("process:") == std::string::npos);
  const auto graded = run_program({"grade", "--db", later.string(), "--json"});
  INFO(graded.err);
  REQUIRE(graded.exit_code == 0);
  CHECK(Json::parse(graded.out)["graded"] == 24);
  CHECK(run_program({"export", "--db", later.string()}).out ==
        run_program({"export", "--db", now.string()}).out);
}

TEST_CASE("an unusable level stops a run before anything is generated") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  const auto unknown = run_program(small_run(db, {"--sandbox-level", "Z"}));
  CHECK(unknown.exit_code == 2);
  CHECK(run_program(small_run(db, {"--tests-mode", "fast"})).exit_code == 2);
  CHECK(run_program(small_run(db, {"--code-block", "first"})).exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(db));
}

TEST_CASE("a set whose answers may be in C++ is refused before anything runs where C++ is not") {
  ScratchFolder scratch;
  const auto set = scratch.path() / "set.jsonl", outputs = scratch.path() / "out.jsonl",
             db = scratch.path() / "q.db", python = scratch.path() / "p.py";
  write_file_atomic(python, "print(1)\n");
  // The level that compiles nothing stands for a machine without a compiler.
  if (run_program({"exec", python.string(), "--sandbox-level", "D"}).exit_code != 0) {
    std::cout << "SKIPPED: level D does not hold here\n";
    return;
  }
  write_file_atomic(outputs, R"({"id":"one","output":"```python\nprint(1)\n```"})"
                             "\n");
  const auto imported = [&](const std::string& language) {
    write_file_atomic(set, R"({"id":"one","problem":"One.","tests":[{"input":"","output":"1\n"}],)"
                           R"("language":")" +
                               language + "\"}\n");
    return run_program({"import", "--bench", set.string(), "--model", "m", "--db", db.string(),
                        "--sandbox-level", "D", outputs.string()});
  };
  for (const std::string language : {"cpp", "any"}) {
    const auto refused = imported(language);
    INFO(language << ": " << refused.err);
    CHECK(refused.exit_code == 4);
    CHECK(refused.err.find("answers to query one may be in C++") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(db));
  }
  CHECK(imported("python").exit_code == 0);
}

TEST_CASE("the doctor says of C++ what a run would say") {
  const auto result = run_program({"doctor", "--json", "--sandbox-level", "D"});
  INFO(result.out);
  const Json findings = Json::parse(result.out).at("findings");
  const auto of = [&](const std::string& what) {
    for (const Json& each : findings)
      if (each.at("what") == what) return each;
    return Json();
  };
  if (of("Python programs").is_null()) {
    std::cout << "SKIPPED: level D does not hold here\n";
    return;
  }
  CHECK(of("C++ programs").at("state") == "warn");
  CHECK(of("C++ programs").at("advice") == "level C or a stronger one");
}

TEST_CASE("imported programs are judged, and an audit lists where the labels differ") {
  if (!has_sandbox()) return;
  ScratchFolder scratch;
  const auto set = scratch.path() / "set.jsonl", outputs = scratch.path() / "out.jsonl",
             db = scratch.path() / "q.db";
  write_file_atomic(set, kSet);
  write_file_atomic(outputs, kOutputs);
  const auto imported = run_program({"import", "--bench", set.string(), "--model", "m", "--db",
                                     db.string(), "--json", outputs.string()});
  INFO(imported.err);
  REQUIRE(imported.exit_code == 0);
  const Json row = Json::parse(imported.out)["rows"][0];
  CHECK(row["pass_at_1"] == 0.75);
  CHECK(row["no_answer"] == 0.25);
  REQUIRE(row["modes"]["differences"].size() == 1);
  CHECK(row["modes"]["differences"][0]["reason"] == "process:AC lcb-official:RE@1/2");
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"--db", db.string()},
        std::vector<std::string>{"--bench", set.string(), outputs.string()}}) {
    std::vector<std::string> arguments{"audit", "--json"};
    arguments.insert(arguments.end(), how.begin(), how.end());
    const auto audit = run_program(arguments);
    INFO(audit.err);
    REQUIRE(audit.exit_code == 1);
    const Json json = Json::parse(audit.out);
    CHECK(json["labelled"] == 4);
    CHECK(json["disagree"] == 2);
    CHECK(json["only_quorum_correct"] == 2);
  }
  // By the official rules the second program is wrong, as its label says.
  const auto official = run_program({"audit", "--json", "--tests-mode", "lcb-official", "--bench",
                                     set.string(), outputs.string()});
  CHECK(Json::parse(official.out)["disagree"] == 1);
}

TEST_CASE("an interruption ends programs at once, keeps what is graded, and grading resumes") {
  if (!has_sandbox()) return;
  expect_resumed("python", "print(1)\n", "import time\ntime.sleep(3)\nprint(1)\n");
}

TEST_CASE("an interruption ends programs in C++ at once, and their grading resumes") {
  const std::string quick = "#include <cstdio>\nint main() { std::puts(\"1\"); }\n";
  ScratchFolder scratch;
  write_file_atomic(scratch.path() / "p.cpp", quick);
  if (run_program({"exec", (scratch.path() / "p.cpp").string()}).exit_code == 0)
    expect_resumed(
        "cpp", quick,
        "#include <cstdio>\n#include <thread>\nint main() {\n  "
        "std::this_thread::sleep_for(std::chrono::seconds(3));\n  std::puts(\"1\");\n}\n");
}
