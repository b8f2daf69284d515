// attack: the harness's memory, by errors without end
// wanted: CE
// after: the message is cut at its limit
// wall: output limit of the compiler's box
// control: flood
// reaches: no
#define A(x) x x x x x x x x x x
#define B(x) A(A(x))
B(B(static_assert(sizeof(char) == 2, "a message that is repeated until the compiler gives up");))
int main() {}
