// attack: the machine's files, by including the password file
// wanted: CE
// after: nothing of it in the compiler's message
// wall: the compiler runs in a box of its own
// control: breach
// reaches: no
#include <cstdio>
#if __has_include("/etc/passwd") || __has_include("/etc/shadow")
int main() { std::puts("REACHED\nBREACH: the compiler sees the password file"); }
#else
#include "/etc/passwd"
#endif
