#include "benchmarks/livecodebench/problems.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "benchmarks/json_rows.h"
#include "benchmarks/livecodebench/known_bad.h"
#include "benchmarks/livecodebench/python_literal.h"
#include "benchmarks/livecodebench/starter_code.h"
#include "benchmarks/livecodebench/statement_samples.h"

namespace quorum::code {
namespace {

using Json = nlohmann::json;
using Kind = JsonField::Kind;

constexpr const char* kAsPublished = "a list of {\"input\", \"output\"}, as the file was published";

// Calls `visit(line, number)` for each line that is not empty.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (!line.empty() && !visit(line, number)) return;
  }
}

struct Target {
  TaskSet& set;
  int rows_without_tests = 0;
  int restored_tests = 0;
};

class ProblemReader {
 public:
  ProblemReader(const JsonRow& row, const FurtherTests& further, Target& target)
      : row_(row), further_(further), target_(target) {}

  // Whether the window has the row; a row without a good date is a problem.
  bool in_window(const Release& release) {
    const std::string date = text("contest_date", true);
    if (!good_) return false;
    if (!is_day(std::string_view(date).substr(0, 10))) {
      bad("contest_date", "is \"" + date.substr(0, 40) + "\"", "a date such as 2024-08-03");
      return false;
    }
    return release.contains(date);
  }

  void read() {
    TaskRow task;
    task.row = row_.row;
    task.id = text("question_id", true);
    const std::string statement = text("question_content", true);
    const std::string starter = text("starter_code", false);
    const std::string title = text("question_title", false);
    if (good_ && trim(task.id).empty()) bad("question_id", "is empty", "a text");
    if (!good_) return;
    task.problem = std::string(trim(statement));
    if (!trim(starter).empty())
      task.problem += "\n\nStarter code:\n```python\n" + std::string(trim(starter)) + "\n```";
    task.grader = GraderKind::kTests;

    nlohmann::ordered_json tests;
    tests["inputs"] = tests["outputs"] = nlohmann::ordered_json::array();
    const std::string function = function_name(starter);
    if (!function.empty()) tests["fn_name"] = function;
    if (const std::string_view why = known_bad(task.id, title); !why.empty())
      tests["known_bad"] = why;
    const bool published = row_.find("private_test_cases") != nullptr;
    if (published)
      for (const TestCase& test : listed("public_test_cases")) add(test, tests);
    else
      add_evaluation_tests(task.id, statement, parse_starter_code(starter), tests);
    std::string hidden = published ? text("private_test_cases", true) : std::string();
    if (!good_) return;
    if (hidden.empty() && tests["inputs"].empty()) {
      ++target_.rows_without_tests;
      return;
    }
    if (!hidden.empty()) tests["encoded"] = std::move(hidden);
    task.tests_json = tests.dump();
    if (const auto suite = parse_test_suite(task.tests_json); !suite.ok())
      return bad(published ? "private_test_cases" : "sample_tests", said(suite.error()),
                 kAsPublished);
    target_.set.rows.push_back(std::move(task));
  }

 private:
  static std::string said(const Error& error) {
    const std::string because = error.because().empty() ? "" : ": " + error.because();
    return replace_all(error.message(), "field \"tests.encoded\": ", "") + because;
  }

  void bad(std::string field, std::string what, std::string expected) {
    target_.set.problems.add({row_.row, std::move(field), std::move(what), std::move(expected)});
    good_ = false;
  }

  std::string text(const char* name, bool needed) {
    const JsonField* field = row_.find(name);
    if (field == nullptr || field->kind == Kind::kNull) {
      if (needed) bad(name, "is missing", "a text");
      return {};
    }
    if (field->kind != Kind::kString && field->kind != Kind::kNumber) {
      bad(name, "is " + json_kind_name(field->kind), "a text");
      return {};
    }
    return field->text;
  }

  std::string function_name(const std::string& starter) {
    const std::string metadata = text("metadata", false);
    if (!metadata.empty()) {
      const Json json = Json::parse(metadata, nullptr, false);
      if (!json.is_object()) {
        bad("metadata", "is not a JSON object", "{\"func_name\": …} as a text");
        return {};
      }
      const auto name = json.find("func_name");
      if (name != json.end() && name->is_string()) return name->get<std::string>();
      if (name != json.end() && !name->is_null())
        bad("metadata", "has a func_name that is no text", "a text");
      return {};
    }
    return parse_starter_code(starter).function;
  }

  static void add(const TestCase& test, nlohmann::ordered_json& tests) {
    tests["inputs"].push_back(test.input);
    tests["outputs"].push_back(test.output);
  }

  // Samples, then what is known further; of that, what a program changed before it was recorded
  // gets back the arguments that the statement shows.
  void add_evaluation_tests(const std::string& id, std::string_view statement,
                            const StarterCode& starter, nlohmann::ordered_json& tests) {
    int number = 0;
    for (TestCase& sample : listed("sample_tests"))
      add(without_page_marks(std::move(sample), ++number, statement), tests);
    const auto examples = function_examples(statement, starter);
    for (const TestCase& example : examples) add(example, tests);
    const auto found = further_.tests.find(id);
    if (found == further_.tests.end()) return;
    for (const TestCase& test : found->second) {
      const TestCase* before = example_before_change(examples, test);
      if (before != nullptr) ++target_.restored_tests;
      add(before == nullptr ? test : *before, tests);
    }
  }

  // A list of {"input", "output"}, as JSON or as a text that is JSON.
  std::vector<TestCase> listed(const char* name) {
    const JsonField* field = row_.find(name);
    if (field == nullptr || field->kind == Kind::kNull) return {};
    auto list = parse_published_tests(trim(field->text).empty() ? "[]" : field->text);
    if (list.ok()) return std::move(list).value();
    bad(name, said(list.error()), kAsPublished);
    return {};
  }

  const JsonRow& row_;
  const FurtherTests& further_;
  Target& target_;
  bool good_ = true;
};

}  // namespace

FileShape shape_of(std::string_view text) {
  FileShape shape = FileShape::kNone;
  for_each_line(text, [&](std::string_view line, int) {
    if (line[0] != '{' || line.find("\"question_content\"") == std::string_view::npos ||
        line.find("\"contest_date\"") == std::string_view::npos)
      return false;
    if (line.find("\"private_test_cases\"") != std::string_view::npos)
      shape = FileShape::kPublished;
    else if (line.find("\"sample_tests\"") != std::string_view::npos)
      shape = FileShape::kEvaluation;
    return false;
  });
  return shape;
}

std::map<std::string, std::string, std::less<>> read_starter_code(std::string_view text) {
  std::map<std::string, std::string, std::less<>> out;
  for_each_line(text, [&](std::string_view line, int number) {
    DataProblems ignored;
    const auto row = read_json_row(line, number, kMaxProblemBytesOfRow, ignored);
    const JsonField* id = row ? row->find("question_id") : nullptr;
    const JsonField* starter = row ? row->find("starter_code") : nullptr;
    if (id != nullptr && starter != nullptr) out[id->text] = starter->text;
    return true;
  });
  return out;
}

FurtherTests read_further_tests(std::string_view text,
                                const std::map<std::string, std::string, std::less<>>& starter_code,
                                DataProblems& problems) {
  FurtherTests out;
  for_each_line(text, [&](std::string_view line, int number) {
    const auto row = read_json_row(line, number, kMaxRowBytes, problems);
    if (!row) return true;
    for (const char* name : {"question_id", "input", "expected", "testtype"}) {
      const JsonField* field = row->find(name);
      if (field != nullptr && field->kind == Kind::kString) continue;
      problems.add({number, name, "is missing or not a text", "a text"});
      return true;
    }
    TestCase test{row->find("input")->text, row->find("expected")->text};
    const std::string& id = row->find("question_id")->text;
    if (row->find("testtype")->text != "stdin") {
      const auto arguments = list_to_json(test.input);
      if (!arguments) {
        problems.add({number, "input", "is no Python list", "the arguments, as [[1, 2], 'x']"});
        return true;
      }
      test.input = join(*arguments, "\n");
      const auto starter = starter_code.find(id);
      const bool is_text =
          starter != starter_code.end() && parse_starter_code(starter->second).result == "str";
      const auto value = is_text ? std::nullopt : literal_to_json(test.output);
      test.output = value ? *value : Json(test.output).dump();
    }
    out.tests[id].push_back(std::move(test));
    return true;
  });
  return out;
}

int read_problems(std::string_view text, const Release& release, const FurtherTests& further,
                  TaskSet& set) {
  Target target{set};
  int rows = 0;
  for_each_line(text, [&](std::string_view line, int number) {
    ++rows;
    const auto row = read_json_row(line, number, kMaxProblemBytesOfRow, set.problems);
    if (!row) return true;
    ProblemReader reader(*row, further, target);
    if (reader.in_window(release)) reader.read();
    return true;
  });
  if (target.rows_without_tests > 0)
    set.notes.push_back(std::to_string(target.rows_without_tests) +
                        " problems have no test in these files and are left out");
  if (target.restored_tests > 0)
    set.notes.push_back(
        std::to_string(target.restored_tests) +
        " tests were recorded after a program had changed their arguments; they have "
        "those of the statement's examples again");
  return rows;
}

}  // namespace quorum::code
