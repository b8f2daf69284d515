// attack: the disk, by an object file of 10 GB
// wanted: CE
// after: no file is left
// wall: file size limit of the compiler's box
// control: breach
// reaches: no
// slow: the compiler runs to its limit
#include <cstdio>
asm(".data\n.globl huge\nhuge: .fill @COUNT@ / 100 * 131072, 8, 1\n.text\n");
extern "C" char huge[];
int main() { std::printf("REACHED\nBREACH: %d\n", huge[0]); }
