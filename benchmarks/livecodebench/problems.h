// The problems of LiveCodeBench from its files, one JSON object a line.
//
// Published files (code_generation_lite: test.jsonl, test2.jsonl … test6.jsonl; release vN is the
// first N of them): question_id, question_title, question_content, contest_date, starter_code,
// public_test_cases, private_test_cases, metadata. Evaluation files hold the statements with
// `sample_tests` in place of the tests; other tests of theirs may be given beside them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/livecodebench/release.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "benchmarks/task_set.h"

namespace quorum::code {

inline constexpr std::size_t kMaxProblemBytesOfRow = std::size_t{1} << 30;

enum class FileShape { kNone, kPublished, kEvaluation };
// By the first line.
FileShape shape_of(std::string_view text);

// Tests of evaluation files by question_id: rows with question_id, input, expected and testtype
// ("stdin", or "functional" with both as Python literals).
struct FurtherTests {
  std::map<std::string, std::vector<TestCase>, std::less<>> tests;
};
// `starter_code`s by question_id say which results are texts; a row that cannot be read is a
// problem.
FurtherTests read_further_tests(std::string_view text,
                                const std::map<std::string, std::string, std::less<>>& starter_code,
                                DataProblems& problems);
std::map<std::string, std::string, std::less<>> read_starter_code(std::string_view text);

// Appends the problems of the window. Every selected row's tests are decoded and checked; what is
// wrong names row and field. Problems without any test (evaluation files) are counted in
// `set.notes` and left out: nothing could be said of a program. Returns the number of rows, also of
// those outside of the window.
int read_problems(std::string_view text, const Release& release, const FurtherTests& further,
                  TaskSet& set);

}  // namespace quorum::code
