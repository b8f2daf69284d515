// Rules of matrices, systems of equations, functions in pieces, and the notations of sets.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Matrices and systems are read with every row break and in nested brackets", "[rules]") {
  testing::check_answer_table(R"table(
T \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ \begin{pmatrix} 3 & 4 \\[4pt] 5 & 6 \end{pmatrix}
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{bmatrix} 3 \\[0.5em] 5 \end{bmatrix}
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{pmatrix} 3 \\* 5 \end{pmatrix}
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{pmatrix} 3 \cr 5 \end{pmatrix}
F \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{pmatrix} 3 \\[4pt] 4 \end{pmatrix}
T \begin{pmatrix} -3 & 4 \\ 5 & 6 \end{pmatrix} ~ \begin{pmatrix*}[r] -3 & 4 \\ 5 & 6 \end{pmatrix*}
T \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [[3,4],[5,6]]
T \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [[3, 4], [5, 6]]
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [3,4,5,6]
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [3,4],[5,6]
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ ((3,4),(5,6))
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [[3,5],[4,6]]
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ [[3],[5]]
T \begin{cases} x=7 \\ y=4 \end{cases} ~ \left\{\begin{array}{l} x=7\\[2pt] y=4\end{array}\right.
T \begin{cases} x=7 \\ y=4 \end{cases} ~ \left\{\begin{aligned} x&=7\\ y&=4\end{aligned}\right.
T x=7, y=4 ~ \left\{\begin{array}{rcl} x&=&7,\\ y&=&4\end{array}\right.
F x=7, y=4 ~ \left\{\begin{array}{l} x=7\\ y=5\end{array}\right.
T \{\begin{pmatrix}3\\5\end{pmatrix}, \begin{pmatrix}6\\7\end{pmatrix}\} ~ \{\begin{pmatrix}6\\[1ex]7\end{pmatrix},\begin{pmatrix}3\\5\end{pmatrix}\}
)table");
}

TEST_CASE("Absolute values, signs of logic and big operators make the sets that they mean",
          "[rules]") {
  testing::check_answer_table(R"table(
T |x| < 7 ~ -7 < x < 7
T |x| < 7 ~ (-7,7)
T |x| \le 7 ~ [-7,7]
T |x| \leq \sqrt{5} ~ -\sqrt{5} \le x \le \sqrt{5}
T |x| > 7 ~ x < -7 \text{ or } x > 7
T |x| > 7 ~ (-\infty,-7) \cup (7,\infty)
T 7 < |x| ~ (-\infty,-7) \cup (7,\infty)
T 4 \le |x| < 7 ~ (-7,-4] \cup [4,7)
T |x| \ge -1 ~ \mathbb{R}
T |x| \le 0 ~ \{0\}
T \left| t \right| < \frac{1}{2} ~ (-\frac12, \frac12)
F |x| < 7 ~ x < 7
F |x| < 7 ~ [-7,7]
F |x| < 7 ~ (-7,8)
F |x| < 7 ~ |x| \le 7
F |x| < 7 ~ |y| < 7
F |x| > 7 ~ x > 7
F |z| < 7 ~ (-7,7)
F |AB| < 7 ~ (-7,7)
T x<-4 \vee x>4 ~ x < -4 \text{ or } x > 4
T x<-4 \lor x>4 ~ |x| > 4
T |x|>4 \lor x=0 ~ (-\infty,-4) \cup \{0\} \cup (4,\infty)
T x>-4 \land x<4 ~ (-4,4)
T x>-4 \wedge x<4 ~ -4 < x < 4
T x = 3 \lor x = 8 ~ 3, 8
T \{x \mid x>-4 \land x<4\} ~ (-4,4)
T \{x \mid x<-4 \lor x>4\} ~ (-\infty,-4) \cup (4,\infty)
T (-\infty,-4) \bigcup (4,\infty) ~ x<-4 或 x>4
T x<-4或x>4 ~ (-\infty,-4) \cup (4,\infty)
T x<-4 \text{或} x>4 ~ (-\infty,-4) \cup (4,\infty)
T x>-4 且 x<4 ~ (-4,4)
T [0,5) \bigcap (3,9) ~ (3,5)
T p \land q ~ p \wedge q
T x<-4 ∨ x>4 ~ x<-4 \text{ or } x>4
F p \land q ~ p \lor q
F p \land q ~ p, q
F p \lor q ~ p \text{ or } q
F p \land (q \lor r) ~ (p \land q) \lor r
F p \land (q \lor r) ~ p \land q \lor r
F P = p \land (q \lor r) ~ P = p \land q \lor r
F x<-4 \land x>4 ~ x < -4 \lor x > 4
F x=3 \land y=8 ~ x=3 \lor y=8
F x=3 \text{ and } y=8 ~ x=3 \text{ or } y=8
F \bigcup_{k=1}^{3} A_k ~ \bigcap_{k=1}^{3} A_k
T x_1 = 3 \text{ or } x_2 = 8 ~ 3, 8
T x=3 \text{ or } y=8 ~ y=8 \lor x=3
F x=3 \text{ or } y=8 ~ (x,y)=(3,8)
)table");
}

TEST_CASE("Sets are read in plain braces, of integers, of half the line and without a set",
          "[rules]") {
  testing::check_answer_table(R"table(
T {x | x < 7} ~ x<7
T {x | x < 7} ~ (-\infty,7)
T \{x \mid x < 7\} ~ {x : x < 7}
T \left\{ {x|-4<x<7} \right\} ~ (-4,7)
F \left\{ {x|-4<x<7} \right\} ~ [-4,7]
F {x | x < 7} ~ x>7
T (0,+\infty) ~ \mathbb{R}^+
T \mathbb{R}^{+} ~ x > 0
T x \in \mathbb{R}^+ ~ x > 0
T \mathbb{R}^- ~ (-\infty,0)
T \mathbb{R}_{\ge 0} ~ [0,\infty)
F \mathbb{R}^+ ~ \mathbb{R}
F \mathbb{R}^+ ~ [0,\infty)
F \mathbb{R}^2 ~ \mathbb{R}
T x \notin [3,8] ~ (-\infty,3)\cup(8,\infty)
T x \not\in [3,8] ~ x<3 \text{ or } x>8
T x \notin \{3,8\} ~ x \ne 3, 8
F x \notin [3,8] ~ [3,8]
F x \notin [3,8] ~ x \in [3,8]
F x \notin \mathbb{Z} ~ x \in \mathbb{Z}
T \varnothing ~ \emptyset
T \{x \in \mathbb{Z} \mid 3 \le x \le 6\} ~ \{3,4,5,6\}
T \{x \in \mathbb Z \mid 3 < x < 6\} ~ \{4,5\}
T \{x \in \mathbb{N} \mid 3 \le x \le 6\} ~ \{3,4,5,6\}
T \{x \in \mathbb{N}^* \mid x \le 3\} ~ \{1,2,3\}
T \{x \in \mathbb{Z} : -2 \le x < 2\} ~ \{-2,-1,0,1\}
T \{x \in \mathbb{Z} : |x| < 2\} ~ \{-1,0,1\}
F \{x \in \mathbb{Z} \mid 3 \le x \le 6\} ~ [3,6]
F \{x \in \mathbb{Z} \mid 3 \le x \le 6\} ~ \{3,4,5\}
F \{x \in \mathbb{Z} \mid 3 \le x \le 6\} ~ \{x \mid 3 \le x \le 6\}
F \{x \in \mathbb{N} \mid x \le 2\} ~ \{1,2\}
F \{x \in \mathbb{Z} \mid x \ge 3\} ~ [3,\infty)
F \{x \in \mathbb{Z} \mid x \ge 3\} ~ \{3,4,5\}
T \{3,4,\ldots,n\} ~ \{3, 4, ..., n\}
T \{3,6,9,\ldots\} ~ \{3,6,9,...\}
F \{3,4,\ldots,n\} ~ \{3,4,n\}
F 0.333... ~ 0.333
T x=4,7,9 ~ x \in \{4,7,9\}
T x=4,7,9 ~ x \in \{9,7,4\}
F x=4,7,9 ~ y \in \{4,7,9\}
F x=4,7,9 ~ x \in \{4,7\}
F x=4,7 ~ x \in (4,7)
F x=4,7 ~ x \in [4,7]
F x=\{4,7\} ~ x \in \{4,7\}
)table");
}

TEST_CASE("Points have names, signs and an order of their coordinates", "[rules]") {
  testing::check_answer_table(R"table(
T Q(4,-7) ~ (4,-7)
T Q(4,-7) ~ Q = (4,-7)
T Q_1(4,-7) ~ (4,-7)
F Q(4,-7) ~ R(4,-7)
F Q(4,-7) ~ (-7,4)
F f(4,-7) ~ (4,-7)
F Q(a,b) ~ (a,b)
F Q(4) ~ 4
T A(0,6), B(5,2) ~ A = (0,6), B = (5,2)
T A(0,6), B(5,2) ~ B(5,2), A(0,6)
T A(0,6), B(5,2) ~ (0,6),(5,2)
F A(0,6), B(5,2) ~ A(5,2), B(0,6)
T \pm(4,-7) ~ (4,-7), (-4,7)
F \pm(4,-7) ~ (\pm 4, \pm 7)
T -(4,-7) ~ (-4,7)
T \frac{1}{5}(3,-4) ~ (\frac{3}{5},-\frac{4}{5})
F k(3,-4) ~ (3k,-4k)
T (x,y) = (4,-7) ~ (y,x) = (-7,4)
F (x,y) = (4,-7) ~ (y,x) = (4,-7)
F (4,-7) ~ (y,x) = (4,-7)
T (4,-7) ~ (y,x) = (-7,4)
T (a,b) = (4,-7) ~ (b,a) = (-7,4)
F (a,b) = (4,-7) ~ (b,a) = (4,-7)
T (n,k) = (9,4) ~ (9,4)
T (x,y) = (1,6),(2,3) ~ (y,x) = (6,1),(3,2)
T \begin{pmatrix} 4 \\ -7 \end{pmatrix} ~ \begin{pmatrix} 4 & -7 \end{pmatrix}^T
T \begin{pmatrix} 4 \\ -7 \end{pmatrix} ~ [4,-7]^{\top}
T (4,-7) ~ (4,-7)^T
T \begin{pmatrix} 5 & 6 \\ 7 & 8 \end{pmatrix} ~ \begin{pmatrix} 5 & 7 \\ 6 & 8 \end{pmatrix}^T
F \begin{pmatrix} 5 & 6 \\ 7 & 8 \end{pmatrix} ~ \begin{pmatrix} 5 & 6 \\ 7 & 8 \end{pmatrix}^T
T \vec{u} = (4,-7) ~ \mathbf{u} = \begin{pmatrix} 4 \\ -7 \end{pmatrix}
F \vec{u} = (4,-7) ~ \vec{w} = (4,-7)
T \frac{dy}{dx} = 3x^2 ~ 3x^2
)table");
  // C(9,3) is a point and a number; only the other side can tell.
  for (const auto& [gold, answer] : {std::pair{"84", "C(9,3)"}, {"504", "P(9,3)"}}) {
    CHECK(equivalent(gold, answer, GraderKind::kMath).equal);
    CHECK(equivalent(answer, gold, GraderKind::kMath).equal);
  }
  CHECK(!equivalent("84", "C(3,9)", GraderKind::kMath).equal);
  CHECK(!equivalent("84", "P(9,3)", GraderKind::kMath).equal);
}

TEST_CASE("Chains of equals are their last member when they are true", "[rules]") {
  testing::check_answer_table(R"table(
T 32 ~ 2^5 = 32
T 32 ~ 4 \cdot 8 = 32
T 32 ~ n = 2^5 = 32
T 32 ~ 2^5 = 4 \cdot 8 = 32
F 32 ~ 2^5 = 31
F 31 ~ 2^5 = 31
F 32 ~ 2a = 32
F 32 ~ a + b = 32
T \frac{3}{4} ~ P = \frac{9}{12} = \frac{3}{4}
T \frac{3}{4} ~ \frac{9}{12} = 0.75
T S = \frac{n(n+1)}{2} ~ S = \frac{n(n+1)}{2} = \frac{n^2+n}{2}
F S = \frac{n(n+1)}{2} ~ S = \frac{n(n+1)}{2} = \frac{n^2}{2}
F x^2+2x+1 ~ (x+1)^2 = x^2+2x+1
F n = 32 ~ m = 2^5 = 32
F 2^5 = 32 ~ 3^2 = 9
F 0 ~ 0 = 0
T x = y = z = 4 ~ (4,4,4)
T x = y = z = 4 ~ x = 4, y = 4, z = 4
T a = b = 4 ~ b = 4, a = 4
F a = b = 4 ~ a = 4
F a = b = 4 ~ 4
F a = b = 4 ~ a = 4, c = 4
)table");
}

TEST_CASE("The arguments of a function are names only", "[rules]") {
  testing::check_answer_table(R"table(
T g(x,y) = 3x - y ~ g(s,t) = 3s - t
T g(x,y) = 3x - y ~ 3x - y
F g(x,y) = 3x - y ~ g(y,x) = 3x - y
T g(x,y) = 3x - y ~ g(y,x) = 3y - x
F g(x,y) = 3x - y ~ g(s,t) = 3t - s
F g(x,y) = 3x - y ~ h(s,t) = 3s - t
F g(x,y) = 3x - y ~ 3s - t
F g(x,y) = 3x - y ~ g(s) = 3s - t
T f^{-1}(x) = \frac{x-4}{3} ~ f^{-1}(t) = \frac{t-4}{3}
F f^{-1}(x) = \frac{x-4}{3} ~ f(t) = \frac{t-4}{3}
T f'(x) = 3x^2 ~ f'(t) = 3t^2
F f'(x) = 3x^2 ~ f(x) = 3x^2
F f(x) = 3x - 4 ~ y = 3x - 4
F f(x) = 3x - 4 ~ g(x) = 3x - 4
)table");
}

TEST_CASE("Functions in pieces are compared piece by piece, in any order", "[rules]") {
  testing::check_answer_table(R"table(
T f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x) = \begin{cases} 2x, & x \geq 3, \\ 6, & x<3. \end{cases}
T f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 6 & x<3 \\ x+x & x \ge 3\end{cases}
T f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ \begin{cases} 2x & \text{if } x \ge 3 \\ 6 & \text{if } x < 3\end{cases}
T f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 2x & 3 \le x \\ 6 & \text{otherwise}\end{cases}
T f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(t)=\begin{cases} 2t & (t \ge 3) \\ 6 & (t < 3)\end{cases}
T f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\left\{\begin{array}{ll} 2x & x \ge 3 \\ 6 & x < 3\end{array}\right.
T f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 2x,  x \ge 3 \\ 6,  x < 3\end{cases}
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 6 & x \ge 3 \\ 2x & x < 3\end{cases}
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 2x & x \ge 4 \\ 6 & x < 4\end{cases}
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 2x & x > 3 \\ 6 & x < 3\end{cases}
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 2x & y \ge 3 \\ 6 & y < 3\end{cases}
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3 \\ 7 & x = 9\end{cases}
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ g(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases}
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ 2x
F f(x)=\begin{cases} 2x & x \ge 3 \\ 6 & x < 3\end{cases} ~ 2x, 6
T a_n=\begin{cases} 4, & n=1 \\ 3n, & n \ge 2 \end{cases} ~ a_k = \begin{cases} 3k & \text{for } k \ge 2 \\ 4 & \text{for } k = 1 \end{cases}
F a_n=\begin{cases} 4, & n=1 \\ 3n, & n \ge 2 \end{cases} ~ a_n=\begin{cases} 4, & n=2 \\ 3n, & n \ge 2 \end{cases}
T \begin{cases} 1 & \text{if } n \text{ is even} \\ 0 & \text{if } n \text{ is odd} \end{cases} ~ \begin{cases} 0, & n \text{ is odd} \\ 1, & n \text{ is even} \end{cases}
F \begin{cases} 1 & n \text{ even} \\ 0 & n \text{ odd} \end{cases} ~ \begin{cases} 0 & n \text{ even} \\ 1 & n \text{ odd} \end{cases}
T \begin{cases} x &= 4 \\ y &= 9 \end{cases} ~ x = 4, y = 9
)table");
}

TEST_CASE("Congruences, determinants, joined intervals and labels of lines", "[rules]") {
  testing::check_answer_table(R"table(
T y \equiv 4 \pmod 9 ~ y \equiv 4 \mod 9
T y \equiv 4 \pmod 9 ~ y\equiv 4\ (\text{mod } 9)
T y \equiv 4 \pmod 9 ~ y \equiv 13 \pmod{9}
T y \equiv 4 \pmod 9 ~ y \equiv -5 \bmod 9
T y \equiv 4 \pmod 9 ~ 4 \pmod 9
F y \equiv 4 \pmod 9 ~ y \equiv 5 \pmod 9
F y \equiv 4 \pmod 9 ~ y \equiv 4 \pmod 8
F y \equiv 4 \pmod 9 ~ t \equiv 4 \pmod 9
F y \equiv 4 \pmod 9 ~ y = 4
F 4 \pmod 9 ~ 4
T -10 ~ \begin{vmatrix} 2 & 5 \\ 4 & 5 \end{vmatrix}
F -10 ~ \begin{vmatrix} 2 & 4 \\ 5 & 6 \end{vmatrix}
T 6 ~ \begin{vmatrix} 1 & 0 & 0 \\ 5 & 2 & 0 \\ 7 & 8 & 3 \end{vmatrix}
T ad - bc ~ \begin{vmatrix} a & b \\ c & d \end{vmatrix}
F \begin{pmatrix} 2 & 5 \\ 4 & 5 \end{pmatrix} ~ \begin{vmatrix} 2 & 5 \\ 4 & 5 \end{vmatrix}
T (-\infty,4) \cup (9,\infty) ~ (-\infty,4) \text{ or } (9,\infty)
T (-\infty,4) \cup (9,\infty) ~ (-\infty,4), (9,\infty)
T (-\infty,4] \cup [9,12) ~ (-\infty,4] \text{ and } [9,12)
F (1,4) \cup (4,9) ~ (1,4), (4,9)
F (-\infty,4) \cup (9,\infty) ~ (-\infty,4), [9,\infty)
T \{2,6\} \cup \{9\} ~ {2,6} ∪ {9}
T y \ne 4 ~ \text{all real numbers except } 4
F y \ne 4 ~ \text{all real numbers except } 5
T 6, 11 ~ either 6 or 11
T 6, 11 ~ 6 \& 11
T 6, 11 ~ 6 \text{, and } 11
F 6, 11 ~ \text{either } 6 \text{ or } 12
T l: 3x - y = 0 ~ 3x - y = 0
F l: 3x - y = 0 ~ 3x + y = 0
F x : x^2 = 4 ~ x^2 = 4
T \text{(B)} ~ b
T \text{(B)} ~ Option B
F \text{(B)} ~ c
F \text{(B)} ~ B:C = 1
F \text{(B)} ~ \text{ball}
)table");
}

}  // namespace quorum
