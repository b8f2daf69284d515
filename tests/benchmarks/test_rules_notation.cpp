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
)table");
}

}  // namespace quorum
