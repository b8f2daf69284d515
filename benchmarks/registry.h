// Every benchmark by name, and anyone's own set by file: finding the data, reading it, choosing the
// prompt.
//
// Data is looked up in the folders that the caller names, in their order: `--data`, then
// QUORUM_DATA, then the user cache. Nothing here reads the environment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/data_problem.h"
#include "benchmarks/livecodebench/code_grader.h"
#include "benchmarks/math/grader.h"
#include "harness/task.h"

namespace quorum {

struct BenchmarkRequest {
  // "aime24", "mini", "mini:SEED", "livecodebench:v5" (livecodebench/release.h), or a path that
  // ends in .jsonl or .json
  std::string name;
  std::string prompt;  // variant; empty: the default ("deepseek"; "code" where all rows have tests)
  std::vector<std::filesystem::path> data_folders;  // searched in this order
  std::optional<int> limit;                         // the first N queries
  std::vector<std::string> ids;                     // only these queries; empty: all
  AnswerGraderOptions grading = {};
  code::CodeGraderOptions code = {};  // for sets with tests
};

// Reads the set and chooses the prompt. The queries keep the set's order, also under `ids`.
// Throws Error(kUsage) for an unknown name (with the nearest known one), variant or id and for
// limit < 1; Error(kData) naming the folders searched when the file is missing, and naming file,
// row and field when it is not well-formed. A set with tests opens without a sandbox; its grader
// needs one.
Benchmark open_benchmark(const BenchmarkRequest& request);

// The names that open_benchmark knows, "aime24" first.
std::vector<std::string> benchmark_names();

// One line of `data list`.
struct BenchmarkListing {
  std::string name;
  BenchmarkCard card;
  int queries = 0;             // how many a complete copy has
  bool present = false;        // built in, or found and well-formed
  std::filesystem::path path;  // where it was found; empty: built in, or missing
  std::string problem;         // why a file that was found cannot be used; empty: none
  std::string obtain;          // where it is published and how to get it; empty: built in
};
std::vector<BenchmarkListing> list_benchmarks(
    const std::vector<std::filesystem::path>& data_folders);

struct DataCheck {
  std::string kind;  // the benchmark that the file is ("aime24"), or "private"
  int rows = 0;
  std::string dataset_hash;           // empty when there are problems
  std::vector<DataProblem> problems;  // at most kMaxDataProblems; `more_problems` counts the rest
  int more_problems = 0;
  std::vector<std::string>
      notes;  // remarks that are no problems, such as "the 30 problems of AIME 2024, another order"
  bool ok() const { return problems.empty(); }
};
// Looks at any set, a built-in benchmark's published file or a private one, and reports all bad
// rows. Throws Error(kData) only when the file cannot be read.
DataCheck check_data(const std::filesystem::path& file);

struct AddedData {
  std::string name;
  std::filesystem::path path;  // written
  int queries = 0;
  std::string dataset_hash;
};

// Recognises by content which built-in benchmark the file holds, verifies it (row count, answers,
// content hash) and writes its canonical JSONL into `cache_folder`, which is made when it is
// missing. Throws Error(kData) when it is none of them or not complete, naming the first bad row.
AddedData add_data(const std::filesystem::path& file, const std::filesystem::path& cache_folder);

}  // namespace quorum
