// attack: the harness's files, by the assembler
// wanted: CE
// after: nothing of it in the compiler's message
// wall: the compiler runs in a box of its own
// control: breach
// reaches: no
#include <cstdio>
asm(".section .rodata\n.globl text\ntext: .incbin \"@SECRET@\"\n.byte 0\n.text\n");
extern "C" const char text[];
int main() { std::printf("REACHED\nBREACH: %s\n", text); }
