// attack: the chain of death: exec of itself by another thread, which does not inherit the signal of the parent's death
// wanted: TLE or RE or OK
// after: the process is gone
// wall: at C an exec is allowed once (seccomp with a listener); pid namespace
// control: endless
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <thread>

int main(int count, char** arguments, char** environment) {
  if (count > 1) {
    std::puts("replaced");
    std::fflush(stdout);
    sleep(20);
  }
  std::puts("REACHED");
  std::fflush(stdout);
  char* again[] = {arguments[0], arguments[0], nullptr};
  std::thread([&] {
    execve("/proc/self/exe", again, environment);
    std::printf("%d\n", errno);
  }).join();
}
