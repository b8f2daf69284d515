#include "support/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include "base/file.h"
#include "support/test_data.h"

namespace quorum::testing {
namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (std::string& s : strings) list.push_back(s.data());
  list.push_back(nullptr);
  return list;
}

pid_t spawn(std::vector<std::string> arguments, const ProgramOptions& options,
            const std::string& in, const std::string& out, const std::string& err) {
  std::vector<std::string> environment = options.environment;
  for (const char* name :
       {"PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name))
      environment.push_back(std::string(name) + "=" + value);
  const std::string folder =
      options.folder.empty() ? source_path("").string() : options.folder.string();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, arguments[0].c_str(), &actions, nullptr,
                                  pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + arguments[0]);
  return pid;
}

std::vector<std::string> of_program(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program_path().string());
  return arguments;
}

}  // namespace

int wait_program(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) throw std::runtime_error("waitpid failed");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t start_program(const std::vector<std::string>& arguments, const std::filesystem::path& out,
                    const std::filesystem::path& err) {
  return spawn(of_program(arguments), {}, "/dev/null", out.string(), err.string());
}

ProgramResult run_program(const std::vector<std::string>& arguments,
                          const ProgramOptions& options) {
  return run_command(of_program(arguments), options);
}

ProgramResult run_command(const std::vector<std::string>& command, const ProgramOptions& options) {
  ScratchFolder scratch;
  const std::string in = (scratch.path() / "in").string(), out = (scratch.path() / "out").string(),
                    err = (scratch.path() / "err").string();
  write_file_atomic(in, options.input);
  ProgramResult result;
  result.exit_code = wait_program(spawn(command, options, in, out, err));
  result.out = read_file(out);
  result.err = read_file(err);
  return result;
}

}  // namespace quorum::testing
