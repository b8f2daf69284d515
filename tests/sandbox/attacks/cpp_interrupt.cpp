// attack: the filter, by a 32-bit system call
// wanted: RE
// after: nothing
// wall: seccomp (other architectures are killed)
// control: breach or absent
// machine: x86_64
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  std::signal(SIGSEGV, [](int) {
    std::puts("ABSENT");
    std::fflush(stdout);
    std::_Exit(1);
  });
  long result = 0;
  for (const long number : {20L, 2L, 359L}) {  // getpid, fork, socket
    asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(2L), "c"(1L), "d"(0L) : "memory", "r8", "r9", "r10", "r11");
    if (number == 2 && result == 0) std::_Exit(0);
    if (result >= 0) std::printf("BREACH: call %ld gives %ld\n", number, result);
  }
  std::fflush(stdout);
}
