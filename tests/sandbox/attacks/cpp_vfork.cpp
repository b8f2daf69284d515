// attack: process creation, by vfork and exec
// wanted: OK
// after: no process more than before
// wall: seccomp
// control: breach
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  const pid_t pid = vfork();
  if (pid == 0) {
    execl("/bin/true", "true", nullptr);
    _exit(1);
  }
  if (pid < 0) return std::perror("vfork"), 0;
  waitpid(pid, nullptr, 0);
  std::puts("BREACH: a process");
}
