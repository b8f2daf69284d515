// attack: memory, by allocation without end
// wanted: MLE or RE
// after: the machine's memory is as before
// wall: RLIMIT_AS; memory cgroup
// time: 10
// cpu: 10
// control: breach
#include <cstdio>
#include <cstring>

static char* volatile last;  // or the compiler would allocate nothing

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  for (long held = 1; held <= @COUNT@; ++held) {
    last = new char[1 << 20];
    std::memset(last, 1, 1 << 20);
    if (held == @MEMORY@) {
      std::puts("BREACH: more than the limit");
      std::fflush(stdout);
    }
  }
}
