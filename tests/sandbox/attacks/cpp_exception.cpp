// attack: none: an uncaught exception is an error
// wanted: RE
// after: no core file
// wall: none needed
// signal: 6
// control: same
#include <cstdio>
#include <stdexcept>

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  throw std::runtime_error("nobody catches this");
}
