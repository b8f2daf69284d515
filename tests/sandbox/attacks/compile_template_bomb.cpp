// attack: the compiler's time and memory, by templates that double
// wanted: CE
// after: no compiler is left
// wall: limits of the compiler's box
// control: no program
// reaches: no
// slow: the compiler runs to its limit
template <int N, int M>
struct Bomb {
  using First = typename Bomb<N - 1, 2 * M>::Type;
  using Second = typename Bomb<N - 1, 2 * M + 1>::Type;
  struct Type { First first; Second second; };
};
template <int M>
struct Bomb<0, M> { struct Type { char c; }; };
int main() { return sizeof(Bomb<26, 0>::Type) != 0; }
