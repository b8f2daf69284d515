#include "benchmarks/private_set.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"
#include "benchmarks/json_rows.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/extraction.h"

namespace quorum {
namespace {

using Json = nlohmann::json;
using Kind = JsonField::Kind;

constexpr std::string_view kGraders = "integer, math, choice, exact or tests";

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

// Reads one row's fields; each problem is reported and spoils the row.
class RowParser {
 public:
  RowParser(const JsonRow& row, DataProblems& problems) : row_(row), problems_(problems) {
    task_.row = row.row;
  }

  std::optional<TaskRow> parse() {
    read_grader();
    read_id();
    read_prompt();
    read_problem();
    read_answer();
    read_tests();
    read_others();
    if (bad_) return std::nullopt;
    return std::move(task_);
  }

 private:
  void bad(std::string field, std::string what, std::string expected) {
    problems_.add({row_.row, std::move(field), std::move(what), std::move(expected)});
    bad_ = true;
  }

  void read_grader() {
    const JsonField* field = row_.find("grader");
    if (field == nullptr) {
      if (row_.find("tests") != nullptr) task_.grader = GraderKind::kTests;
      return;
    }
    if (field->kind != Kind::kString) {
      return bad("grader", "is " + json_kind_name(field->kind), std::string(kGraders));
    }
    const auto kind = parse_grader_kind(field->text);
    if (!kind)
      return bad("grader", "is \"" + field->text.substr(0, 40) + "\"", std::string(kGraders));
    task_.grader = *kind;
  }

  void read_id() {
    const JsonField* field = row_.find("id");
    const std::string expected = "a text of 1 to 256 bytes that no other row has";
    if (field == nullptr) return bad("id", "is missing", expected);
    if (field->kind != Kind::kString && field->kind != Kind::kNumber) {
      return bad("id", "is " + json_kind_name(field->kind), expected);
    }
    if (trim(field->text).empty()) return bad("id", "is empty", expected);
    if (field->text.size() > kMaxIdBytes) return bad("id", "has more than 256 bytes", expected);
    if (has_control(field->text)) return bad("id", "holds a control character", expected);
    task_.id = field->text;
  }

  void read_problem() {
    const JsonField* field = row_.find("problem");
    const std::string expected = "a text";
    if (field == nullptr) {
      if (task_.messages.empty() && row_.find("prompt") == nullptr) {
        bad("problem", "is missing", "a text, or messages in \"prompt\"");
      }
      return;
    }
    if (field->kind != Kind::kString)
      return bad("problem", "is " + json_kind_name(field->kind), expected);
    if (field->text.size() > kMaxProblemBytes)
      return bad("problem", "has more than 1 MiB", expected);
    if (trim(field->text).empty() && row_.find("prompt") == nullptr) {
      return bad("problem", "is empty", expected);
    }
    task_.problem = field->text;
  }

  void read_prompt() {
    const JsonField* field = row_.find("prompt");
    if (field == nullptr || field->kind == Kind::kNull) return;
    const std::string expected =
        "a list of messages, each {\"role\": system, user or assistant, \"content\": text}, the "
        "last one by the user";
    if (field->kind != Kind::kArray)
      return bad("prompt", "is " + json_kind_name(field->kind), expected);
    const Json list = Json::parse(field->text, nullptr, false);
    if (!list.is_array()) return bad("prompt", "is not a list", expected);
    if (list.empty()) return bad("prompt", "is empty", expected);
    if (list.size() > kMaxMessages) return bad("prompt", "has more than 64 messages", expected);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Json& item = list[i];
      const std::string where = "prompt[" + std::to_string(i) + "]";
      if (!item.is_object()) return bad(where, "is not an object", expected);
      const auto role = item.find("role"), content = item.find("content");
      if (role == item.end() || !role->is_string())
        return bad(where + ".role", "is missing or not a text", expected);
      if (content == item.end() || !content->is_string()) {
        return bad(where + ".content", "is missing or not a text", expected);
      }
      Message message{role->get<std::string>(), content->get<std::string>()};
      if (message.role != "system" && message.role != "user" && message.role != "assistant") {
        return bad(where + ".role", "is \"" + message.role.substr(0, 40) + "\"",
                   "system, user or assistant");
      }
      if (message.role == "system" && i > 0) {
        return bad(where + ".role", "is system behind the first message", "system only in front");
      }
      bytes += message.content.size();
      task_.messages.push_back(std::move(message));
    }
    if (bytes > kMaxProblemBytes) return bad("prompt", "has more than 1 MiB", expected);
    if (task_.messages.back().role != "user")
      return bad("prompt", "does not end with the user", expected);
  }

  void read_answer() {
    const JsonField* field = row_.find("answer");
    const std::string expected = "a text or a number";
    if (task_.grader == GraderKind::kTests && (field == nullptr || field->kind == Kind::kNull))
      return;
    if (field == nullptr) return bad("answer", "is missing", expected);
    if (field->kind != Kind::kString && field->kind != Kind::kNumber) {
      return bad("answer", "is " + json_kind_name(field->kind), expected);
    }
    if (field->text.size() > kMaxAnswerBytes)
      return bad("answer", "has more than 4096 bytes", expected);
    if (trim(field->text).empty() && task_.grader != GraderKind::kTests) {
      return bad("answer", "is empty", expected);
    }
    task_.gold = std::string(trim(field->text));
    if (task_.grader == GraderKind::kInteger && !is_integer_text(task_.gold)) {
      return bad("answer", "is \"" + task_.gold.substr(0, 40) + "\"",
                 "an integer, as the grader says");
    }
    if (task_.grader == GraderKind::kChoice && !choice_letter(task_.gold)) {
      return bad("answer", "is \"" + task_.gold.substr(0, 40) + "\"", "a letter, such as C");
    }
  }

  // tests: [{"input": text, "output": text}, …], or {"inputs": [text…], "outputs": [text…]} with an
  // optional "fn_name".
  void read_tests() {
    const JsonField* field = row_.find("tests");
    const std::string expected =
        "a list of {\"input\": text, \"output\": text}, or {\"inputs\": […], \"outputs\": […]} of "
        "equal length";
    if (task_.grader != GraderKind::kTests) {
      if (field != nullptr && field->kind != Kind::kNull) {
        bad("tests", "stands beside the grader " + grader_kind_name(task_.grader),
            "tests only with the grader \"tests\"");
      }
      return;
    }
    if (field == nullptr || field->kind == Kind::kNull) return bad("tests", "is missing", expected);
    std::string text = field->text;
    if (field->kind != Kind::kArray && field->kind != Kind::kObject &&
        field->kind != Kind::kString) {
      return bad("tests", "is " + json_kind_name(field->kind), expected);
    }
    Json tests = Json::parse(text, nullptr, false);
    if (tests.is_discarded()) return bad("tests", "is a text that is not JSON", expected);
    if (!add_language(tests, text)) return;
    if (tests.is_array() ? tests.size() > kMaxTests
                         : tests.is_object() && tests.value("inputs", Json()).size() > kMaxTests)
      return bad("tests", "has more than 10000 tests", expected);
    const auto suite = code::parse_test_suite(text);
    if (!suite.ok()) {
      // "field \"tests[2].input\" is missing"
      const std::string& what = suite.error().message();
      const std::size_t end = what.find('"', 7);
      std::string why = what.substr(std::min(what.size(), what.find_first_not_of(": ", end + 1)));
      if (!suite.error().because().empty()) why += ": " + suite.error().because();
      return bad(what.substr(7, end - 7), why, expected);
    }
    task_.tests_json = std::move(text);
    task_.language = suite.value().language;
  }

  // A `language` beside the tests is one of theirs; false: it is bad.
  bool add_language(Json& tests, std::string& text) {
    const JsonField* field = row_.find("language");
    if (field == nullptr || field->kind == Kind::kNull) return true;
    const std::string expected = "python, cpp or any, here or in tests";
    if (field->kind != Kind::kString || !code::parse_suite_language(field->text)) {
      bad("language",
          "is " + (field->kind == Kind::kString ? "\"" + field->text.substr(0, 40) + "\""
                                                : json_kind_name(field->kind)),
          expected);
      return false;
    }
    if (tests.is_array()) {
      Json suite{{"inputs", Json::array()}, {"outputs", Json::array()}};
      for (const Json& test : tests) {
        // What is missing here is named by the suite's parser.
        if (!test.is_object() || !test.contains("input") || !test.contains("output")) return true;
        suite["inputs"].push_back(test["input"]);
        suite["outputs"].push_back(test["output"]);
      }
      tests = std::move(suite);
    }
    if (!tests.is_object()) return true;
    if (tests.contains("language") && tests["language"] != field->text) {
      bad("language", "is " + field->text + ", and another one in tests", expected);
      return false;
    }
    tests["language"] = field->text;
    text = tests.dump();
    return true;
  }

  // A field that looks like a misspelt one of ours is a mistake; other fields are the user's
  // business.
  void read_others() {
    static const std::array<std::string, 7> kFields = {"id",     "problem", "answer",  "prompt",
                                                       "grader", "tests",   "language"};
    for (const JsonField& field : row_.fields) {
      bool known = false, absent = false;
      for (const std::string& name : kFields) known = known || field.key == name;
      if (known) continue;
      const std::string near = nearest_name(field.key, kFields);
      absent = !near.empty() && near.size() + 1 >= field.key.size() && row_.find(near) == nullptr;
      if (absent &&
          (near == "grader" || near == "tests" || near == "prompt" || near == "language")) {
        bad(field.key, "is not a known field", "\"" + near + "\"");
      }
    }
  }

  const JsonRow& row_;
  DataProblems& problems_;
  TaskRow task_;
  bool bad_ = false;
};

}  // namespace

TaskSet parse_private_set(std::string_view text) {
  TaskSet set;
  const std::vector<JsonRow> rows = read_json_rows(text, set.problems);
  std::map<std::string, int, std::less<>> seen;
  for (const JsonRow& row : rows) {
    auto task = RowParser(row, set.problems).parse();
    if (!task) continue;
    const auto [first, fresh] = seen.emplace(task->id, task->row);
    if (!fresh) {
      set.problems.add(
          {task->row, "id",
           "\"" + task->id + "\" is the id of row " + std::to_string(first->second) + " too",
           "an id that no other row has"});
      continue;
    }
    set.rows.push_back(std::move(*task));
  }
  std::stable_sort(set.problems.list.begin(), set.problems.list.end(),
                   [](const DataProblem& a, const DataProblem& b) { return a.row < b.row; });
  if (rows.empty() && set.problems.empty()) {
    set.problems.add({0, "", "holds no rows", "one JSON object a line"});
  }
  return set;
}

}  // namespace quorum
