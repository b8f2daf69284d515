// attack: process creation, by each call that could do it
// wanted: OK
// after: no process more than before
// wall: seccomp
// control: breach
#include <sched.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

static void seen(const char* name, long pid) {
  if (pid == 0) _exit(0);
  if (pid > 0) {
    std::printf("BREACH: %s made a process\n", name);
    waitpid(static_cast<pid_t>(pid), nullptr, __WALL);
  } else {
    std::printf("%s %d\n", name, errno);
  }
  std::fflush(stdout);
}

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  seen("fork()", fork());
#ifdef SYS_fork
  seen("fork", syscall(SYS_fork));
#endif
  seen("clone", syscall(SYS_clone, 17, 0, 0, 0, 0));
  seen("clone without a signal", syscall(SYS_clone, 0, 0, 0, 0, 0));
  seen("clone of files", syscall(SYS_clone, CLONE_FILES | CLONE_FS | 17, 0, 0, 0, 0));
  seen("clone as the parent's child", syscall(SYS_clone, CLONE_PARENT | 17, 0, 0, 0, 0));
  // The upper half of flags is ignored by the kernel, and must not hide them from a filter.
  seen("clone with upper bits", syscall(SYS_clone, (1UL << 32) | 17, 0, 0, 0, 0));
  std::uint64_t arguments[11] = {};
  arguments[4] = 17;
  seen("clone3", syscall(SYS_clone3, arguments, 64));
  static char stack[65536];
  seen("clone()", clone([](void*) -> int { _exit(0); }, stack + sizeof stack, CLONE_VM | CLONE_VFORK | 17, nullptr));
  pid_t pid = -1;
  char name[] = "/bin/true";
  char* argv[] = {name, nullptr};
  errno = posix_spawn(&pid, name, nullptr, nullptr, argv, environ);
  seen("posix_spawn", errno == 0 ? pid : -1);
  if (std::system("exit 7") == 7 << 8) std::puts("BREACH: a shell ran");
}
