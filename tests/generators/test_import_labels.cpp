// What other graders said comes in with their completions.
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "generators/import_file.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;

namespace {

std::vector<ImportedSample> samples_of(const std::string& text, const std::string& label = {}) {
  return parse_import(text, "file", label).take().samples;
}

// "correct 7 (score)", or "-".
std::string label_of(const ImportedSample& sample) {
  if (!sample.label) return "-";
  return std::string(sample.label->correct ? "correct " : "incorrect ") + sample.label->answer +
         " (" + sample.label->field + ")";
}

}  // namespace

TEST_CASE("The published outputs bring their labels along") {
  if (const auto path = testing::shared_data("outputs/qwen25math_8x100.jsonl")) {
    const ImportFile file = read_import_file(*path).take();
    int correct = 0;
    for (const ImportedSample& sample : file.samples) {
      REQUIRE(sample.label);
      CHECK(sample.label->field == "score");
      CHECK(!sample.label->answer.empty());
      correct += sample.label->correct ? 1 : 0;
    }
    CHECK(correct == 728);  // counted by another program
  }
  if (const auto path = testing::shared_data("outputs/skythought_qwen25_32b_math500.json")) {
    const ImportFile file = read_import_file(*path).take();
    for (const ImportedSample& sample : file.samples) {
      REQUIRE(sample.label);
      CHECK(sample.label->field == "correctness");
    }
  }
}

TEST_CASE("A label is a verdict for each completion and a mean is none") {
  const auto plain = [](const std::string& fields) {
    return samples_of(R"({"id":"a","text":"t",)" + fields + "}").at(0);
  };
  CHECK(label_of(plain(R"("correct":true,"pred":"7")")) == "correct 7 (correct)");
  CHECK(label_of(plain(R"("score":0,"extracted_answer":8)")) == "incorrect 8 (score)");
  CHECK(label_of(plain(R"("exact_match":1.0)")) == "correct  (exact_match)");
  CHECK(label_of(plain(R"("is_correct":"False")")) == "incorrect  (is_correct)");
  CHECK(label_of(plain(R"("score":0.5)")) == "-");
  CHECK(label_of(plain(R"("score":0.5,"acc":1)")) == "correct  (acc)");
  CHECK(label_of(plain(R"("score":null)")) == "-");
  CHECK(label_of(plain(R"("note":"correct")")) == "-");

  const auto list =
      samples_of(R"({"id":"a","outputs":["s","t"],"score":[true,false],"pred":["7","8"],"acc":0})");
  REQUIRE(list.size() == 2);
  CHECK(label_of(list[0]) == "correct 7 (score)");
  CHECK(label_of(list[1]) == "incorrect 8 (score)");
  // One figure for several completions belongs to none of them.
  CHECK(label_of(samples_of(R"({"id":"a","outputs":["s","t"],"score":1})")[1]) == "-");
  CHECK(label_of(samples_of(R"({"id":"a","outputs":["s","t"],"score":[1]})")[0]) == "-");
}

TEST_CASE("A field that is named as the label must be a verdict in every row") {
  const std::string rows =
      "{\"id\":\"a\",\"text\":\"t\",\"judge\":\"Correct\",\"score\":0}\n"
      "{\"id\":\"b\",\"text\":\"t\",\"judge\":0.25}\n"
      "{\"id\":\"c\",\"text\":\"t\"}\n";
  const ImportFile file = parse_import(rows, "file", "judge").take();
  REQUIRE(file.samples.size() == 1);
  CHECK(label_of(file.samples[0]) == "correct  (judge)");
  REQUIRE(file.problems.size() == 2);
  for (const ImportProblem& problem : file.problems) CHECK(problem.field == "judge");
  CHECK(file.problems[0].what.find("true, false, 1 or 0") != std::string::npos);
  CHECK(file.problems[1].what.find("missing") != std::string::npos);
}

TEST_CASE("Our own export is a label of an earlier grading") {
  const auto samples = samples_of(
      R"({"query":"a","sample":0,"text":"t","finish_reason":"stop","answer":"7","verdict":"incorrect"})"
      "\n"
      R"({"query":"a","sample":1,"text":"t","finish_reason":"stop","answer":null,"verdict":"no-answer"})");
  CHECK(label_of(samples[0]) == "incorrect 7 (verdict)");
  CHECK(label_of(samples[1]) == "incorrect  (verdict)");
}

TEST_CASE("Sample logs of lm-evaluation-harness are read with their metric") {
  const std::string rows =
      R"({"doc_id":0,"doc":{"problem":"What is 8 + 11?","answer":"19"},"target":"It is 19","arguments":{"gen_args_0":{"arg_0":"p"}},"resps":[["so 19"]],"filtered_resps":["19"],"filter":"strict-match","metrics":["brevity","exact_match"],"brevity":0.3,"exact_match":0.0})"
      "\n"
      R"({"doc_id":1,"doc":{"id":"q1","question":"What is 8 + 12?"},"target":20,"arguments":[["p",{}]],"resps":[["a","b"]],"filtered_resps":[["20","21"]],"filter":"none","metrics":["exact_match"],"exact_match":1.0})"
      "\n"
      R"({"doc_id":2,"doc":{"question":"x"},"target":"1","resps":[[[-1.5,false]]],"metrics":["acc"],"acc":1.0})"
      "\n"
      R"({"doc_id":3,"doc":"x","target":"1","resps":[["a"]]})"
      "\n"
      R"({"doc_id":4,"doc":{"question":"x"},"target":"1","resps":[]})";
  const ImportFile file = parse_import(rows, "file").take();
  CHECK(file.shape == "lm-eval");
  REQUIRE(file.samples.size() == 3);
  CHECK(file.samples[0].problem == "What is 8 + 11?");
  CHECK(file.samples[0].gold == "19");
  CHECK(file.samples[0].completion.text == "so 19");
  CHECK(label_of(file.samples[0]) == "incorrect 19 (exact_match (strict-match))");
  CHECK(file.samples[1].id == "q1");
  CHECK(file.samples[1].gold == "20");
  CHECK(file.samples[2].sample == 1);
  CHECK(file.samples[2].completion.text == "b");
  CHECK(!file.samples[2].label);  // the metric is of both responses
  REQUIRE(file.problems.size() == 3);
  CHECK(file.problems[0].field == "resps");
  CHECK(file.problems[0].row == 3);
  CHECK(file.problems[1].field == "doc");
  CHECK(file.problems[2].field == "resps");
}

TEST_CASE("Details of lighteval are read from JSON") {
  const ImportFile file =
      parse_import(
          R"({"doc":{"query":"3 * 4?","choices":["11","12"],"gold_index":[1]},"model_response":{"text":["so 12"]},"metric":{"extractive_match":1.0}})",
          "file")
          .take();
  CHECK(file.shape == "lighteval");
  REQUIRE(file.samples.size() == 1);
  CHECK(file.samples[0].problem == "3 * 4?");
  CHECK(file.samples[0].gold == "12");
  CHECK(label_of(file.samples[0]) == "correct  (extractive_match)");
}

TEST_CASE("Rows with values of any kind in any field are read or named") {
  const std::string rows[] = {
      R"({"id":"a","problem":"p","answer":"1","outputs":["s","t"],"score":[true,false],"pred":["1","2"],"finish_reason":"stop"})",
      R"({"question":"q","gt":"1","code":["s"],"score":[true],"pred":["1"]})",
      R"({"query":"a","sample":0,"text":"t","finish_reason":"stop","answer":"7","verdict":"correct","token_ids":[1],"logprob_sum":-1})",
      R"({"problem":"p","gtruth_answer":"1","message_thinking":"h","message_content":"c","correct":1})",
      R"({"doc":{"id":1,"problem":"p","answer":"19"},"target":"1","resps":[["s"]],"filtered_resps":["1"],"filter":"none","metrics":["exact_match"],"exact_match":0.0})",
      R"({"doc":{"query":"q","choices":["1"],"gold_index":[0]},"model_response":{"text":["s"]},"metric":{"m":1}})",
      R"({"problem one":{"answer":"1","unique_id":"u","responses":{"0.0":{"content":"c","correctness":true}},"token_usages":{"0.0":{"completion_tokens":5}}}})"};
  const char* const values[] = {"null", "0",  "-1",   "1e300",  "true",       "\"x\"",
                                "[]",   "{}", "[[]]", "[null]", "[\"x\", 0]", "{\"a\": []}"};
  int tried = 0;
  // Every value of every object, however deep, in turn by each of the others.
  for (const std::string& row : rows) {
    const auto json = nlohmann::ordered_json::parse(row).flatten();
    CHECK(parse_import(row, "file").ok());
    std::set<std::string> places;
    for (const auto& [pointer, ignored] : json.items())
      for (std::size_t at = pointer.size(); at != std::string::npos && at > 0;
           at = pointer.rfind('/', at - 1))
        places.insert(pointer.substr(0, at));
    for (const std::string& place : places) {
      for (const char* value : values) {
        auto changed = nlohmann::ordered_json::parse(row);
        changed[nlohmann::ordered_json::json_pointer(place)] = nlohmann::ordered_json::parse(value);
        for (const char* label : {"", "score"}) {
          const auto file = parse_import(changed.dump(), "file", label);
          if (!file.ok()) CHECK(!std::string(file.error().because()).empty());
          ++tried;
        }
      }
    }
  }
  CHECK(tried > 1000);
}
