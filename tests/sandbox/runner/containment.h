// Whether what a program did in the sandbox is what must become of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandbox/runner/corpus.h"
#include "sandbox/sandbox.h"

namespace quorum::attacks {

// What is wrong, in words; empty: the attack was contained. `expected_output`: what a harmless
// program prints outside; nullopt: it is not compared. `secret` must be nowhere in what the program
// wrote.
std::vector<std::string> complaints(const Attack& attack, const sandbox::Sandbox::Result& result,
                                    const sandbox::Limits& limits,
                                    const std::optional<std::string>& expected_output,
                                    const std::string& secret);

// The first line with BREACH in what it printed; empty: none.
std::string breach_of(const sandbox::Sandbox::Result& result);

}  // namespace quorum::attacks
