// Runs the built program as a user does, and other commands.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace quorum::testing {

struct ProgramResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out, err;
};

struct ProgramOptions {
  std::string input;                     // stdin
  std::vector<std::string> environment;  // NAME=value, added to a small clean environment
  std::filesystem::path folder;          // working folder; empty: the checkout
};

// Runs `quorum ARGUMENTS` to its end.
ProgramResult run_program(const std::vector<std::string>& arguments,
                          const ProgramOptions& options = {});

// Runs any command, whose first word is the path of its program.
ProgramResult run_command(const std::vector<std::string>& command,
                          const ProgramOptions& options = {});

// Starts `quorum ARGUMENTS` without waiting; output goes to the two files. Ends with wait_program.
pid_t start_program(const std::vector<std::string>& arguments, const std::filesystem::path& out,
                    const std::filesystem::path& err);
int wait_program(pid_t pid);

}  // namespace quorum::testing
