#include "benchmarks/math500/math500.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/sha256.h"
#include "base/text.h"
#include "benchmarks/json_rows.h"

namespace quorum {
namespace {

std::string digest(std::string_view text) {
  std::string solid;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v') solid += c;
  }
  return sha256_hex(solid).substr(0, 12);
}

// Index in the table by problem; npos: not one of the 500.
constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
std::size_t find_problem(std::string_view problem) {
  static const auto index = [] {
    std::unordered_map<std::string, std::size_t> map;
    const auto& table = math500_fingerprints();
    for (std::size_t i = 0; i < table.size(); ++i) map.emplace(table[i].problem, i);
    return map;
  }();
  const auto found = index.find(digest(problem));
  return found == index.end() ? kUnknown : found->second;
}

const JsonField* problem_field(const JsonRow& row) {
  return row.find_any({"problem", "Problem", "question", "Question"});
}

}  // namespace

TaskSet parse_math500(std::string_view file) {
  const auto& table = math500_fingerprints();
  TaskSet set;
  std::vector<std::optional<TaskRow>> tasks(table.size());
  for (const JsonRow& row : read_json_rows(file, set.problems)) {
    const JsonField* problem = problem_field(row);
    const JsonField* answer = row.find_any({"answer", "Answer", "expected_answer"});
    if (problem == nullptr || problem->kind != JsonField::Kind::kString) {
      set.problems.add({row.row, "problem",
                        problem == nullptr ? "is missing" : "is " + json_kind_name(problem->kind),
                        "a text"});
      continue;
    }
    const std::size_t at = find_problem(problem->text);
    if (at == kUnknown) {
      const JsonField* id = row.find_any({"unique_id", "id"});
      set.problems.add({row.row, problem->key,
                        "is none of the 500 published problems" +
                            (id == nullptr ? "" : " (" + id->text.substr(0, 60) + ")"),
                        "the published text, or another name for a set of your own"});
      continue;
    }
    if (answer == nullptr ||
        (answer->kind != JsonField::Kind::kString && answer->kind != JsonField::Kind::kNumber)) {
      set.problems.add({row.row, "answer",
                        answer == nullptr ? "is missing" : "is " + json_kind_name(answer->kind),
                        "a text or a number"});
      continue;
    }
    TaskRow task;
    task.row = row.row;
    task.id = table[at].id;
    task.problem = problem->text;
    task.gold = answer->text;
    if (digest(task.id + "=" + task.gold) != table[at].gold) {
      set.problems.add({row.row, answer->key,
                        "is \"" + task.gold.substr(0, 60) +
                            "\", which is not the published answer to " + task.id,
                        "the published answer"});
      continue;
    }
    if (tasks[at]) {
      set.problems.add(
          {row.row, "problem",
           "is " + task.id + ", which row " + std::to_string(tasks[at]->row) + " holds already",
           "every problem once"});
      continue;
    }
    tasks[at] = std::move(task);
  }
  std::string missing;
  int count = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i]) {
      set.rows.push_back(std::move(*tasks[i]));
    } else if (++count <= 5) {
      missing += (missing.empty() ? "" : ", ") + std::string(table[i].id);
    }
  }
  if (count > 0 && set.problems.empty()) {
    set.problems.add({0, "",
                      "lacks " + std::to_string(count) + " of the 500 problems: " + missing +
                          (count > 5 ? ", …" : ""),
                      "all 500"});
  }
  return set;
}

bool is_math500(std::string_view file) {
  DataProblems ignored;
  std::size_t known = 0;
  const std::vector<JsonRow> rows = read_json_rows(file, ignored);
  for (const JsonRow& row : rows) {
    const JsonField* problem = problem_field(row);
    if (problem != nullptr && find_problem(problem->text) != kUnknown) ++known;
  }
  // The whole MATH test set holds them too, among 5000.
  return known >= 100 && 2 * known > rows.size();
}

std::string math500_id(std::string_view id) {
  if (id.substr(0, 5) == "test/") return std::string(id);
  std::string full = "test/" + std::string(id);
  if (full.size() < 5 || full.substr(full.size() - 5) != ".json") full += ".json";
  for (const Math500Fingerprint& fingerprint : math500_fingerprints()) {
    if (full == fingerprint.id) return full;
  }
  return std::string(id);
}

BenchmarkCard math500_card() {
  BenchmarkCard card;
  card.title = "MATH-500: 500 problems of the MATH test set";
  card.source = "Hendrycks et al., MATH; selection of PRM800K; published as HuggingFaceH4/MATH-500";
  card.licence = "MIT (MATH, PRM800K)";
  card.protocol =
      "64 samples, temperature 0.6, top-p 0.95, 32768 tokens; answers compared as mathematics";
  card.paper = "arXiv 2103.03874, arXiv 2305.20050";
  card.published_name = "MATH-500";
  return card;
}

}  // namespace quorum
