// attack: threads without end, made by the bare system call with the smallest stacks
// wanted: OK or RE or TLE or MLE
// after: no thread is left
// wall: RLIMIT_NPROC; pids cgroup; a look at the number of threads
// control: breach
// control-needs: root
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int wait_forever(void*) {
  for (;;) syscall(SYS_pause);
}

int main() {
  puts("REACHED");
  fflush(stdout);
  const long wanted = @COUNT@ < 2000 ? @COUNT@ : 2000;
  const long size = 8192;
  char* stacks = static_cast<char*>(
      mmap(nullptr, wanted * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  long made = 0;
  const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  while (made < wanted && clone(wait_forever, stacks + (made + 1) * size, flags, nullptr) > 0) ++made;
  if (made == wanted) printf("BREACH: %ld threads\n", made);
  printf("%ld threads\n", made);
  fflush(stdout);
  _exit(0);
}
