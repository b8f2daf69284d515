// attack: the machine's files, by asking the preprocessor which are there
// wanted: CE
// after: nothing
// wall: the compiler runs in a box of its own
// control: breach
// reaches: no
#include <cstdio>
#if __has_include("@TARGET@") || __has_include("@FOLDER@/secret") || __has_include("/proc/1/status") || \
    __has_include("/proc/version") || __has_include("/etc/hostname") || __has_include("/etc/hosts") || \
    __has_include("/sys/kernel/notes")
int main() { std::puts("REACHED\nBREACH: the compiler sees files of the machine"); }
#else
#error nothing is seen
#endif
