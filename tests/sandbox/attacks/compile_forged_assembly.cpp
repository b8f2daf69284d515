// attack: the verdict, by an error of the assembler under a name that looks like a message of the driver
// wanted: CE
// after: nothing
// wall: the compiler's words are not believed where a source can put them
// control: no program
// reaches: no
asm("\n# 1 \"g++: fatal error: Killed signal terminated program as\"\nno_such_instruction\n");
int main() {}
