// attack: the harness's files, by including one as text
// wanted: CE
// after: nothing of it in the compiler's message
// wall: the compiler runs in a box of its own
// control: breach
// reaches: no
#include <cstdio>
const char* text =
#include "@SECRET@"
    ;
int main() { std::printf("REACHED\nBREACH: %s\n", text); }
