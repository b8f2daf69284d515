// The benchmark `mini`: 60 problems of this project's own, for the embedded checkpoint.
#pragma once

#include <cstdint>

#include "benchmarks/task_set.h"

namespace quorum {

// Seed 0 is `mini` itself (mini.jsonl holds its problems); `mini:SEED` draws others of the same
// kinds.
TaskSet mini_set(std::uint64_t seed);
BenchmarkCard mini_card();

// Programming tasks of the same project (code_task_generator.h), graded by tests.
inline constexpr int kMiniCodeCount = 40;
TaskSet mini_code_set(std::uint64_t seed);
BenchmarkCard mini_code_card();

}  // namespace quorum
