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

}  // namespace quorum
