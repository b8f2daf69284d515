// attack: kernel memory, by threads that are made without a share in the open descriptors: each has a limit of its own
// wanted: OK
// after: the machine's memory is as before
// wall: seccomp (flags of clone)
// control: breach
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

static std::atomic<bool> done{false};

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  static char stack[65536];
  const int mine = dup(0);
  const int pid = clone(
      [](void* fd) -> int {
        close(*static_cast<const int*>(fd));
        done = true;
        syscall(SYS_exit, 0);
        return 0;
      },
      stack + sizeof stack, CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_THREAD,
      const_cast<int*>(&mine));
  if (pid < 0) {
    std::printf("refused %d\n", errno);
    return 0;
  }
  while (!done) usleep(1000);
  if (fcntl(mine, F_GETFD) >= 0) std::printf("BREACH: a table of its own\n");
}
