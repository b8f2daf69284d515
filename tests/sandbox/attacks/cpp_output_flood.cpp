// attack: the output limit, by single characters without end
// wanted: OLE
// after: the output is cut at its limit
// wall: RLIMIT_FSIZE on a memfd
// control: flood
#include <cstdio>

int main() {
  std::puts("REACHED");
  for (long i = 0; i < @COUNT@; ++i)
    for (int k = 0; k < 10000; ++k) std::putchar('x');
}
