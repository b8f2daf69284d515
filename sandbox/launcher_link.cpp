#include "sandbox/launcher_link.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "sandbox/leftovers.h"
#include "sandbox/packet.h"
#include "sandbox/sandbox.h"

namespace quorum::sandbox {

std::unique_ptr<LauncherLink> LauncherLink::start(const std::string& program) {
  auto [ours, theirs] = make_packet_sockets();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, theirs.get(), STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  // Nothing of the harness's environment goes down but where programs are found, and the libraries
  // without which this program might not start again.
  const char *search = std::getenv("PATH"), *libraries = std::getenv("LD_LIBRARY_PATH");
  std::string path = program, verb = kLauncherVerb,
              variable = std::string("PATH=") + (search ? search : "/usr/local/bin:/usr/bin:/bin"),
              library_variable = std::string("LD_LIBRARY_PATH=") + (libraries ? libraries : "");
  char* const arguments[] = {path.data(), verb.data(), nullptr};
  char* const environment[] = {variable.data(), libraries ? library_variable.data() : nullptr,
                               nullptr};
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, path.c_str(), &files, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    errno = failed;
    throw Error(ErrorKind::kEnvironment, "the sandbox's launcher cannot be started",
                strerror(failed));
  }
  return std::unique_ptr<LauncherLink>(new LauncherLink(pid, std::move(ours)));
}

LauncherLink::~LauncherLink() {
  socket_ = UniqueFd();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  for (bool killed = false;;) {
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, killed ? 0 : WNOHANG);
    if (ended == pid_ || (ended < 0 && errno != EINTR)) {
      if (ended == pid_ && WIFSIGNALED(status)) remove_leftovers();
      return;
    }
    if (!killed && std::chrono::steady_clock::now() > deadline) {
      kill(pid_, SIGKILL);
      killed = true;
    }
    if (!killed) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace quorum::sandbox
