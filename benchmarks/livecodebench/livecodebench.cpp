#include "benchmarks/livecodebench/livecodebench.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/livecodebench/problems.h"

namespace quorum::code {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEvaluationName = "problems_1055.jsonl";
constexpr const char* kFurtherName = "recovered_tests.jsonl";
constexpr const char* kIncomplete =
    "sample tests and tests recovered from logs only, not the official suites: no score of "
    "LiveCodeBench";

std::string published_name(int number) {
  return number == 1 ? "test.jsonl" : "test" + std::to_string(number) + ".jsonl";
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// The lines up to and with line `count`.
std::string_view first_lines(std::string_view text, int count) {
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text;
    at = end + 1;
  }
  return text.substr(0, at);
}

// The sample tests of an evaluation file and what else is known of its problems.
void read_evaluation(const fs::path& file, const fs::path& further_file, const Release& release,
                     TaskSet& set) {
  const MappedFile statements(file);
  FurtherTests further;
  if (!further_file.empty()) {
    const MappedFile rows(further_file);
    further = read_further_tests(rows.text(), read_starter_code(statements.text()), set.problems);
  }
  // The file is in the order of its releases: the problems of v5, then those that v6 added.
  const int size = kReleaseSizes[static_cast<std::size_t>(release.number - 1)];
  read_problems(first_lines(statements.text(), size), release, further, set);
  set.notes.push_back(kIncomplete);
}

void check_ids(TaskSet& set) {
  std::vector<const TaskRow*> rows;
  for (const TaskRow& row : set.rows) rows.push_back(&row);
  std::sort(rows.begin(), rows.end(),
            [](const TaskRow* a, const TaskRow* b) { return a->id < b->id; });
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i]->id == rows[i - 1]->id)
      set.problems.add({rows[i]->row, "question_id", "\"" + rows[i]->id + "\" appears twice",
                        "an id that no other row has"});
}

[[noreturn]] void missing(const Release& release, const LivecodebenchFiles& files,
                          const std::vector<fs::path>& folders) {
  std::vector<std::string> searched;
  for (const fs::path& folder : folders) searched.push_back(folder.string());
  std::string because =
      searched.empty() ? "no data folder is named" : "searched " + join(searched, ", ");
  if (!files.folder.empty())
    because = files.folder.string() + " holds only v" + std::to_string(files.newest());
  if (files.published.empty() && !files.evaluation.empty())
    because =
        files.evaluation.string() + " does not say which problems belong to " + release.name();
  throw Error(ErrorKind::kData, "the files of " + release.name() + " were not found", because,
              how_to_obtain_livecodebench() + ", or name their folder with --data DIR");
}

}  // namespace

int LivecodebenchFiles::newest() const {
  if (!published.empty()) return static_cast<int>(published.size());
  return evaluation.empty() ? 0 : kNewestRelease;
}

LivecodebenchFiles find_livecodebench(const std::vector<fs::path>& folders) {
  LivecodebenchFiles found;
  for (const fs::path& base : folders) {
    for (const char* inside : {"", "livecodebench", "lcb", "code_generation_lite"}) {
      const fs::path folder = *inside == '\0' ? base : base / inside;
      LivecodebenchFiles here;
      for (int number = 1; number <= kNewestRelease; ++number) {
        const fs::path file = folder / published_name(number);
        if (!is_file(file) || !is_livecodebench_file(file)) break;
        here.published.push_back(file);
      }
      if (is_file(folder / kEvaluationName)) here.evaluation = folder / kEvaluationName;
      if (is_file(folder / kFurtherName)) here.further = folder / kFurtherName;
      if (here.newest() == 0) continue;
      here.folder = folder;
      // Published files come before what others recovered.
      if (found.folder.empty() || here.published.size() > found.published.size()) found = here;
    }
  }
  return found;
}

bool is_livecodebench_file(const fs::path& file) {
  if (!is_file(file)) return false;
  try {
    return shape_of(MappedFile(file).text()) != FileShape::kNone;
  } catch (const Error&) {
    return false;  // cannot be read: not a data set for us
  }
}

Livecodebench open_livecodebench(const Release& release, const std::vector<fs::path>& folders) {
  const LivecodebenchFiles files = find_livecodebench(folders);
  Livecodebench out;
  out.folder = files.folder;
  out.card = livecodebench_card();
  if (files.newest() < release.number) missing(release, files, folders);
  if (!files.published.empty()) {
    int rows = 0;
    for (int number = 1; number <= release.number; ++number) {
      const fs::path& file = files.published[static_cast<std::size_t>(number - 1)];
      const MappedFile text(file);
      const std::size_t before = out.set.problems.list.size();
      rows += read_problems(text.text(), release, {}, out.set);
      for (std::size_t i = before; i < out.set.problems.list.size(); ++i)
        out.set.problems.list[i].field =
            file.filename().string() + ": " + out.set.problems.list[i].field;
    }
    const int size = kReleaseSizes[static_cast<std::size_t>(release.number - 1)];
    out.whole = rows == size;
    if (!out.whole)
      out.set.notes.push_back("the files hold " + std::to_string(rows) + " problems, the release " +
                              std::to_string(size));
    if (out.whole && release.is_r1_window()) out.card.published_name = "LiveCodeBench";
  } else {
    if (release.number < 5) missing(release, files, folders);
    read_evaluation(files.evaluation, files.further, release, out.set);
    out.card.protocol += "; " + std::string(kIncomplete);
  }
  check_ids(out.set);
  return out;
}

TaskSet read_livecodebench_file(const fs::path& file) {
  TaskSet set;
  const MappedFile text(file);
  if (shape_of(text.text()) == FileShape::kEvaluation) {
    const fs::path further = file.parent_path() / kFurtherName;
    read_evaluation(file, is_file(further) ? further : fs::path(), {}, set);
  } else {
    read_problems(text.text(), {}, {}, set);
  }
  check_ids(set);
  return set;
}

BenchmarkCard livecodebench_card() {
  BenchmarkCard card;
  card.title = "LiveCodeBench, code generation";
  card.source = "livecodebench/code_generation_lite on Hugging Face";
  card.licence = "of the contests that the problems come from";
  card.protocol = "Python; pass@1; DeepSeek-R1: livecodebench:v5:2024-08-01..2025-02-01";
  card.paper = "Jain et al., 2024, arXiv:2403.07974";
  return card;
}

std::string how_to_obtain_livecodebench() {
  return "published as livecodebench/code_generation_lite on Hugging Face: test.jsonl, test2.jsonl "
         "… test6.jsonl; put them into a folder livecodebench of a data folder, or: quorum data "
         "add FILE";
}

}  // namespace quorum::code
