// Rules that keep apart what looks alike: intervals, points and lists, numbers and lists.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Only (a,b) may be a point and an open interval", "[rules]") {
  testing::check_answer_table(R"table(
T 3 < x < 8 ~ (3,8)
F 3 < x < 8 ~ 3, 8
F 3 < x < 8 ~ x = 3 \text{ or } x = 8
F 3 < x < 8 ~ \{3, 8\}
F 3 < x < 8 ~ \begin{pmatrix} 3 \\ 8 \end{pmatrix}
F 3 < x < 8 ~ \begin{bmatrix} 3 & 8 \end{bmatrix}
F 3 < x < 8 ~ (3,8)^T
F 3 < x < 8 ~ P(3,8)
F 3 < x < 8 ~ \{(3,8)\}
F \{x \mid 3 < x < 8\} ~ (x,y) = (3,8)
F \{x \mid 3 < x < 8\} ~ 3, 8
F \{x \mid 3 < x < 8\} ~ x=3, y=8
F x \in (3,8) ~ 3, 8
T x \in (3,8) ~ (3,8)
T x \in (3,8) ~ \{x : 3 < x < 8\}
F x \in (3,8) ~ \langle 3, 8 \rangle
T \langle 3, 8 \rangle ~ (3,8)
T \langle 3, 8 \rangle ~ \begin{pmatrix} 3 \\ 8 \end{pmatrix}
T \langle 3, 8 \rangle ~ \left\langle 3, 8 \right\rangle
F ]3,8[ ~ 3, 8
T ]3,8[ ~ (3,8)
T ]3,8[ ~ 3<x<8
F |x| < 3 ~ -3, 3
F |x| < 3 ~ \pm 3
T |x| < 3 ~ (-3, 3)
F (2, \infty) ~ 2, \infty
T (2, \infty) ~ x > 2
F x > -2 ~ -2, \infty
T \pm 3 ~ 3, -3
T \pm 3 ~ x = \pm 3
F \pm 3 ~ (3,-3)
F 1 \pm \sqrt{2} ~ (1+\sqrt{2}, 1-\sqrt{2})
F \pm 1, 5 ~ (1,-1,5)
F x = 2 \text{ or } x = 3 ~ (2,3)
F x = 2, x = 3 ~ (2,3)
F x = 2, 3 ~ (2,3)
F 2 \text{ or } 3 ~ (2,3)
F x = 2 \text{ or } 3 ~ (2,3)
T x = 2, y = 3 ~ (2,3)
T (x,y) = (2,3) ~ (2,3)
T 2, 3 ~ (2,3)
F x=2 \text{ and } x = 3 ~ (2,3)
T (\pm 1, \pm 2) ~ (1,2),(1,-2),(-1,2),(-1,-2)
T \pm(1,2) ~ (1,2), (-1,-2)
T (1,2) \text{ or } (2,1) ~ (1,2),(2,1)
F x = 3, x = 8 ~ \begin{pmatrix} 3 \\ 8 \end{pmatrix}
T x = 3, x = 8 ~ \{3, 8\}
T x_1 = 2, x_2 = 3 ~ 2, 3
F 0 < x < 1 ~ 0, 1
F 0 \le x \le 1 ~ 0, 1
F [0,1] ~ 0, 1
F (0,1] ~ 0,1
T (1,2),(3,4) ~ (3,4),(1,2)
F 0<x<1 \text{ or } 2<x<3 ~ 0,1,2,3
F 0<x<1 \text{ or } 2<x<3 ~ ((0,1),(2,3))
F (0,1) \cup (2,3) ~ \begin{pmatrix} 0 & 1 \\ 2 & 3 \end{pmatrix}
F x \ne 3 ~ 3
T (3,8) ~ \begin{pmatrix} 3 \\ 8 \end{pmatrix}
F x = 3 \text{ or } x = 8 ~ x \in (3,8)
F x = 3 \text{ or } x = 8 ~ [3,8]
T P(3,8) ~ (3,8)
T -(1,2) ~ (-1,-2)
F -(1,2) ~ -2 < x < -1
F -(2,1) ~ -2 < x < -1
F 2,3 ~ 2 : 3
F a = 2, a = 3 ~ (2, 3)
F \{2,3\} ~ (2,3)
T f(x) \in (2,3) ~ 2 < f(x) < 3
F f(x) \in (2,3) ~ 2, 3
)table");
}

TEST_CASE("A number with a comma is a list only where the other answer is one by more than a space",
          "[rules]") {
  testing::check_answer_table(R"table(
F 7,250 ~ 7, 250
F 12,000 ~ 12, 0
F 12,000 ~ 12,0
F 1,000 ~ 1, 000
F 1,050 ~ 1, 50
F 1,050 ~ 50, 1
F 1,050 ~ \{1, 50\}
T 1,050 ~ 1050
T 58,500 ~ 500, 58
T 58,500 ~ 58 \text{ and } 500
T 58,500 ~ \{58, 500\}
F 58,500 ~ 58 < x < 500
F 58,500 ~ (58, 500)
F 58{,}500 ~ 58, 500
F 58{,}500 ~ 58 \text{ and } 500
F 1,234,567 ~ 1, 234, 567
F 1,234,567 ~ 1,234, 567
F 7,250 ~ 7; 250
F 7,250 ~ 7,\ 250
F 7,250 ~ 7, \quad 250
)table");
}

}  // namespace quorum
