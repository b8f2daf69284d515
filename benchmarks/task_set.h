// The tasks of a data set in canonical form, before a prompt is chosen.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "benchmarks/data_problem.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "harness/task.h"

namespace quorum {

struct TaskRow {
  int row = 0;  // in the file it came from
  std::string id;
  std::string problem;  // empty when the row brings its own messages
  std::string gold;
  GraderKind grader = GraderKind::kMath;
  std::vector<Message> messages;  // the row's own prompt; empty: the variant makes it
  std::string tests_json;
  code::SuiteLanguage language = code::SuiteLanguage::kPython;  // of the programs that tests want
};

struct TaskSet {
  std::vector<TaskRow> rows;
  DataProblems problems;
  std::vector<std::string> notes;
};

// Hex SHA-256 over all rows in the order of their ids: two copies of a set agree whatever their
// order and file format.
std::string dataset_hash(std::span<const TaskRow> rows);

// One JSON object a line: the canonical form that `data add` writes and the private-set reader
// reads.
std::string canonical_jsonl(std::span<const TaskRow> rows);

}  // namespace quorum
