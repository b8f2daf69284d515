// attack: the rule that only threads are made, by a thread in namespaces of its own
// wanted: OK
// after: nothing
// wall: seccomp (flags of clone); no capability
// control: breach
// control-needs: root
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <initializer_list>

static std::atomic<int> ran{0};

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  static char stack[2][65536];
  int next = 0;
  for (const int space : {CLONE_NEWUTS, CLONE_NEWNET}) {
    const int flags = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | space;
    const int pid = clone(
        [](void*) -> int {
          ran = 1;
          syscall(SYS_exit, 0);
          return 0;
        },
        stack[next++] + 65536, flags, nullptr);
    if (pid > 0)
      std::printf("BREACH: a thread in a namespace of its own\n");
    else
      std::printf("%d\n", errno);
  }
  usleep(50000);
}
