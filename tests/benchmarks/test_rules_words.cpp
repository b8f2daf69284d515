// Rules of answers in words.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Words of an answer are text in any case, however short, and never products of letters",
          "[rules]") {
  testing::check_answer_table(R"table(
T \text{no} ~ No
T no ~ No
T NO ~ \mathbf{no}
T \text{Yes.} ~ yes
T odd ~ ODD
T \text{even} ~ Even
T true ~ \text{TRUE}
F \text{no} ~ \text{on}
F no ~ yes
F odd ~ even
F true ~ FALSE
F \text{red} ~ \text{der}
T \text{red} ~ red
T N \cdot o ~ o \cdot N
T xy ~ yx
T klm ~ mlk
)table");
}

TEST_CASE("A choice with its letter and content is its letter and is its content", "[rules]") {
  testing::check_answer_table(R"table(
T B ~ B. 34
T (B) ~ B) 34
T B ~ \textbf{(B) }34
T 34 ~ \textbf{(B) }34
T 34 ~ \text{(B)} 34
T \frac{1}{2} ~ \textbf{(B)}\ \frac12
T 34 ~ B. 34
F A ~ B. 34
F 35 ~ \textbf{(B) }34
F A ~ \textbf{(B) }34
F \textbf{(A) }34 ~ \textbf{(B) }34
F 34 ~ (B)34
F 34 ~ B: 34
)table");
}

TEST_CASE("Words that announce a value may be left out, but not what else they say", "[rules]") {
  testing::check_answer_table(R"table(
T 12 ~ \text{The value of } x \text{ is } 12
T 12 ~ \text{The area of triangle } ABC \text{ is } 12
T 12 ~ \text{The maximum value of } 3x \text{ is } 12
T (1,2) ~ \text{The point where they meet is } (1,2)
T 3 ~ \text{Minimum: } 3
T 3 ~ The minimum value is 3
T \text{Alice} ~ \text{The winner is } \text{Alice}
F 3 ~ \text{Max: } 5, \text{ Min: } 3
F \text{max: } 5, \text{ min: } 3 ~ \text{max: } 7, \text{ min: } 3
F \text{Alice: }3, \text{Bob: }5 ~ \text{Bob: }3, \text{Alice: }5
F (-\infty,3] ~ \text{Domain: } \mathbb{R}, \text{Range: } (-\infty,3]
F 3 ~ The maximum is 5 and the minimum is 3
F 3 ~ x=5 \text{ is a root and the other is } 3
F 3 ~ -\text{total: }3
F 3 ~ 2+\text{ is }3
F 3 ~ \text{The answer is not: } 3
F 3 ~ \text{The answer isn't: } 3
F 3 ~ \text{at least: } 3
F 3 ~ \text{The only value that fails is } 3
F 3 ~ \text{The reciprocal of the answer is } 3
F \text{First player wins when } n \text{ is } \text{even} ~ \text{Second player wins when } n \text{ is } \text{even}
F \text{all pairs } (a,b) \text{ where } a \text{ is } 3b ~ \text{all pairs } (b,a) \text{ where } a \text{ is } 3b
)table");
}

TEST_CASE("A choice's content counts, whatever surrounds the choice", "[rules]") {
  testing::check_answer_table(R"table(
F \textbf{(C)}\ 15 ~ \textbf{(C)}\ 16
F \textbf{(C)}\ 15 ~ $\textbf{(C)}\ 16$
F \textbf{(C)}\ 15 ~ \displaystyle\textbf{(C)}\ 16
F \textbf{(C)}\ 15 ~ \,\textbf{(C)}\ 16
F \textbf{(C)}\ 15 ~ \(\textbf{(C)}\ 16\)
F \textbf{(C)}\ 15 ~ \boxed{\textbf{(C)}\ 16}
T \textbf{(C)}\ 15 ~ $\textbf{(C)}\ 15$
T 15 ~ $\textbf{(C)}\ 15$
T C ~ \,\textbf{(C)}\ 15
T \textbf{(C)}\ 15 ~ \displaystyle\textbf{(C)}\ 15
T 15 ~ \boxed{\textbf{(C)}\ 15}
)table");
}

TEST_CASE("Votes of one word are one class in any case, with \\text and without", "[rules]") {
  const auto classes = [](const std::vector<std::string>& answers) {
    return answer_classes("other", answers, GraderKind::kMath);
  };
  CHECK(classes({"\\text{yes}", "Yes", "yes", "YES"}) == std::vector<int>{0, 0, 0, 0});
  CHECK(classes({"Odd", "odd", "\\text{even}"}) == std::vector<int>{0, 0, 1});
  CHECK(classes({"\\text{Sun}", "Sun", "sun"}) == std::vector<int>{0, 0, 0});
  CHECK(classes({"xy", "yx", "x \\cdot y"}) == std::vector<int>{0, 0, 0});
}

TEST_CASE("One sentence about a value is the value", "[rules]") {
  testing::check_answer_table(R"table(
T 14 ~ So the final answer is 14.
T 14 ~ Therefore, the answer is 14
T 14 ~ There are 14 apples
T 14 ~ \text{There are 14 solutions}
T 14 ~ \text{There are exactly } 14
T 14 ~ exactly 14
T 14 ~ x equals 14
T x = 14 ~ x is 14
F y = 14 ~ x is 14
T 14 ~ It is 14.
T 14 ~ 14 \text{ solutions}
T \frac{2}{7} ~ \text{Thus the answer is } \frac{2}{7}
T 2.7 ~ approximately 2.7 cm
T 2.7 ~ \text{about } 2.7
T 2.7 ~ \approx 2.7
F e ~ \approx 2.7
F 14 ~ about 14
F 14 ~ at least 14
F 14 ~ \text{at most } 14
F 14 ~ more than 14
F 14 ~ There are 14 or 15
F 14 ~ There are 14 apples and 15 pears
F 14 ~ There are 14 more than x
F 14 ~ The answer is not 14
F 14 ~ There are fewer than 14
F 14 ~ it is 14 times x
F 14 ~ so 15
T 14 ~ (B) 14
F 14 ~ (B) 15
)table");
}

TEST_CASE("Words that mean the empty set, or that nothing exists, are one", "[rules]") {
  testing::check_answer_table(R"table(
T \emptyset ~ \text{no solution}
T \emptyset ~ No solutions.
T \varnothing ~ \text{There are no solutions}
T \{\} ~ \text{no real solutions}
T \text{No solution} ~ \text{There is no solution.}
T \emptyset ~ \text{the empty set}
T x \in \varnothing ~ \text{no solution exists}
F \emptyset ~ 0
F \text{no solution} ~ 0
F \text{no solution} ~ \text{one solution}
F \text{no solution} ~ \text{infinitely many solutions}
F \text{no solution} ~ \{0\}
T \text{infinitely many} ~ \text{There are infinitely many solutions}
T \text{DNE} ~ \text{does not exist}
F \text{DNE} ~ \text{no solution}
)table");
}

TEST_CASE("Times, ratios, numerals and sums of units keep their meaning inside of text",
          "[rules]") {
  testing::check_answer_table(R"table(
T 8:20 \text{ p.m.} ~ \text{8:20 PM}
T 8:20 \text{ p.m.} ~ 8{:}20 \text{ pm}
F 8:20 \text{ p.m.} ~ \text{8:20 AM}
T 4:7 ~ 4 \text{ to } 7
T 4:7 ~ 8 to 14
F 4:7 ~ 7 to 4
F 4:7 ~ 4 \text{ and } 7
T FACE_{16} ~ \text{FACE}_{16}
F FACE_{16} ~ FADE_{16}
F FACE_{16} ~ FACE_{17}
T 321_5 ~ {321}_5
T 321_5 ~ \overline{321}_5
T 321_5 ~ 321_{\text{base } 5}
F AB_2 ~ 321_5
T 2\text{ hours and }15\text{ minutes} ~ 2 \text{ h } 15 \text{ min}
T 2\text{ hours and }15\text{ minutes} ~ 135 \text{ minutes}
F 2\text{ hours and }15\text{ minutes} ~ 2 \text{ hours}
T 7 \text{ cm}^2 ~ 7 \text{ sq. cm}
T \$5.25 ~ \text{\$}5.25
F \lfloor \sin^2 x \rfloor ~ 0
F \lceil \cos^2 x \rceil ~ 1
T \lfloor x + 1 \rfloor ~ \lfloor x \rfloor + 1
)table");
}

TEST_CASE("Colours, quotation marks, announcements and plain differences do not hide an answer",
          "[rules]") {
  testing::check_answer_table(R"table(
T 5 ~ 12-7
T 99 ~ 100 - 1
T \frac{1}{2} ~ 2-3/2
T 8, 5 ~ 10-2, 5
F -2 ~ 3-5
F 2 ~ 3-5
F 4 ~ 12-7
F -1 ~ 2020-2021
F 0 ~ 12-7-5
F 5 ~ 12--7
F 0 ~ 7-7
T 5 ~ {\color{blue} 5}
T 12 ~ {\color{red}12}
T 12 ~ \color{red}{12}
T x = 12 ~ x = {\color{red}12}
T \frac{3}{4} ~ \frac{\color{red}3}{4}
T \pi r ~ \pi\color{red}r
F 12 ~ {\color{red}13}
T 5 ~ \text{\$}5
T 1{,}234{,}567 ~ 1\;234\;567
F 1, 234 ~ 1\;234
T \text{Friday} ~ "Friday"
T \text{Friday} ~ ``Friday''
T \text{Friday} ~ \text{“Friday”}
T \text{Friday} ~ \text{"Friday"}
F \text{Friday} ~ "Friday" or "Monday"
F \text{Friday} ~ "Monday"
T \text{Friday} ~ \text{The answer is Friday}
T \text{Friday} ~ \text{So the correct answer is: Friday.}
F \text{Friday} ~ \text{The answer is not Friday}
F \text{Friday} ~ \text{The answer is Friday or Monday}
F \text{Friday} ~ \text{The answer is Monday}
T \text{(C)} ~ \text{The answer is (C)}
T \text{(C)} ~ \text{The correct option is C}
F \text{(C)} ~ \text{The answer is not (C)}
F \text{(C)} ~ \text{The answer is (C) or (D)}
F \text{(C)} ~ \text{The answer is (D)}
T 5 ~ \text{The answer is 5}
F 5 ~ \text{The answer is not 5}
F 5 ~ \text{The answer is 5 or 6}
)table");
}

}  // namespace quorum
