// attack: the compiler, by a file without end
// wanted: CE
// after: no compiler is left
// wall: limits of the compiler's box
// control: no program
// reaches: no
// slow: the compiler runs to its limit
#include "/dev/urandom"
int main() {}
