// Anyone's own set: an object a line with `id`, `problem` and `answer`, optionally `prompt`
// (messages), `grader` and `tests`. docs/FORMATS.md describes it for users.
#pragma once

#include <string_view>

#include "benchmarks/task_set.h"

namespace quorum {

inline constexpr std::size_t kMaxIdBytes = 256;
inline constexpr std::size_t kMaxProblemBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxMessages = 64;
inline constexpr std::size_t kMaxTests = 10000;

// Reads JSONL or a JSON array. Every bad row becomes problems and is left out; never throws on any
// bytes. `answer` may be a string or a number (whose digits are kept as written); a number without
// `grader` is compared as mathematics, as a string is. Rows of the grader `tests` need `tests` and
// no answer.
TaskSet parse_private_set(std::string_view text);

}  // namespace quorum
