// The grader of all benchmarks whose answers are texts: extraction, then comparison by the query's
// kind.
#pragma once

#include <memory>

#include "harness/task.h"

namespace quorum {

// One grader for the kinds integer, math, choice and exact. It throws Error(kEnvironment) for a
// query of the kind `tests`: judging programs needs the sandbox, which this build does not have.
std::shared_ptr<const Grader> make_answer_grader();

}  // namespace quorum
