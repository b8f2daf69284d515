// attack: the compiler's time, by a loop that it has to run
// wanted: CE or OK
// after: no compiler is left
// wall: limits of the compiler's box; the compiler's own limit
// control: no program
// reaches: no
// slow: the compiler runs to its limit
constexpr unsigned long spin(unsigned long n) {
  unsigned long sum = 0;
  for (unsigned long i = 0; i < n; ++i) sum += i * sum + 1;
  return sum;
}
constexpr unsigned long value = spin(1UL << 40);
int main() { return value == 7; }
