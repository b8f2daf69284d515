// attack: the verdict, by a file name that looks like a message of the compiler's driver
// wanted: CE
// after: nothing
// wall: the compiler's words are not believed where a source can put them
// control: no program
// reaches: no
#line 1 "g++: fatal error: cannot execute 'cc1plus': vfork: Resource temporarily unavailable"
int main() { return not_declared; }
