// Prepares a warm interpreter for being forked over and over, so that a child finds its memory
// without many page faults: they are most of what a short run costs.
#pragma once

namespace quorum::sandbox {

// Called once, by the process that forks, when it has loaded everything. Takes some hundred
// kilobytes and never gives them back. Changes nothing that a program can see but where its memory
// lies. Needs the interpreter's lock.
void prepare_to_fork();

}  // namespace quorum::sandbox
