// LiveCodeBench as a benchmark: where its files lie, and what a name stands for.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/livecodebench/release.h"
#include "benchmarks/task_set.h"

namespace quorum::code {

struct LivecodebenchFiles {
  std::filesystem::path folder;  // empty: none was found
  // The published test.jsonl, test2.jsonl … in their order, as many as follow each other.
  std::vector<std::filesystem::path> published;
  std::filesystem::path evaluation;  // where nothing is published: statements with sample tests
  std::filesystem::path further;     // and other tests of the same problems; may be empty

  // The newest release that the files hold; 0: none.
  int newest() const;
};

// Looks in each folder, and in its folders livecodebench, lcb and code_generation_lite.
LivecodebenchFiles find_livecodebench(const std::vector<std::filesystem::path>& folders);

struct Livecodebench {
  // With the name of published scores only where the release is whole.
  BenchmarkCard card;
  bool whole = false;  // all problems of the release are there, with their published tests
  TaskSet set;
  std::filesystem::path folder;
};

// Reads the release's problems. Throws Error(kData) when files are missing, naming them.
Livecodebench open_livecodebench(const Release& release,
                                 const std::vector<std::filesystem::path>& folders);

// One file, whatever release it belongs to; an evaluation file with what lies beside it.
TaskSet read_livecodebench_file(const std::filesystem::path& file);

// Its card as `data list` shows it.
BenchmarkCard livecodebench_card();
std::string how_to_obtain_livecodebench();

// Whether `file` begins like one of the files above.
bool is_livecodebench_file(const std::filesystem::path& file);

}  // namespace quorum::code
