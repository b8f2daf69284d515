// What attack_runner does: the attacks in the sandbox, and their controls outside.
#pragma once

#include <string>
#include <vector>

#include "sandbox/runner/corpus.h"
#include "sandbox/runner/targets.h"

namespace quorum::attacks {

struct Selection {
  std::string only;   // attacks whose name begins so; empty: all
  bool slow = false;  // also those that take seconds each
};

inline constexpr long kMemoryMib = 256;
inline constexpr long kScratchMib = 16;
inline constexpr std::uint64_t kOutputBytes = 1 << 20;

// The amounts of an attack: without limit in the sandbox, little more than the limits outside.
Amounts amounts_of(const Attack& attack, bool control);

// Runs every control; a line each on stdout: "ok NAME", "absent NAME: why", "FAIL NAME: what was
// seen". The number of failures.
int run_controls(const std::vector<Attack>& corpus, const Selection& selection);

struct SandboxChoice {
  std::string level;     // "A" …
  std::string without;   // "seccomp", "landlock", "namespaces"; empty: all walls
  std::string launcher;  // the quorum program
  int workers = 0;
  std::string target;         // kills only: name of the processes to kill; empty: any
  unsigned within_ms = 1000;  // kills only: after the start of the harness
  bool quiet = false;         // failures only
};
// Runs every attack in the sandbox; lines as above: "ok", "FAIL". The number of failures.
// Throws quorum::Error when the sandbox cannot be opened.
int run_contained(const std::vector<Attack>& corpus, const Selection& selection,
                  const SandboxChoice& choice);

}  // namespace quorum::attacks
