#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "generators/import_file.h"
#include "generators/import_generator.h"
#include "nlohmann/json.hpp"
#include "support/catch.h"
#include "support/run_fake.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

// A benchmark over published problems, as an importer of benchmarks/ makes one.
Benchmark problems_benchmark(const std::vector<std::array<std::string, 3>>& rows) {
  Benchmark benchmark = fake_benchmark("math", 0);
  for (const auto& [id, problem, gold] : rows) {
    Query query;
    query.id = id;
    query.messages = {
        {"system", "Be brief."},
        {"user",
         problem + "\nPlease reason step by step, and put your final answer within \\boxed{}."}};
    query.gold = gold;
    benchmark.queries.push_back(query);
  }
  return benchmark;
}

std::optional<Benchmark> math500() {
  const auto path = shared_data("math500/math500.jsonl");
  if (!path) return std::nullopt;
  std::vector<std::array<std::string, 3>> rows;
  std::istringstream lines(read_file(*path));
  for (std::string line; std::getline(lines, line);) {
    const auto row = nlohmann::json::parse(line);
    rows.push_back({row["unique_id"], row["problem"], row["answer"]});
  }
  return problems_benchmark(rows);
}

ImportFile parse(const std::string& text) { return parse_import(text, "file").take(); }

std::string problem_of(const std::string& text) {
  const auto file = parse_import(text, "some.jsonl");
  return file.ok() ? "" : file.error().what();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Eight samples of a hundred MATH problems are read and matched") {
  const auto path = shared_data("outputs/qwen25math_8x100.jsonl");
  const auto benchmark = math500();
  if (!path || !benchmark) return;
  const ImportFile file = read_import_file(*path).take();
  CHECK(file.shape == "qwen2.5-math");
  CHECK(file.problems.empty());
  REQUIRE(file.samples.size() == 800);
  CHECK(file.samples[9].row == 2);
  CHECK(file.samples[9].sample == 1);
  CHECK(file.samples[0].gold == "420");
  CHECK(!file.samples[0].open_thought);

  // Five of the hundred are among the 500 (counted by comparing the two files' problem texts).
  const ImportMatch match = match_imports(file.samples, *benchmark, "qwen");
  CHECK(match.matched == 40);
  CHECK(match.benchmark.queries.size() == 5);
  CHECK(match.benchmark.partial);
  CHECK(match.samples_per_query == 8);
  CHECK(match.unmatched.size() == 760);

  // By itself the file is a set of 100 problems.
  const Benchmark own = benchmark_of_imports(file.samples, "own");
  CHECK(own.queries.size() == 100);
  CHECK(own.queries[0].id == "own-0001");
  CHECK(own.queries[99].id == "own-0100");
  CHECK(own.queries[0].gold == "420");
  CHECK(own.dataset_hash.size() == 64);
  const ImportMatch whole = match_imports(file.samples, own, "qwen");
  CHECK(whole.matched == 800);
  CHECK(!whole.benchmark.partial);
  CHECK(whole.unmatched.empty());
}

TEST_CASE("Five hundred published outputs are read and matched by id and by text") {
  const auto path = shared_data("outputs/skythought_qwen25_32b_math500.json");
  const auto benchmark = math500();
  if (!path || !benchmark) return;
  ImportFile file = read_import_file(*path).take();
  CHECK(file.shape == "skythought");
  CHECK(file.problems.empty());
  REQUIRE(file.samples.size() == 500);
  CHECK(file.samples[0].completion.tokens == 282);
  CHECK(file.samples[0].gold == "\\left( 3, \\frac{\\pi}{2} \\right)");
  const ImportMatch match = match_imports(file.samples, *benchmark, "m");
  CHECK(match.matched == 500);
  CHECK(!match.benchmark.partial);
  CHECK(match.samples_per_query == 1);

  std::vector<std::pair<std::string, const ImportedSample*>> by_id;
  for (std::size_t q = 0; q < 500; ++q) {
    CHECK(match.samples[q][0]->id == match.benchmark.queries[q].id);
    by_id.emplace_back(match.benchmark.queries[q].id, match.samples[q][0]);
  }
  // The problem's text alone finds the same.
  for (ImportedSample& sample : file.samples) sample.id.clear();
  const ImportMatch by_text = match_imports(file.samples, *benchmark, "m");
  CHECK(by_text.matched == 500);
  for (std::size_t q = 0; q < 500; ++q) CHECK(by_text.samples[q][0] == by_id[q].second);
}

TEST_CASE("Traces with a thought of their own are read") {
  const auto path = shared_data("outputs/r1_traces_10.json");
  const auto benchmark = math500();
  if (!path || !benchmark) return;
  const ImportFile file = read_import_file(*path).take();
  CHECK(file.shape == "traces");
  const auto rows = nlohmann::json::parse(read_file(*path));
  REQUIRE(file.samples.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& text = file.samples[i].completion.text;
    CHECK(text.substr(0, 8) == "<think>\n");
    CHECK(has(text, "\n</think>\n\n" + rows[i]["message_content"].get<std::string>()));
    CHECK(!file.samples[i].open_thought);
    CHECK(file.samples[i].gold == rows[i]["gtruth_answer"]);
  }
  // They are problems of MATH's training part.
  CHECK(match_imports(file.samples, *benchmark, "r1").matched == 0);
  const Benchmark own = benchmark_of_imports(file.samples, "traces");
  CHECK(match_imports(file.samples, own, "r1").matched == rows.size());
}

TEST_CASE("An import takes the way of a run and can be repeated") {
  const auto path = shared_data("outputs/qwen25math_8x100.jsonl");
  if (!path) return;
  const ImportFile file = read_import_file(*path).take();
  Benchmark own = benchmark_of_imports(file.samples, "own");
  own.grader = std::make_shared<FakeGrader>();
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  const ImportMatch match = match_imports(file.samples, own, "qwen");
  ImportGenerator generator("qwen", match);
  FakeRun fake{{match.benchmark}};
  fake.samples = match.samples_per_query;
  CHECK(fake.run(store, generator).generated == 800);
  CHECK(fake.run(store, generator).reused == 800);
  CHECK(store.settings().size() == 1);
  CHECK(store.load_results()[0].complete());

  // Another model's samples of the same problems are others; so is another text in one place.
  ImportGenerator renamed("other", match);
  CHECK(fake.run(store, renamed).generated == 800);
  std::vector<ImportedSample> changed = file.samples;
  changed[3].completion.text += "!";
  const ImportMatch again = match_imports(changed, own, "qwen");
  ImportGenerator corrected("qwen", again);
  CHECK(fake.run(store, corrected).generated == 800);
}

TEST_CASE("An export of our own is read back to the same samples") {
  const ScratchFolder scratch;
  FakeRun fake{{fake_benchmark("a", 3), fake_benchmark("b", 2)}};
  std::string first;
  {
    Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
    FakeGenerator generator;
    fake.run(store, generator);
    first = export_text(store);
  }
  const ImportFile file = parse(first);
  CHECK(file.shape == "export");
  REQUIRE(file.samples.size() == 80);
  for (const ImportedSample& sample : file.samples)
    CHECK(sample.open_thought);  // the prompts end in <think>
  const ImportMatch match = match_imports(file.samples, fake.benchmarks[0], "fake");
  CHECK(match.matched == 48);
  CHECK(match.unmatched.size() == 32);
  CHECK(match.unmatched[0].why == "is of the benchmark b");

  Store second = Store::open(scratch.path() / "r.db", Store::Mode::kWrite);
  ImportGenerator generator("fake", match);
  FakeRun import{{match.benchmark}};
  CHECK(import.run(second, generator).complete());
  CHECK(export_text(second) ==
        first.substr(0, first.find("\n{\"model\":\"fake\",\"benchmark\":\"b\"") + 1));
}

TEST_CASE("Places that no row fills are missing and not failures to retry") {
  const Benchmark benchmark = fake_benchmark("a", 2);
  const ImportFile file = parse(
      "{\"id\":\"a-0\",\"text\":[\"</think>q0\",\"</think>q0\"]}\n{\"id\":\"a-1\",\"text\":\"</"
      "think>q1\"}\n");
  const ImportMatch match = match_imports(file.samples, benchmark, "m");
  CHECK(match.samples_per_query == 2);
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  ImportGenerator generator("m", match);
  FakeRun fake{{match.benchmark}};
  fake.samples = 2;
  const RunOutcome outcome = fake.run(store, generator);
  CHECK(outcome.missing == 1);
  CHECK(outcome.retried == 0);
  REQUIRE(outcome.failures.size() == 1);
  CHECK(outcome.failures[0] == "the files have no sample 1 of a-1");
}

TEST_CASE("Plain rows have an id or a problem and one text or several") {
  const ImportFile file = parse(R"([
    {"id": "a", "output": "one", "sample": 5},
    {"problem": "What?", "answer": 7, "responses": ["x", "y"]},
    {"id": 12, "completion": "three", "finish_reason": "length"}
  ])");
  CHECK(file.shape == "plain");
  REQUIRE(file.samples.size() == 4);
  CHECK(file.samples[0].sample == 5);
  CHECK(file.samples[1].problem == "What?");
  CHECK(file.samples[1].gold == "7");
  CHECK(file.samples[2].sample == 1);
  CHECK(file.samples[2].completion.text == "y");
  CHECK(file.samples[3].id == "12");
  CHECK(file.samples[3].sample == -1);
  CHECK(file.samples[3].completion.finish == FinishReason::kLength);
  // One object over several lines is one row.
  CHECK(parse("{\n\"id\": \"a\",\n\"text\": \"t\"\n}\n").samples.size() == 1);
}

TEST_CASE("Bad rows are named and the others kept") {
  const ImportFile file = parse(
      "{\"id\":\"a\",\"text\":\"fine\"}\n"
      "\n"
      "not json\n"
      "{\"id\":\"b\"}\n"
      "{\"text\":\"whose?\"}\n"
      "{\"id\":\"c\",\"text\":5}\n"
      "[1]\n"
      "{\"query\":\"q\",\"text\":\"t\",\"finish_reason\":\"tired\",\"sample\":0}\n"
      "{\"query\":\"q\",\"text\":\"t\",\"finish_reason\":\"stop\",\"sample\":-1}\n"
      "{\"query\":\"q\",\"text\":\"t\",\"finish_reason\":\"stop\",\"token_ids\":[1,-2]}\n");
  CHECK(file.samples.size() == 1);
  REQUIRE(file.problems.size() == 8);
  const auto names = [&](std::size_t i, int row, const std::string& field) {
    CHECK(file.problems[i].row == row);
    CHECK(file.problems[i].field == field);
    CHECK(!file.problems[i].what.empty());
  };
  names(0, 3, "");
  names(1, 4, "text");
  names(2, 5, "id");
  names(3, 6, "text");
  names(4, 7, "");
  names(5, 8, "finish_reason");
  names(6, 9, "sample");
  names(7, 10, "token_ids");
}

TEST_CASE("Files without completions are refused with their first problem") {
  CHECK(has(problem_of(""), "no rows"));
  CHECK(has(problem_of("{\"id\":\"b\"}"), "row 1: \"text\" is missing"));
  CHECK(has(problem_of("[1, 2]"), "row 1: it is not a JSON object"));
  CHECK(has(problem_of("[{\"id\":\"a\",\"text\":\"t\"}"), "not JSON"));
  CHECK(has(problem_of("\xff\xfe binary"), "not JSON"));
  CHECK(has(problem_of("{\"id\":\"a\",\"text\":\"t\",\"x\":" + std::string(100000, '[') + "}"),
            "nested"));
  CHECK(has(problem_of(std::string(100000, '[')), "nested"));
  const auto missing = read_import_file("/no/such/file.jsonl");
  REQUIRE(!missing.ok());
  CHECK(missing.error().kind() == ErrorKind::kData);
}

TEST_CASE("Problems are found by their words in whatever prompt stands around them") {
  const Benchmark benchmark = problems_benchmark({{"1", "Compute 2 + 2", "4"},
                                                  {"2", "Compute 2 + 2 and then\n  add  1.", "5"},
                                                  {"3", "Tell me: Compute 2 + 2 or 3?", "6"}});
  const ImportFile file = parse(R"([
    {"problem": "  Compute 2 + 2 ", "text": "a"},
    {"problem": "Compute 2 + 2 and then add 1.", "text": "b"},
    {"problem": "2 + 2", "text": "c"},
    {"problem": "Compute 2", "text": "d"},
    {"problem": "Compute 2 + 2", "text": "e"}
  ])");
  const ImportMatch match = match_imports(file.samples, benchmark, "m");
  REQUIRE(match.benchmark.queries.size() == 2);
  CHECK(match.benchmark.queries[0].id == "1");
  REQUIRE(match.samples[0].size() == 2);
  CHECK(match.samples[0][0]->completion.text == "a");
  CHECK(match.samples[0][1]->completion.text == "e");
  CHECK(match.samples[1][0]->completion.text == "b");
  CHECK(match.unmatched.size() == 2);
}

TEST_CASE("A place is filled once and other models stay out") {
  const Benchmark benchmark = fake_benchmark("a", 1);
  const auto row = [](const std::string& model, int sample, const std::string& text) {
    return "{\"model\":\"" + model + "\",\"query\":\"a-0\",\"sample\":" + std::to_string(sample) +
           ",\"text\":\"" + text + "\",\"finish_reason\":\"stop\"}\n";
  };
  const ImportFile twice = parse(row("m", 0, "x") + row("m", 0, "y"));
  const ImportMatch match = match_imports(twice.samples, benchmark, "m");
  CHECK(match.matched == 1);
  REQUIRE(match.unmatched.size() == 1);
  CHECK(match.unmatched[0].row == 2);
  CHECK(has(match.unmatched[0].why, "sample 0 of a-0"));

  const ImportFile models = parse(row("m", 0, "x") + row("n", 0, "y") + row("n", 1, "z"));
  CHECK(match_imports(models.samples, benchmark, "n").samples[0][0]->completion.text == "y");
  CHECK(match_imports(models.samples, benchmark, "n").matched == 2);
  CHECK(match_imports(parse(row("m", 0, "x")).samples, benchmark, "renamed").matched == 1);
}

TEST_CASE("A set of one's own needs problems and gold answers that agree") {
  const auto error_of = [](const std::string& text) {
    const ImportFile file = parse(text);
    try {
      benchmark_of_imports(file.samples, "own");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(has(error_of(R"({"id":"a","text":"t","answer":"1"})"), "has no problem"));
  CHECK(has(error_of(R"({"problem":"a","text":"t"})"), "has no gold answer"));
  CHECK(has(error_of("{\"problem\":\"a\",\"text\":\"t\",\"answer\":\"1\"}\n{\"problem\":\" a "
                     "\",\"text\":\"t\",\"answer\":\"2\"}"),
            "contradicts"));
  CHECK(error_of("{\"problem\":\"a\",\"text\":\"t\",\"answer\":\"1\"}\n{\"problem\":\"b\",\"text\":"
                 "\"t\",\"answer\":\"2\"}")
            .empty());
}
