// MATH-500: the 500 problems of the MATH test set that PRM800K holds out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/task_set.h"

namespace quorum {

struct Math500Fingerprint {
  const char* id;       // the published unique_id, "test/precalculus/807.json"
  const char* problem;  // the first 12 hex digits of SHA-256 over the problem without white space
  const char* gold;     // over "ID=ANSWER" without white space
};
// In published order.
const std::vector<Math500Fingerprint>& math500_fingerprints();

// Reads any published shape: JSON array or JSONL; problem in `problem` or `question`, answer in
// `answer` or `expected_answer`. A row is recognised by its problem, so `unique_id` may be missing;
// the rows come out in published order. Problems name rows that are not of the set or have another
// answer, repeated ones and missing ones.
TaskSet parse_math500(std::string_view file);

// Whether the file holds at least a fifth of the 500 problems.
bool is_math500(std::string_view file);

// "test/precalculus/807.json" for "precalculus/807"; other ids as they are.
std::string math500_id(std::string_view id);

BenchmarkCard math500_card();

}  // namespace quorum
