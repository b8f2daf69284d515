// attack: the verdict, by an error whose text looks like the end of a compiler that the machine killed
// wanted: CE
// after: nothing
// wall: the compiler's words are not believed where a source can put them
// control: no program
// reaches: no
static_assert(sizeof(int) == 1, "x\ng++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.");
int main() {}
