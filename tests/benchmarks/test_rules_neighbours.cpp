// Answers one step away from a right one, which are others.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Neighbours of points, intervals, sets and numbers with commas stay apart", "[rules]") {
  testing::check_answer_table(R"table(
F (1,2,3) ~ x=1 \text{ or } x=2 \text{ or } x=3
F (1,2,3) ~ 1 \text{ or } 2 \text{ or } 3
T (1,2,3) ~ 1,2,3
F (1,2,3) ~ \{1,2,3\}
F \begin{pmatrix}1\\2\\3\end{pmatrix} ~ 1,2,3
F \begin{pmatrix}1\\2\\3\end{pmatrix} ~ \{1,2,3\}
F \begin{pmatrix}1\\2\end{pmatrix} ~ [1,2]
F \begin{pmatrix}1\\2\end{pmatrix} ~ [1,2)
F \begin{pmatrix}1\\2\end{pmatrix} ~ ]1,2[
F \begin{pmatrix}1\\2\end{pmatrix} ~ x=1,x=2
F \begin{pmatrix}1\\2\end{pmatrix} ~ 1 \text{ or } 2
F (1,2),(3,4) ~ 1<x<2 \text{ or } 3<x<4
F (1,2) \cup (3,4) ~ P(1,2), P(3,4)
F \{(1,2),(3,4)\} ~ 1<x<2 \text{ or } 3<x<4
F \{(1,2),(3,4)\} ~ (1,2) \cup (3,4)
F [1,2] ~ (1,2)
F 1 \le x \le 2 ~ 1,2
F 1 \le x < 2 ~ (1,2)
F -3 < x < 3 ~ \pm 3
F x^2 < 9 ~ \pm 3
F |x| < 3 ~ 3
F x > 3 ~ 3, \infty
F x > 3 ~ (3, \infty, 0)
F x \ge 3 ~ 3
F x \in [3, \infty) ~ 3, \infty
F (0, 2\pi) ~ 0 \text{ or } 2\pi
T (0, 2\pi) ~ 0 < \theta < 2\pi
F 0 < \theta < 2\pi ~ 0, 2\pi
F \theta \in (0,2\pi) ~ \theta = 0, 2\pi
F k = 2, 5 ~ (2,5)
F 2 < k < 5 ~ k = 2, 5
F 2 < k < 5 ~ k = 2 \text{ and } k = 5
F 2 < k < 5 ~ k = 3, 4
F \{2,5\} ~ 2 < k < 5
F \{2,5\} ~ [2,5]
F m = 2, n = 5 ~ 2 < x < 5
F (m,n) = (2,5) ~ 2 < x < 5
F (m,n) = (2,5) ~ \{x \mid 2 < x < 5\}
F (m,n) = (2,5) ~ \{2, 5\}
F (m,n) = (2,5) ~ m = 2 \text{ or } n = 5
T (m,n) = (2,5) ~ m = 2, n = 5
T (m,n) = (2,5) ~ (2,5)
F (m,n) = (2,5) ~ m = 5, n = 2
F (m,n) = (2,5) ~ (5,2)
F f(x) = 2 \text{ or } 5 ~ (2,5)
F 2+5i ~ (2,5)
F 2:5 ~ (2,5)
F 2:5 ~ 2,5
F 25 ~ 2,5
F 25 ~ 2, 5
F 2.5 ~ 2,5
F 1,500 ~ 1, 500
F 1,500 ~ 1; 500
F 1,500 ~ (1,500)
F 1,500 ~ [1,500]
F 1,500 ~ 1 < x < 500
F 1,500 ~ 1.5
F 1,500 ~ 15, 00
F 1,500 ~ 150, 0
T 1,500 ~ 1500
T 1,500.0 ~ 1500
F 1,500 ~ 1,5
F 1,500 ~ 1,50
F 1,500 ~ 1,5,0,0
F 12,345,678 ~ 12,345, 678
F 12,345,678 ~ 12, 345,678
F 12,345,678 ~ 12,345678
F 1,000,000 ~ 1, 0, 0
F 1,000,000 ~ 1,0,0
F 100,200,300 ~ 100, 200, 300
T 100,200,300 ~ \{100,200,300\}
F 4,096 ~ 4, 96
F 4,096 ~ 96, 4
F \$4,096 ~ 4, 096
F 10,20 ~ 1020
F (10,200) ~ 10200
F (10,200) ~ 10,200
F [10,200] ~ 10,200
T \{10,200\} ~ 10, 200
F \{10,200\} ~ 10200
F -1,500 ~ -1, 500
F x = 1,500 ~ x = 1, 500
F x = 1,500 ~ x = 1, x = 500
F x = 1,500 ~ 500, 1
F 1,500 \text{ m} ~ 1 \text{ m}, 500 \text{ m}
)table");
}

TEST_CASE("One more word, element or sign makes another answer", "[rules]") {
  testing::check_answer_table(R"table(
F 12-7 ~ 12:7
F 5 \text{ sq cm} ~ 5 \text{ cm}
F 24 ~ 24 \approx 25.5
F \sqrt{10} ~ \sqrt{10} \approx 3.16 \text{ or } 4
F \sqrt{10} ~ \approx 3.16
F 3.16 ~ \approx 3.16 \text{ or } \approx 4
F \sqrt{10} ~ \sqrt{10} \approx 3.16 \approx 5
F \sqrt{10} \text{ km} ~ \sqrt{10} \approx 3.16 \text{ m}
T \sqrt{10} \text{ km} ~ \sqrt{10} \text{ km} \approx 3162 \text{ m}
F \sqrt{10} ~ \sqrt{10} \approx 3.16, -\sqrt{10} \approx -3.16
T \pm\sqrt{10} ~ \sqrt{10} \approx 3.16, -\sqrt{10} \approx -3.16
F \text{yes} ~ \text{yes and no}
F \text{yes} ~ \text{yes}, \text{no}
F \text{red} ~ \text{red or blue}
F \text{odd} ~ \text{odd} + 1
F \text{east} ~ \text{not east}
F 5 ~ 5, \text{or } 6
F 5 ~ 5 \text{ (A)}
F 5 ~ 5 \text{ or more}
F 5 ~ 5+
F 5 ~ 5-
F 5 ~ 5?
F 5 ~ >5
F 5 ~ \ge 5
F 5 ~ \pm 5
F 5 ~ \{5, 5, 6\}
F 5 ~ 5; 6
F 5 ~ 5 \text{ and } 6
F 5 ~ 5 / 6
F 5 ~ 5 \quad 6
F 5 ~ 5 \ 6
F 5 ~ 5 \text{ to } 6
F 5 ~ 5 - 6
F 5 ~ 5 \sim 6
F 5 ~ \sim 5
F 5 ~ 5^{*}
F 5 ~ 5_1
F 5 ~ 5'
F 5 ~ 5!
F 5 ~ 5i
F 5 ~ 5x
F 5 ~ 5e
F 5 ~ (5, 5)
F 5 ~ [5]
F 5 ~ \text{five or six}
F 5 ~ \text{about } 5
F 5 ~ 5 \text{ at least}
F 5 ~ \text{more than } 5
F 5 ~ \text{fewer than } 5
F 5 ~ n > 5
F x > 5 ~ 5
F x \ge 5 ~ x > 5
F x \ge 5 ~ x = 5
F 5 ~ x \ne 5
F 5 ~ x = 5, y = 6
F 5 ~ x = 5 \text{ or } y = 6
F 5 ~ x = 5 \text{ or } x = 6
F 5 ~ x = 5 \text{ or } 6
F x = 5, y = 6 ~ x = 5
F x = 5, y = 6 ~ x = 6, y = 5
F x = 5, y = 6 ~ x = 5, z = 6
F x = 5, y = 6 ~ x = 5 \text{ or } y = 6
F x = 5, y = 6 ~ (6, 5)
T x = 5, y = 6 ~ y = 6, x = 5
F x = 5 \text{ or } y = 6 ~ (5,6)
F y = 5, x = 6 ~ (5, 6)
F (5,6) ~ (5,6), (6,5)
F (5,6) ~ (5,6) \text{ or } (6,5)
F (5,6) ~ \pm(5,6)
F (5,6) ~ (\pm 5, 6)
F (5,6) ~ (5,6,0)
F (5,6) ~ (5,6]
F (5,6) ~ (5;7)
F (5,6) ~ -(5,6)
F (5,6) ~ 2(5,6)
F (5,6) ~ (5,6)+1
F (5,6) ~ (5,6)^2
F \{5,6\} ~ \{5,6\} \cup \{7\}
F \{5,6\} ~ \{5,6,7\}
T \{5,6\} ~ \{6,5,5\}
F (5,6) ~ \{(5,6),(6,5)\}
F \frac{5}{6} ~ 5,6
F \frac{5}{6} ~ 5:6
F \frac{5}{6} ~ (5,6)
F \log_2 5 ~ \log_2 5 \approx 2.32, 3
F 8 \text{ p.m.} ~ 8 \text{ a.m.}
F 8 \text{ p.m.} ~ 8
F \text{Friday} ~ \text{Friday, Monday}
F \text{Friday} ~ Friday, Monday
F \text{Friday} ~ \text{Friday 5}
F 25\% ~ 25\%, 30\%
F 25\% ~ 25\% \approx 0.3
F 90^\circ ~ 90^\circ, 45^\circ
F 90^\circ ~ 90^\circ \text{ or } 45^\circ
F x^2 ~ x^2, x > 0 \text{ or } y
F 1,2,3 ~ 1,2,3,\ldots
F 1,2,3 ~ 1,2
F 1,2,3 ~ 1,2,3,3
F 1,2,3 ~ 123
F 1,2,3 ~ (1,2),3
F 1,2,3 ~ 1,(2,3)
)table");
}

}  // namespace quorum
