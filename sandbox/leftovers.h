// What a launcher leaves behind when it is killed: its control groups and its private folders.
#pragma once

namespace quorum::sandbox {

// Names of private folders (TemporaryFolder): of a compiler, and of a root at level D.
inline constexpr const char *kCompilerFolder = "compile", *kRootFolder = "root";

// Removes what no living launcher has locked, as far as nobody is in it any more. Waits for as long
// as a second until the kernel has ended those who are. What cannot be removed stays, for the next
// who calls.
void remove_leftovers();

}  // namespace quorum::sandbox
