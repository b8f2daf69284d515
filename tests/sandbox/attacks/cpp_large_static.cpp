// attack: memory, by static data larger than the limit: the program cannot even be loaded
// wanted: MLE or RE
// after: the machine's memory is as before
// wall: RLIMIT_AS; memory cgroup
// control: breach
// reaches: no
#include <cstdio>

static volatile char data[(@MEMORY@L + 50) << 20];

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  for (unsigned long i = 0; i < sizeof data; i += 4096) data[i] = 1;
  std::puts("BREACH: more than the limit");
}
