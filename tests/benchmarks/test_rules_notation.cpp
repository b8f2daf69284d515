// Rules of how answers are written: characters, exponents, fractions, combinations.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Characters beyond ASCII are the LaTeX that they stand for", "[rules]") {
  testing::check_answer_table(R"table(
T 7 \times 10^{12} ~ 7×10¹²
T 7 \times 10^{-4} ~ 7·10⁻⁴
F 7 \times 10^{12} ~ 7×10¹³
T y^{15} ~ y¹⁵
T a_1 + a_2 ~ a₁ + a₂
F a_1 + a_2 ~ a₁ + a₃
T 61_7 ~ 61₇
T \sqrt[3]{11} ~ ∛11
T \sqrt{n+3} ~ √(n+3)
T \frac{7}{8} ~ ⅞
T 4\frac{3}{5} ~ 4⅗
F \frac{7}{8} ~ ⅝
T 75^\circ ~ 75º
T t \ge 9 ~ t≧9
T -14 ~ －14
T -14 ~ —14
T 6,11 ~ 6、11
T 47 ~ ４７
T \angle PQR ~ ∠PQR
T \omega + 1 ~ ω+1
T 14 ~ €14
T 6 \text{ pounds sterling} ~ £6
F £6 ~ \$6
F £6 ~ €6
T (2,+\infty) ~ x＞2
T 1.5 ~ 1．5
)table");
}

TEST_CASE("Combinations are binomials in the notation of every country", "[rules]") {
  testing::check_answer_table(R"table(
T 84 ~ C_9^3
T 84 ~ C_{9}^{3}
T 84 ~ C^3_9
T 84 ~ _9C_3
T 84 ~ {}_9C_3
T 84 ~ ^9C_3
T 84 ~ {}^{9}C_{3}
T 84 ~ \mathrm{C}_9^3
T 84 ~ ^{9}\mathrm{C}_{6}
F 84 ~ C_9^4
F 84 ~ C_3^9
T 504 ~ P_9^3
T 504 ~ A_9^3
T 504 ~ {}_9P_3
F 504 ~ C_9^3
T 2 \cdot C_6^2 ~ 30
T 5P_4^2 ~ 60
T \frac{C_5^1 C_4^1}{C_9^2} ~ \frac{5}{9}
T C_{2n}^{n} ~ \binom{2n}{n}
T C_n^k ~ \binom{n}{k}
F C_n^2 ~ \binom{n}{2}
F A_1^2 ~ A_1
T A_1^2 + A_2^2 ~ A_2^2 + A_1^2
F C_1^2 ~ 0
)table");
}

TEST_CASE("Exponents, factorials, mixed numbers and periods have one reading", "[rules]") {
  testing::check_answer_table(R"table(
T 1024 ~ 2^10
F 1024 ~ 2^11
F 20 ~ 2^10
T 8.1 \times 10^{12} ~ 8.1 * 10^12
F y^12 ~ y^{12}
T \frac{9!}{4!5!} ~ 126
T \frac{7!}{2!3!} ~ 420
F 3!5 ~ 35
T 5\frac{2}{3} ~ 5{\frac{2}{3}}
F \frac{10}{3} ~ 5{\frac{2}{3}}
F \frac{10x}{3} ~ 5{\frac{2}{3}}x
T \frac{2}{3} ~ 0.\bar{6}
T \frac{2}{3} ~ 0.(6)
T \frac{7}{12} ~ 0.58(3)
T \frac{7}{12} ~ 0.58\bar{3}
F 0 ~ 0.(6)
F \frac{7}{12} ~ 0.58(4)
)table");
}

}  // namespace quorum
