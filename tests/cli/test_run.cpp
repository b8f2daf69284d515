// Whole runs of the program on the embedded checkpoint: the same samples however they are made, and
// none lost.
#include <signal.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "base/philox.h"
#include "base/text.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

using namespace quorum;
using testing::run_program;
using testing::ScratchFolder;

namespace {

// A small run: 6 problems of `mini`, 8 samples each.
std::vector<std::string> small_run(const std::filesystem::path& db,
                                   const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"run",     "--model", "models/tiny", "--bench", "mini",
                                     "--limit", "6",       "--samples",   "8",       "--max-tokens",
                                     "160",     "--quiet", "--json",      "--db",    db.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string export_of(const std::filesystem::path& db) {
  const auto result = run_program({"export", "--db", db.string()});
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return result.out;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string exported_run(const std::vector<std::string>& more) {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  const auto result = run_program(small_run(db, more));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return export_of(db);
}

}  // namespace

TEST_CASE("samples do not depend on batch or threads or order or memory") {
  const std::string reference = exported_run({});
  REQUIRE(lines_of(reference) == 48);
  CHECK(exported_run({"--max-batch", "1"}) == reference);
  CHECK(exported_run({"--max-batch", "13", "--threads", "1"}) == reference);
  CHECK(exported_run({"--shuffle", "3"}) == reference);
  CHECK(exported_run({"--kv-memory", "4M"}) == reference);
  CHECK(exported_run({"--kv-memory", "4M", "--swap-memory", "0"}) == reference);
  CHECK(exported_run({"--kv-memory", "4M", "--swap-memory", "64M"}) == reference);
  CHECK(exported_run({"--seed", "1"}) != reference);
}

TEST_CASE("more samples add to what is stored and change nothing") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  REQUIRE(run_program(small_run(db, {"--samples", "3"})).exit_code == 0);
  CHECK(lines_of(export_of(db)) == 18);
  REQUIRE(run_program(small_run(db)).exit_code == 0);
  CHECK(export_of(db) == exported_run({}));
}

// QUORUM_KILLS=120 makes a soak of it; the moments are spread over the run at random, but the same
// in each run.
TEST_CASE("a killed run resumes to the same export and loses nothing that was stored") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  const char* wanted = std::getenv("QUORUM_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 6;
  // A soak needs a run that outlives its kills: the more there are, the more samples.
  const std::string samples = std::to_string(std::max(24, 6 * kills));
  const auto arguments = small_run(db, {"--max-batch", "4", "--samples", samples});
  PhiloxStream random(20260142);
  std::size_t stored = 0;
  int killed_running = 0;
  for (int kill = 0; kill < kills; ++kill) {
    const pid_t pid =
        testing::start_program(arguments, scratch.path() / "out", scratch.path() / "err");
    std::this_thread::sleep_for(std::chrono::milliseconds(random.between(20, 400)));
    ::kill(pid, SIGKILL);
    killed_running += testing::wait_program(pid) == 128 + SIGKILL ? 1 : 0;
    if (!std::filesystem::exists(db)) continue;
    const auto exported = run_program({"export", "--db", db.string()});
    INFO(exported.err);
    const std::size_t now = exported.exit_code == 0 ? lines_of(exported.out) : stored;
    CHECK(now >= stored);
    stored = now;
    // What a resume would make is what is missing, and nothing else.
    auto dry = arguments;
    dry.push_back("--dry-run");
    const auto plan = run_program(dry);
    INFO(plan.err);
    if (plan.exit_code == 0 && exported.exit_code == 0) {
      const auto json = nlohmann::json::parse(plan.out);
      CHECK(json.at("stored") == stored);
      CHECK(json.at("attempts") == 6 * std::stoul(samples) - stored);
    }
  }
  CHECK(killed_running > 0);
  if (wanted != nullptr) CHECK(killed_running == kills);
  REQUIRE(run_program(arguments).exit_code == 0);
  CHECK(export_of(db) == exported_run({"--samples", samples}));
}

TEST_CASE("SIGTERM stores what is finished and says how to resume") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  auto arguments = small_run(db, {"--max-batch", "2", "--threads", "1"});
  arguments.erase(std::find(arguments.begin(), arguments.end(), "--quiet"));
  arguments[std::find(arguments.begin(), arguments.end(), "6") - arguments.begin()] = "60";
  const pid_t pid =
      testing::start_program(arguments, scratch.path() / "out", scratch.path() / "err");
  for (int i = 0; i < 200 && run_program({"export", "--db", db.string()}).out.empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ::kill(pid, SIGTERM);
  CHECK(testing::wait_program(pid) == 130);
  CHECK(read_file(scratch.path() / "err").find("--db " + db.string()) != std::string::npos);
  const std::size_t stored = lines_of(export_of(db));
  CHECK(stored > 0);
  CHECK(stored < 480);
}

TEST_CASE("the report of a run has the fields that scripts rely on") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  const auto result = run_program(small_run(db));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto row = nlohmann::json::parse(result.out).at("rows").at(0);
  CHECK(row.at("benchmark") == "mini");
  CHECK(row.at("queries") == 6);
  CHECK(row.at("samples") == 8);
  CHECK(row.at("complete") == true);
  CHECK(row.at("partial") == true);
  CHECK(row.at("pass_at_1").is_number());
  CHECK(row.at("repeat_se").is_number());
  CHECK(row.at("cons_at_k").at("k") == 8);
  CHECK(nlohmann::json::parse(run_program({"report", "--db", db.string(), "--json"}).out)
            .at("rows")
            .at(0)
            .at("pass_at_1") == row.at("pass_at_1"));
}

TEST_CASE(
    "a policy is recorded with the run, grades anew, and its rows are not compared with others") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db", set = scratch.path() / "mine.jsonl";
  write_file_atomic(set, R"({"id":"a","problem":"What is 12 + 30?","answer":"42"})"
                         "\n");
  const auto result = run_program(small_run(db, {"--policy", "rounding=4,base=dropped"}));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto row = nlohmann::json::parse(result.out).at("rows").at(0);
  const std::string grader = row.at("setting").at("grader");
  CHECK(grader.find("+rounding=4,base=dropped") != std::string::npos);
  CHECK(row.at("manifest").at("benchmarks").at(0).at("grader") == grader);
  CHECK(row.at("manifest").at("benchmarks").at(0).at("policy") == "rounding=4,base=dropped");

  REQUIRE(run_program({"run", "--model", "models/tiny", "--bench", set.string(), "--samples", "8",
                       "--max-tokens", "160", "--db", db.string(), "--quiet"})
              .exit_code == 0);
  CHECK(run_program({"report", "--db", db.string()}).out.find("NOT COMPARABLE") !=
        std::string::npos);
  const auto again = run_program({"grade", "--db", db.string(), "--json"});
  CHECK(nlohmann::json::parse(again.out).at("graded") == 56);
  CHECK(run_program({"report", "--db", db.string()}).out.find("NOT COMPARABLE") ==
        std::string::npos);
}

TEST_CASE("a private set runs like a built-in benchmark") {
  ScratchFolder scratch;
  const auto set = scratch.path() / "mine.jsonl";
  write_file_atomic(set, R"({"id":"a","problem":"What is 12 + 30?","answer":"42"})"
                         "\n"
                         R"({"id":"b","problem":"What is 7 + 8?","answer":15,"grader":"integer"})"
                         "\n");
  const auto db = scratch.path() / "q.db";
  const auto result =
      run_program({"run", "--model", "models/tiny", "--bench", set.string(), "--samples", "8",
                   "--max-tokens", "160", "--db", db.string(), "--json", "--quiet"});
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto row = nlohmann::json::parse(result.out).at("rows").at(0);
  CHECK(row.at("benchmark") == "mine");
  CHECK(row.at("queries") == 2);
  CHECK(row.at("partial") == false);
  const auto shown = run_program({"show", "--db", db.string(), "--query", "a"});
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.find("What is 12 + 30?") != std::string::npos);
  CHECK(run_program({"grade", "--db", db.string()}).exit_code == 0);
}

TEST_CASE("a dry run generates nothing and says where its expectation comes from") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  const auto result = run_program({"run", "--model", "models/tiny", "--bench", "mini", "--dry-run",
                                   "--json", "--db", db.string()});
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto plan = nlohmann::json::parse(result.out);
  CHECK(plan.at("attempts") == 3840);
  CHECK(plan.at("expectation").get<std::string>().size() > 5);
  CHECK_FALSE(std::filesystem::exists(db));
}

TEST_CASE("flags win over the spec file") {
  ScratchFolder scratch;
  const auto db = scratch.path() / "q.db";
  const auto spec = scratch.path() / "run.json";
  write_file_atomic(spec,
                    "{\"model\": \"models/tiny\", // the embedded one\n \"bench\": [\"mini\"], "
                    "\"samples\": 2, \"limit\": 3, "
                    "\"max_tokens\": 160, \"db\": \"" +
                        db.string() + "\"}");
  const auto result =
      run_program({"run", "--spec", spec.string(), "--samples", "4", "--quiet", "--json"});
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  CHECK(nlohmann::json::parse(result.out).at("rows").at(0).at("samples") == 4);
}
