// Exact equality of constants, decided by Calcium in a process of its own.
#pragma once

#include <cstdint>
#include <string>

#include "benchmarks/math/expression.h"

namespace quorum {

enum class ExactAnswer {
  kEqual,
  kUnequal,
  kUnknown,  // Calcium, within its limits, does not know
  kTimeout,  // the process was ended after ExactDeciderLimits::wall_ms
  kDied,     // the process died twice over this request: memory, or an abort of the library
  kAbsent    // no program is set, or none can be started
};

struct ExactDeciderLimits {
  static constexpr int kWallMs = 150;               // of a request, and of all requests of a pair
  static constexpr long kMemoryBytes = 256L << 20;  // address space of a process
  static constexpr int kProcesses = 8;              // at most, at the same time
};

struct ExactDeciderCounts {
  std::int64_t requests = 0, started = 0, timeouts = 0, deaths = 0;
};

// The argument that makes the program, run as `PROGRAM kExactDeciderVerb`, call
// run_exact_decider().
inline constexpr const char* kExactDeciderVerb = "decide-exactly";

// Names the program whose processes decide; empty (at first): none, and every answer is kAbsent. To
// be called before answers are compared.
void set_exact_decider_program(std::string path);

// Whether two constants (no symbols but i, e and π) are equal. From any thread. Processes are
// started with posix_spawn on first need and kept for later requests; an unexpected death is
// retried once.
ExactAnswer decide_exactly(const Expression& a, const Expression& b);

ExactDeciderCounts exact_decider_counts();

// The other end: serves requests on stdin until it ends, with the limits set. The exit code.
int run_exact_decider();

}  // namespace quorum
