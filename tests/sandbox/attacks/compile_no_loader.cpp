// attack: the verdict, by a program that compiles and cannot be started: it names a loader that is not there
// wanted: CE or RE
// after: nothing
// wall: what cannot be started is the program's fault
// control: run
// reaches: no
asm(".section .interp,\"a\"\n.string \"/no/such/loader\"\n.text");
int main() {}
