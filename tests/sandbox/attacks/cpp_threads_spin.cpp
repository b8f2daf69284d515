// attack: the CPU limit, by threads that use several cores at once within the wall limit
// wanted: TLE
// after: CPU time of all threads is counted
// wall: CPU time of the process by rusage, RLIMIT_CPU
// control: breach
// cpu: 0.4
// time: 4
#include <pthread.h>

#include <cstdio>
#include <ctime>

static void* spin(void*) {
  while (std::clock() < 1000000) {
  }
  return nullptr;
}

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  pthread_t threads[3];
  for (pthread_t& t : threads) pthread_create(&t, nullptr, spin, nullptr);
  spin(nullptr);
  for (pthread_t t : threads) pthread_join(t, nullptr);
  std::puts("BREACH: used 1.0 seconds of CPU");
}
