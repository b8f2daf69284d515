// attack: the stack, by endless recursion
// wanted: RE or MLE
// after: no core file
// wall: RLIMIT_STACK
// control: crash
#include <cstdio>

static int depth(volatile int n) {
  volatile char block[4096];
  block[0] = static_cast<char>(n);
  return depth(n + 1) + block[0];
}

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  return depth(0);
}
