// attack: none: a program that is no C++ is an error of compilation
// wanted: CE
// after: nothing
// wall: none needed
// control: no program
// reaches: no
int main( { return "x"
