#include "benchmarks/aime/aime.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/sha256.h"
#include "base/text.h"
#include "benchmarks/json_rows.h"

namespace quorum {
namespace {

constexpr std::size_t kHeadLetters = 48;

std::string digest(std::string_view text) { return sha256_hex(text).substr(0, 16); }

// What remains of a problem when style is taken away: its letters and digits.
std::string letters_of(std::string_view problem) {
  std::string text(problem);
  for (const std::string_view frac : {"\\dfrac", "\\tfrac", "\\cfrac"}) {
    text = replace_all(text, frac, "\\frac");
  }
  for (const std::string_view command : {"\\left", "\\right", "\\displaystyle"}) {
    std::string out;
    std::string_view rest = text;
    for (std::size_t at; (at = rest.find(command)) != std::string_view::npos;) {
      const std::size_t end = at + command.size();
      const bool longer = end < rest.size() && rest[end] >= 'a' && rest[end] <= 'z';
      out.append(rest.substr(0, longer ? end : at));
      rest.remove_prefix(end);
    }
    text = out.append(rest);
  }
  std::string letters;
  for (const char c : to_lower_ascii(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

const AimeFingerprint* find_problem(const std::string& letters) {
  const std::string head = digest(std::string_view(letters).substr(0, kHeadLetters));
  for (const AimeFingerprint& fingerprint : aime_fingerprints()) {
    if (head == fingerprint.head) return &fingerprint;
  }
  return nullptr;
}

// Whether the row that the table calls `id` is of the year.
bool of_year(const AimeFingerprint& fingerprint, std::string_view year) {
  return std::string_view(fingerprint.id).substr(0, 4) == year;
}

const JsonField* problem_field(const JsonRow& row) {
  return row.find_any({"problem", "Problem", "question", "Question"});
}
const JsonField* answer_field(const JsonRow& row) {
  return row.find_any({"answer", "Answer", "expected_answer", "gold"});
}

// An integer from 0 to 999 without leading zeros; nullopt: it is none.
std::optional<std::string> aime_answer(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  const std::size_t first = std::min(text.find_first_not_of('0'), text.size() - 1);
  text.remove_prefix(first);
  if (text.size() > 3) return std::nullopt;
  return std::string(text);
}

// The task of one row; its problems are reported.
std::optional<TaskRow> read_row(const JsonRow& row, std::string_view year, DataProblems& problems) {
  const JsonField* problem = problem_field(row);
  const JsonField* answer = answer_field(row);
  if (problem == nullptr || problem->kind != JsonField::Kind::kString) {
    problems.add({row.row, "problem",
                  problem == nullptr ? "is missing" : "is " + json_kind_name(problem->kind),
                  "a text"});
    return std::nullopt;
  }
  TaskRow task;
  task.row = row.row;
  task.grader = GraderKind::kInteger;
  task.problem = canonical_aime_problem(problem->text);
  const std::string letters = letters_of(task.problem);
  const AimeFingerprint* known = find_problem(letters);
  if (known == nullptr || !of_year(*known, year)) {
    problems.add({row.row, problem->key,
                  known == nullptr ? "is no problem of AIME " + std::string(year)
                                   : "is problem " + std::string(known->id),
                  "the 30 problems of AIME " + std::string(year)});
    return std::nullopt;
  }
  task.id = known->id;
  bool good = true;
  if (digest(letters) != known->text) {
    problems.add({row.row, problem->key,
                  "begins like " + task.id + " and then differs from the published text",
                  "the published problem, or another name for a set of your own"});
    good = false;
  }
  if (answer == nullptr) {
    problems.add({row.row, "answer", "is missing", "an integer from 0 to 999"});
    return std::nullopt;
  }
  const bool scalar =
      answer->kind == JsonField::Kind::kString || answer->kind == JsonField::Kind::kNumber;
  const auto gold = scalar ? aime_answer(answer->text) : std::nullopt;
  if (!gold) {
    problems.add(
        {row.row, answer->key,
         "is " + (scalar ? "\"" + answer->text.substr(0, 40) + "\"" : json_kind_name(answer->kind)),
         "an integer from 0 to 999"});
    return std::nullopt;
  }
  task.gold = *gold;
  if (digest(task.id + "=" + task.gold) != known->gold) {
    problems.add({row.row, answer->key,
                  "is " + task.gold + ", which is not the published answer to " + task.id,
                  "the published answer"});
    good = false;
  }
  return good ? std::optional(std::move(task)) : std::nullopt;
}

}  // namespace

TaskSet parse_aime(std::string_view file, std::string_view year) {
  TaskSet set;
  const std::vector<JsonRow> rows = read_json_rows(file, set.problems);
  std::map<std::string, TaskRow> tasks;
  for (const JsonRow& row : rows) {
    auto task = read_row(row, year, set.problems);
    if (!task) continue;
    const auto found = tasks.find(task->id);
    if (found != tasks.end()) {
      set.problems.add(
          {row.row, "problem",
           "is " + task->id + ", which row " + std::to_string(found->second.row) + " holds already",
           "every problem once"});
      continue;
    }
    std::string id = task->id;
    tasks.emplace(std::move(id), std::move(*task));
  }
  std::string missing;
  int count = 0;
  for (const AimeFingerprint& fingerprint : aime_fingerprints()) {
    if (!of_year(fingerprint, year)) continue;
    const auto found = tasks.find(fingerprint.id);
    if (found != tasks.end()) {
      set.rows.push_back(std::move(found->second));
    } else {
      if (++count <= 5) missing += (missing.empty() ? "" : ", ") + std::string(fingerprint.id);
    }
  }
  if (count > 0 && set.problems.empty()) {
    set.problems.add({0, "",
                      "lacks " + std::to_string(count) + " of the 30 problems: " + missing +
                          (count > 5 ? ", …" : ""),
                      "all 30"});
  }
  return set;
}

std::string recognise_aime(std::string_view file) {
  DataProblems ignored;
  std::map<std::string, int> count;
  for (const JsonRow& row : read_json_rows(file, ignored)) {
    const JsonField* problem = problem_field(row);
    if (problem == nullptr) continue;
    const AimeFingerprint* known = find_problem(letters_of(canonical_aime_problem(problem->text)));
    if (known != nullptr) ++count[std::string(known->id).substr(0, 4)];
  }
  std::string year;
  int best = 0;
  for (const auto& [name, rows] : count) {
    if (rows > best) {
      best = rows;
      year = name;
    }
  }
  return best >= 10 ? year : std::string();
}

BenchmarkCard aime_card(std::string_view year) {
  BenchmarkCard card;
  card.title = "American Invitational Mathematics Examination " + std::string(year) + ", I and II";
  card.source = year == "2024"
                    ? "MAA; published as HuggingFaceH4/aime_2024, and in mlfoundations/evalchemy, "
                      "QwenLM/Qwen2.5-Math, "
                      "agentica-project/rllm"
                    : "MAA; published as opencompass/AIME2025, and in mlfoundations/evalchemy";
  card.licence = "problems are the MAA's; the files are not part of this project";
  card.protocol = "64 samples, temperature 0.6, top-p 0.95, 32768 tokens; integers from 0 to 999";
  card.paper = "DeepSeek-R1, arXiv 2501.12948";
  card.published_name = year == "2024" ? "AIME 2024" : "AIME 2025";
  return card;
}

}  // namespace quorum
