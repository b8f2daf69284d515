#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "benchmarks/prompts.h"
#include "benchmarks/registry.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

namespace fs = std::filesystem;

// "id=gold" of all queries.
std::vector<std::string> ids_and_golds(const Benchmark& benchmark) {
  std::vector<std::string> out;
  for (const Query& query : benchmark.queries) out.push_back(query.id + "=" + query.gold);
  return out;
}

std::vector<std::string> prompts(const Benchmark& benchmark) {
  std::vector<std::string> out;
  for (const Query& query : benchmark.queries) out.push_back(query.messages.back().content);
  return out;
}

BenchmarkRequest request(std::string name, std::vector<fs::path> folders = {}) {
  BenchmarkRequest out;
  out.name = std::move(name);
  out.data_folders = std::move(folders);
  return out;
}

// The error that opening gives; fails when it gives none.
Error error_of(const BenchmarkRequest& wanted) {
  try {
    open_benchmark(wanted);
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error for " << wanted.name);
  return Error(ErrorKind::kInternal, "");
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  write_file_atomic(path, text);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("The three copies of AIME 2024 give the same tasks and the same data set hash") {
  const auto data = testing::shared_data("aime");
  if (!data) return;
  std::vector<Benchmark> copies;
  for (const char* file : {"aime24.json", "aime24_rllm.json", "aime24_qwen25math.jsonl"}) {
    testing::ScratchFolder folder;
    fs::copy_file(*data / file, folder.path() / file);
    copies.push_back(open_benchmark(request("aime24", {folder.path()})));
  }
  REQUIRE(copies[0].queries.size() == 30);
  CHECK(copies[0].queries.front().id == "2024-I-1");
  CHECK(copies[0].queries.back().id == "2024-II-15");
  for (const Benchmark& copy : copies) {
    CHECK(ids_and_golds(copy) == ids_and_golds(copies[0]));
    CHECK(prompts(copy) == prompts(copies[0]));
    CHECK(copy.dataset_hash == copies[0].dataset_hash);
    CHECK(!copy.partial);
  }
  std::set<std::string> ids;
  for (const Query& query : copies[0].queries) {
    ids.insert(query.id);
    CHECK(query.grader == GraderKind::kInteger);
    CHECK(std::to_string(std::stoi(query.gold)) == query.gold);
  }
  CHECK(ids.size() == 30);
  CHECK(copies[0].queries[1].gold == "25");
}

TEST_CASE("AIME 2025 and MATH-500 open from a data folder in their order") {
  const auto data = testing::shared_data(".");
  if (!data) return;
  const Benchmark aime = open_benchmark(request("aime25", {*data}));
  REQUIRE(aime.queries.size() == 30);
  CHECK(aime.queries[0].id == "2025-I-1");
  CHECK(aime.queries[0].gold == "70");
  const Benchmark math = open_benchmark(request("math500", {*data}));
  REQUIRE(math.queries.size() == 500);
  CHECK(math.queries[0].id == "test/precalculus/807.json");
  CHECK(math.queries[0].gold == "\\left( 3, \\frac{\\pi}{2} \\right)");
  CHECK(math.card.published_name == "MATH-500");
  BenchmarkRequest some = request("math500", {*data});
  some.ids = {"precalculus/807"};
  CHECK(open_benchmark(some).queries.size() == 1);
}

TEST_CASE("The golds of MATH-500 and AIME are equal to themselves and alone in their class") {
  const auto data = testing::shared_data(".");
  if (!data) return;
  for (const char* name : {"math500", "aime24", "aime25"}) {
    const Benchmark benchmark = open_benchmark(request(name, {*data}));
    for (const Query& query : benchmark.queries) {
      const std::string text = "</think>So \\boxed{" + query.gold + "}.";
      const Grade grade = benchmark.grader->grade(query, {text, true, false});
      INFO(query.id << " " << query.gold << " " << grade.answer.value_or("∅"));
      CHECK(grade.verdict == Verdict::kCorrect);
      const std::vector<std::string> votes = {query.gold, "q" + query.gold, query.gold};
      CHECK(benchmark.grader->clusters(query, votes) == std::vector<int>{0, 1, 0});
    }
  }
}

TEST_CASE("The benchmark mini is built in and a seed draws another one") {
  const Benchmark mini = open_benchmark(request("mini"));
  CHECK(mini.queries.size() == 60);
  CHECK(open_benchmark(request("mini:0")).dataset_hash == mini.dataset_hash);
  CHECK(open_benchmark(request("mini:0")).name == "mini");
  const Benchmark other = open_benchmark(request("mini:7"));
  CHECK(other.name == "mini:7");
  CHECK(other.dataset_hash != mini.dataset_hash);
  CHECK(open_benchmark(request("mini:7")).dataset_hash == other.dataset_hash);
  CHECK(error_of(request("mini:x")).kind() == ErrorKind::kUsage);
  CHECK(error_of(request("mini:")).kind() == ErrorKind::kUsage);
  std::ifstream file(testing::source_path("benchmarks/mini/mini.jsonl"));
  std::size_t row = 0;
  for (std::string line; std::getline(file, line); ++row) {
    const auto object = nlohmann::json::parse(line);
    REQUIRE(row < mini.queries.size());
    CHECK(mini.queries[row].id == object["id"].get<std::string>());
    CHECK(mini.queries[row].gold == std::to_string(object["answer"].get<long>()));
    CHECK(
        contains(mini.queries[row].messages.back().content, object["problem"].get<std::string>()));
  }
  CHECK(row == 60);
}

TEST_CASE("Limit and ids leave queries in the order of the set and mark it partial") {
  BenchmarkRequest wanted = request("mini");
  wanted.limit = 5;
  const Benchmark first = open_benchmark(wanted);
  CHECK(first.queries.size() == 5);
  CHECK(first.partial);
  CHECK(first.dataset_hash == open_benchmark(request("mini")).dataset_hash);
  wanted.limit = 60;
  CHECK(!open_benchmark(wanted).partial);
  wanted.limit = std::nullopt;
  wanted.ids = {"mini-0-3", "mini-0-1", "mini-0-3"};
  const Benchmark some = open_benchmark(wanted);
  REQUIRE(some.queries.size() == 2);
  CHECK(some.queries[0].id == "mini-0-1");
  wanted.ids = {"mini-0-99"};
  CHECK(error_of(wanted).kind() == ErrorKind::kUsage);
  CHECK(contains(error_of(wanted).message(), "mini-0-99"));
  wanted.ids = {};
  wanted.limit = 0;
  CHECK(error_of(wanted).kind() == ErrorKind::kUsage);
}

TEST_CASE("Wrong names and missing data are explained") {
  const Error unknown = error_of(request("aime2"));
  CHECK(unknown.kind() == ErrorKind::kUsage);
  CHECK(contains(unknown.hint(), "aime2"));
  CHECK(contains(unknown.because(), "math500"));
  testing::ScratchFolder folder;
  const Error missing = error_of(request("aime24", {folder.path(), "/nowhere"}));
  CHECK(missing.kind() == ErrorKind::kData);
  CHECK(contains(missing.because(), folder.path().string()));
  CHECK(contains(missing.because(), "/nowhere"));
  CHECK(contains(missing.hint(), "HuggingFaceH4/aime_2024"));
  CHECK(error_of(request("/nowhere/set.jsonl")).kind() == ErrorKind::kData);
  CHECK(error_of(request(folder.path().string())).kind() == ErrorKind::kData);
  BenchmarkRequest prompt = request("mini");
  prompt.prompt = "deepsek";
  CHECK(contains(error_of(prompt).because(), "matharena"));
  CHECK(contains(error_of(prompt).hint(), "\"deepseek\""));
}

TEST_CASE("The first data folder that has a set wins") {
  const auto data = testing::shared_data("aime/aime24.json");
  if (!data) return;
  testing::ScratchFolder folder;
  write(folder.path() / "aime24.jsonl", "not a set");
  CHECK(open_benchmark(request("aime24", {data->parent_path(), folder.path()})).queries.size() ==
        30);
  CHECK(error_of(request("aime24", {folder.path(), data->parent_path()})).kind() ==
        ErrorKind::kData);
  fs::copy_file(*data, folder.path() / "sub-aime.json");
  fs::remove(folder.path() / "aime24.jsonl");
  CHECK(open_benchmark(request("aime24", {folder.path()})).queries.size() == 30);
}

TEST_CASE("Listing tells what is there and what is missing and what is broken") {
  const auto data = testing::shared_data(".");
  if (!data) return;
  testing::ScratchFolder folder;
  write(folder.path() / "math500.jsonl", "{}\n");
  int seen = 0;
  for (const BenchmarkListing& listing : list_benchmarks({folder.path()})) {
    if (listing.name == "mini") CHECK((listing.present && listing.path.empty()));
    if (listing.name == "aime24")
      CHECK((!listing.present && listing.path.empty() && !listing.obtain.empty()));
    if (listing.name == "math500") CHECK((!listing.present && !listing.problem.empty()));
    ++seen;
  }
  CHECK(seen == 6);
  for (const BenchmarkListing& listing : list_benchmarks({*data})) {
    INFO(listing.name << " " << listing.problem);
    CHECK(listing.present);
    if (listing.name == "livecodebench") continue;  // the shared files do not have all its tests
    CHECK(listing.queries ==
          static_cast<int>(open_benchmark(request(listing.name, {*data})).queries.size()));
  }
}

TEST_CASE("Adding a published file writes a canonical copy that gives the same set") {
  const auto data = testing::shared_data(".");
  if (!data) return;
  testing::ScratchFolder cache;
  const fs::path folder = cache.path() / "deep" / "cache";
  for (const char* file : {"aime/aime24_rllm.json", "aime/aime25.json", "math500/math500.jsonl"}) {
    const AddedData added = add_data(*data / file, folder);
    const Benchmark direct = open_benchmark(request(added.name, {*data}));
    const Benchmark copied = open_benchmark(request(added.name, {folder}));
    CHECK(copied.dataset_hash == direct.dataset_hash);
    CHECK(added.dataset_hash == direct.dataset_hash);
    CHECK(prompts(copied) == prompts(direct));
    CHECK(added.path == folder / (added.name + ".jsonl"));
    CHECK(check_data(added.path).kind == added.name);
  }
  CHECK_THROWS_AS(add_data(*data / "published_scores.json", folder), Error);
}

TEST_CASE("A damaged copy is refused and the damage is named") {
  const auto data = testing::shared_data("aime/aime24.json");
  if (!data) return;
  std::vector<nlohmann::json> rows;
  std::ifstream file(*data);
  for (std::string line; std::getline(file, line);) rows.push_back(nlohmann::json::parse(line));
  testing::ScratchFolder folder;
  const auto problem_of = [&](const std::vector<nlohmann::json>& changed) {
    std::string text;
    for (const auto& row : changed) text += row.dump() + "\n";
    write(folder.path() / "set.jsonl", text);
    CHECK_THROWS_AS(add_data(folder.path() / "set.jsonl", folder.path()), Error);
    CHECK(!fs::exists(folder.path() / "aime24.jsonl"));
    const DataCheck check = check_data(folder.path() / "set.jsonl");
    CHECK(check.kind == "aime24");
    CHECK(check.dataset_hash.empty());
    REQUIRE(!check.problems.empty());
    return check.problems.front();
  };
  auto changed = rows;
  changed[4]["expected_answer"] = "81";
  CHECK(problem_of(changed).row == 5);
  CHECK(problem_of(changed).field == "expected_answer");
  changed[4]["expected_answer"] = "1000";
  CHECK(contains(problem_of(changed).expected, "0 to 999"));
  changed[4]["expected_answer"] = 80;
  changed[7]["problem"] = changed[7]["problem"].get<std::string>() + " Find also $z$.";
  CHECK(problem_of(changed).row == 8);
  changed = rows;
  changed.pop_back();
  CHECK(problem_of(changed).row == 0);
  CHECK(contains(problem_of(changed).what, "2024-I-15"));
  changed.push_back(rows[0]);
  CHECK(contains(problem_of(changed).what, "row 1"));
  changed = rows;
  changed[3].erase("expected_answer");
  CHECK(problem_of(changed).row == 4);
  changed[3] = nlohmann::json::array();
  CHECK(problem_of(changed).row == 4);
}

TEST_CASE("A private set may hold some problems of a benchmark") {
  const auto data = testing::shared_data("aime/aime25.json");
  if (!data) return;
  std::ifstream file(*data);
  std::string text, line;
  for (int row = 0; row < 12 && std::getline(file, line); ++row) text += line + "\n";
  testing::ScratchFolder folder;
  write(folder.path() / "some.jsonl", text);
  const DataCheck check = check_data(folder.path() / "some.jsonl");
  CHECK(check.ok());
  CHECK(check.kind == "private");
  CHECK(check.rows == 12);
  CHECK(open_benchmark(request((folder.path() / "some.jsonl").string())).queries.size() == 12);
}

TEST_CASE("A published file given by its path is the benchmark that it holds") {
  const auto data = testing::shared_data("aime/aime24.json");
  if (!data) return;
  const Benchmark benchmark = open_benchmark(request(data->string()));
  CHECK(benchmark.name == "aime24");
  CHECK(benchmark.queries.size() == 30);
}

TEST_CASE("Every prompt variant keeps the problem and has its own hash") {
  std::set<std::string> hashes;
  const std::string problem = "What is {problem} + 1? \\boxed{}";
  for (const PromptVariant& variant : prompt_variants()) {
    const std::vector<Message> messages = render_prompt(variant, problem);
    CHECK(messages.back().role == "user");
    CHECK(contains(messages.back().content, problem));
    CHECK(messages.size() == (variant.system.empty() ? 1u : 2u));
    CHECK(!variant.description.empty());
    hashes.insert(prompt_hash(variant));
    CHECK(&find_prompt_variant(variant.name) == &variant);
  }
  CHECK(hashes.size() == prompt_variants().size());
  const Benchmark mini = open_benchmark(request("mini"));
  CHECK(mini.prompt_variant == "deepseek");
  const std::string ending =
      "\nPlease reason step by step, and put your final answer within \\boxed{}.";
  const std::string prompt = mini.queries[0].messages[0].content;
  CHECK(mini.queries[0].messages.size() == 1);
  CHECK(prompt.substr(prompt.size() - ending.size()) == ending);
}

}  // namespace quorum
