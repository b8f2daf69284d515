// What is wrong with a row of a data set, for people who have to mend it.
#pragma once

#include <string>
#include <vector>

namespace quorum {

// One thing that is wrong with a file. `row` counts from 1 (lines of JSONL, elements of a JSON
// array); 0: the whole file.
struct DataProblem {
  int row = 0;
  std::string field;     // "answer"; empty: the whole row
  std::string what;      // what is wrong
  std::string expected;  // what was expected; may be empty
};

inline constexpr int kMaxDataProblems = 50;

// Keeps the first kMaxDataProblems and counts the rest.
struct DataProblems {
  std::vector<DataProblem> list;
  int more = 0;

  void add(DataProblem problem) {
    if (list.size() < static_cast<std::size_t>(kMaxDataProblems)) {
      list.push_back(std::move(problem));
    } else {
      ++more;
    }
  }
  bool empty() const { return list.empty(); }
};

// "row 3, field "answer": is missing (expected a number or a text)".
std::string describe(const DataProblem& problem);

}  // namespace quorum
