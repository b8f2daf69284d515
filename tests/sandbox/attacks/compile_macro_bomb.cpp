// attack: the compiler's time and memory, by macros that double
// wanted: CE
// after: no compiler is left
// wall: limits of the compiler's box
// control: no program
// reaches: no
// slow: the compiler runs to its limit
#define A(x) x x x x x x x x x x
#define B(x) A(A(x))
#define C(x) B(B(x))
#define D(x) C(C(x))
int main() { int i = 0; D(i++;) }
