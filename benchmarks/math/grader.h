// The grader of all benchmarks whose answers are texts: extraction, then comparison by the query's
// kind.
#pragma once

#include <memory>

#include "benchmarks/math/policy.h"
#include "harness/task.h"

namespace quorum {

struct AnswerGraderOptions {
  Policy policy;  // part of the grader's version
};

// One grader for the kinds integer, math, choice and exact. It throws Error(kEnvironment) for a
// query of the kind `tests`: judging programs needs the sandbox, which this build does not have.
std::shared_ptr<const Grader> make_answer_grader(const AnswerGraderOptions& options = {});

}  // namespace quorum
