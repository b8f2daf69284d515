// Attacks that are tried when a sandbox is opened: a level holds where every one of them fails.
#pragma once

#include <string>
#include <vector>

#include "sandbox/supervisor.h"

namespace quorum::sandbox {

struct Trial {
  bool holds = false;
  std::string why, advice;  // where it does not hold
  std::vector<Finding> walls, canaries;
};

// Of the programs that try the attacks.
Limits canary_limits();

// Makes the supervisor's workers this level's and tries. A failed canary does not count where a
// wall was left out on purpose.
Trial try_level(Supervisor& supervisor, Level level, const LeftOut& without);

// From what the canary program printed ("name: refused" or "name: REACHED what", a line each) to
// findings; a name of `expected` that is missing is a failure. Pure.
std::vector<Finding> read_canaries(const std::string& printed,
                                   const std::vector<std::string>& expected);

}  // namespace quorum::sandbox
