// attack: the time limit, by spinning on the clock
// wanted: TLE
// after: the process is gone
// wall: supervisor's timer
// control: endless
#include <chrono>
#include <cstdio>

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < std::chrono::hours(1)) {
  }
}
