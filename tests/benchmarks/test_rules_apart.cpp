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
F x = 3, y = 8 ~ 3 \text{ or } 8
F x = 3, y = 8 ~ \{3, 8\}
F a = 3, b = 8 ~ x \in \{3, 8\}
F x = 3, y = 8 ~ 5.5 \pm 2.5
T x = 3, y = 8 ~ 3, 8
F (8,3) ~ 3 > x > 8
T (3,8) ~ 8 > x > 3
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

TEST_CASE("Digits are joined to thousands only where one number can stand", "[rules]") {
  testing::check_answer_table(R"table(
T 1200 ~ 1,200
T 3500 ~ 3,\,500
T 1000, 2000 ~ 1,000, 2,000
T 1,25,625 ~ 1, 25, 625
T 1,25,625 ~ \{1, 25, 625\}
T 1,2,5,10,101,202,505,1010 ~ 1, 2, 5, 10, 101, 202, 505, 1010
T (2,\,100) ~ (2,100)
T \{3,\,125\} ~ \{3,125\}
T [1,\,100) ~ 1 \le x < 100
T \frac12,250 ~ \frac12, 250
T \langle 1,200\rangle ~ \langle 1, 200\rangle
F 2,3,100 ~ 3100, 2
F 5,25,125 ~ 5,25125
F (2,\,100) ~ 2100
F (1,\,2,\,300) ~ (1,2300)
F \lbrace 1,200\rbrace ~ 1200
)table");
}

TEST_CASE("What stands in front of a rounding is the value where this is true, and nothing is lost",
          "[rules]") {
  testing::check_answer_table(R"table(
T \frac{19}{7} ~ \frac{19}{7} \approx 2.714
F \frac{19}{7} ~ \frac{19}{7} \approx 2.714, 5
F \frac{19}{7} ~ \frac{19}{7} \approx 2.714 \text{ or } 5
F \frac{19}{7} ~ \frac{19}{7} \approx 2.714 \text{ and } \frac{1}{7}
F \frac{19}{7} ~ \frac{19}{7} \approx 2.714 + 5
F \frac{19}{7} ~ \frac{19}{7} \approx 2.714 = 3
F \frac{19}{7} ~ \frac{19}{7} \approx 2.714; x = 4
T \frac{19}{7} ~ x = \frac{19}{7} \approx 2.714
T \frac{19}{7} ~ \frac{19}{7} \approx 2.714 \approx 2.7
T \frac{19}{7} \text{ cm} ~ \frac{19}{7} \text{ cm} \approx 2.714 \text{ cm}
T \frac{19}{7} \text{ cm} ~ \frac{19}{7} \approx 2.714 \text{ cm}
F \frac{19}{7} \text{ m} ~ \frac{19}{7} \approx 2.714 \text{ cm}
F \frac{19}{7} \text{ m} ~ \frac{19}{7} \text{ cm} \approx 2.714 \text{ m}
T 1+\sqrt{2}, 1-\sqrt{2} ~ 1+\sqrt{2} \approx 2.414, 1-\sqrt{2} \approx -0.414
F 1+\sqrt{2} ~ 1+\sqrt{2} \approx 2.414, 1-\sqrt{2} \approx -0.414
F 1+\sqrt{2} ~ 1+\sqrt{2} \approx 2.414 \text{ and } 1-\sqrt{2}
T 1\pm\sqrt{2} ~ 1+\sqrt{2} \approx 2.414 \text{ and } 1-\sqrt{2}
T 1+\sqrt{2}, 3 ~ x = 1+\sqrt{2} \approx 2.414 \text{ or } x = 3
T (\sqrt{2}, 3) ~ (\sqrt{2} \approx 1.414, 3)
T (\sqrt{2}, \sqrt{3}) ~ (\sqrt{2}, \sqrt{3}) \approx (1.414, 1.732)
F \sqrt{2} ~ (\sqrt{2} \approx 1.414, 3)
T 1000\pi ~ 1000\pi \approx 3,141.59
T 1000\pi ~ 1000\pi \approx 3,142
T \{\sqrt2, 3\} ~ \{\sqrt2 \approx 1.414, 3\}
F \sqrt{2} ~ \sqrt{2} \approx x
F \sqrt{2} ~ \sqrt{2} \approx 1.41 \cdot y
F \sqrt{2} ~ \sqrt{2} \approx 1.41 \text{ is wrong}
F 2.714 ~ \frac{19}{7} \approx 2.714
T \sqrt{2} ~ \sqrt{2} \approx 1.414\ldots
T \sqrt{2} ~ \sqrt{2} \approx 1.414...
T \frac{1}{3} ~ \frac{1}{3} \approx 33.3\%
T 2\pi ~ 2\pi \approx 6.28 \text{ (rounded)}
T x = \sqrt{2} \approx 1.41, y = 3 ~ (\sqrt{2}, 3)
F x > \sqrt{2} \approx 1.41 ~ \sqrt{2}
F x > \sqrt{2} \approx 1.41, x < 5 ~ x > \sqrt{2}
F x \approx 5 ~ x \approx 7
F x \approx 5 ~ x
F 2x \approx 5 ~ 2x \approx 7
T \pi r^2 \approx 3.14 r^2 ~ \pi r^2
T e \approx 2.718 ~ e
F 1\pm\sqrt2 \approx 2.414, 5 ~ 1\pm\sqrt2
F (\sqrt2, 3) \approx (1.41, 3, 4) ~ (\sqrt2, 3)
F 5 \text{ m} \approx 5 \text{ cm} ~ 5
T \frac{5}{2} \approx 3 ~ \frac{5}{2}
T 2+\sqrt{3}i \approx 2 + 1.732i ~ 2+i\sqrt{3}
F \frac{5}{2} \approx 4 ~ \frac{5}{2}
T 5 \text{ inches} \approx 5.0 \text{ in} ~ 5
T 10^{30}\pi \approx 3.14 \times 10^{30} ~ 10^{30}\pi
T 2^{100} \approx 1.27 \times 10^{30} ~ 2^{100}
T \pm\sqrt{10} ~ \pm\sqrt{10} \approx \pm 3.16
F \pm\sqrt{10} ~ \pm\sqrt{10} \approx \pm 4.16
F \sqrt{10} ~ \pm\sqrt{10} \approx \pm 3.16
T 1\pm\sqrt{2} ~ 1\pm\sqrt{2} \approx 2.414, -0.414
T 1\pm\sqrt{2} ~ x = 1\pm\sqrt{2} \approx -0.414 \text{ or } 2.414
F 1\pm\sqrt{2} ~ 1\pm\sqrt{2} \approx 2.414, 5
F 0 ~ 0 \approx 25\%
F 1\pm\sqrt{2} ~ 1\pm\sqrt{2} \approx 2.414, 2.414
F 1\pm\sqrt{2} ~ 1\pm\sqrt{2} \approx 2.414, -0.414, 5
)table");
}

TEST_CASE("A letter is a choice only where nothing joins it with anything", "[rules]") {
  testing::check_answer_table(R"table(
F \text{(A)} ~ \text{(A)}, \text{(C)}
F \text{(A)} ~ \text{(A)} \text{ or } \text{(C)}
F \text{(A)} ~ \text{(A)} + 1
F \text{(A)} ~ \text{(A)} \text{ or } 17
F \text{(A)} ~ \text{(A) or (B)}
F \text{(A)} ~ (A)(B)
F \text{(A)} ~ \text{(A)(B)}
F \text{(A)} ~ (A) \text{ and } (B)
F \text{(A)} ~ A, C
F \text{(A)} ~ A \text{ or } C
F \text{(A)} ~ A) or C)
F \text{(A)} ~ A. or C.
F \text{(A)} ~ \text{(A)}^2
F \text{(A)} ~ \text{(A)} = 5
F \text{(A)} ~ \text{(A)} - 1
F \text{(A)} ~ \text{(A)} \cdot 2
F \text{(A)} ~ \text{(A)} \cup \text{(B)}
F \text{(A)} ~ \text{(A) is wrong}
F \text{(A)} ~ \text{not (A)}
F \text{(A)} ~ \text{(A)}, 17
F \text{(A)} ~ \text{(A) 17, (B) 18}
F \text{(A)} ~ \text{(A)} 17 \text{ or } \text{(B)} 18
F \text{(A)} ~ \text{Options A and C}
F \text{(A)} ~ \text{Option A or Option C}
F \text{(A)} ~ \text{(A) through (C)}
F \text{(A)} ~ (A, C)
F \text{(A)} ~ \{A, C\}
F \text{(A)} ~ AC
F \text{(A)} ~ A.C
F \text{(A)} ~ A/C
F \text{(A)} ~ \text{(A)/(C)}
F \text{(A)} ~ \text{(A) \& (C)}
F \text{(A)} ~ \text{A. C}
F \text{(C)} ~ \text{A. C}
F \text{(A)} ~ \text{A: B}
F \text{(A)} ~ [A, B]
F \text{(A)} ~ A \to B
F \text{(C)} ~ \text{(C), (D)}
F 17 ~ \text{(A)} 17 \text{ or } 18
F 17 ~ \text{(A)} + 17
F 17 ~ \text{(A)}, 17
F 17 ~ \text{(A) or } 17
T \text{(A)} ~ A
T \text{(A)} ~ (a)
T \text{(A)} ~ \textbf{(A)}
T \text{(A)} ~ \text{(A)}\ 17
T \text{(A)} ~ \textbf{(A) }17
T \text{(A)} ~ \textbf{(A)} -17
T \text{(A)} ~ \text{(A)} \frac{1}{2}
T \text{(A)} ~ \text{(A) } x+1
T \text{(A)} ~ A) 17
T \text{(A)} ~ A. 17
T \text{(A)} ~ Option A
T \text{(A)} ~ \text{Option (A)}
T \text{(A)} ~ \text{Choice A}
T \text{(A)} ~ \text{(A) orange}
T \text{(A)} ~ \text{(A) isosceles}
T 17 ~ \textbf{(A) }17
T 17 ~ \textbf{(A)}\ 17
T -17 ~ \textbf{(A)} -17
T \pm 3 ~ \textbf{(A)} \pm 3
T \text{(E)} ~ \text{(E) none of these}
T \text{(D)} ~ \text{(D) does not exist}
T \text{(A)} ~ \text{(A)}.
F \text{(A)} ~ \text{(B)}
T \text{(A), (C)} ~ \text{(C), (A)}
T \text{(A)}, \text{(C)} ~ \text{(A) and (C)}
T \text{(A)} ~ \text{(A)} P(B)
)table");
  for (const char* several : {"(A) or (B)", "A) or C)", "(A), (C)", "(A)(B)", "A. B", "(A) + 1"}) {
    INFO(several);
    CHECK_FALSE(choice_letter(several).has_value());
    CHECK_FALSE(equivalent("A", several, GraderKind::kChoice).equal);
  }
  for (const char* one : {"(A) 17", "A) x or y", "A. orange", "[A]", "Option A", "A: 2"}) {
    INFO(one);
    CHECK(choice_letter(one) == 'A');
  }
}

TEST_CASE("Conditions keep elements that they do not need", "[rules]") {
  testing::check_answer_table(R"table(
F x \neq 0 ~ x \neq 0, 0
F x \neq 0 ~ x \neq 0, 1
F x \neq 0 ~ x \ne 0, x \ne 1
F x \neq 0 ~ x \neq 0, x = 0
F x \neq 0 ~ x \ne 0, x = 1
F x \neq 0 ~ x \neq 0 \text{ or } 0
F x \neq 0 ~ x \neq 0 \text{ or } x = 0
F x > 5 ~ x > 5, 5
F x > 5 ~ x > 5, 3
F x > 5 ~ x > 5, x \neq 3, 2
F x > 5 ~ x > 5, 6
F x > 5 ~ x > 5, x = 6
F x > 5 ~ x > 5 \text{ or } 3
F x \ne 1, 2 ~ x \ne 1, 2, 2
T x \ne 1, 2 ~ x \ne 2, 1
T x \ne 1, 2 ~ x \ne 1, x \ne 2
T x \ne 1, 2 ~ x \ne 1 \text{ and } x \ne 2
T x \ne \pm 1 ~ x \ne 1, -1
F x \ne \pm 1 ~ x \ne 1, -1, 0
F x \ne \pm 1 ~ x \ne 1, 1
F (0,1) ~ x \in (0,1), 5
F 0<x<1 ~ 0<x<1, 5
F 0<x<1 ~ 0<x<1, x=5
F 0<x<1 ~ 0<x<1 \text{ or } x = 5
F x \in \mathbb{R} ~ x \in \mathbb{R}, 0
F x \in \mathbb{R}, x \ne 0 ~ x \in \mathbb{R}, x \ne 0, 0
T x \in \mathbb{R}, x \ne 0 ~ x \ne 0
T x \ne 0 ~ (-\infty, 0) \cup (0, \infty)
F x \le 2, x \ge 1 ~ x \le 2, x \ge 1, 1
F x > 0 ~ x > 0, y > 0
F x = 3 ~ x = 3, x > 2
F x = 3 ~ x = 3, x \ne 2
F x = 3 ~ x = 3, 3
F 3 ~ 3, 3
F \{x \mid x \ne 0\} ~ \{x \mid x \ne 0, 0\}
)table");
}

}  // namespace quorum
