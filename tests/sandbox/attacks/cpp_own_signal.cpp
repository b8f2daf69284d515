// attack: none: a fatal signal that the program sends to itself is an error
// wanted: RE
// after: no core file
// wall: none needed
// signal: 26
// control: same
#include <csignal>
#include <cstdio>

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  std::raise(SIGVTALRM);
}
