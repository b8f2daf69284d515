// Rules of answers that have several parts or look as if they had.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("The numbers of parts are no factors, and each part is compared with its own",
          "[rules]") {
  testing::check_answer_table(R"table(
F 72 ~ (1) 6 (2) 12
F 144 ~ (1)\ 6\ (2)\ 12
F (1)\ 6\ (2)\ 12 ~ (1)\ 12\ (2)\ 6
F (a) 6 (b) 12 ~ (a) 12 (b) 6
F 24 ~ \text{(1) } 3 \text{ (2) } 4
F (1) x=3 (2) y>5 ~ (1) x=3 (2) y>4
F (1) 1,3 (2) 4 ~ (1) 1 (2) 3,4
T (1) 1,3 (2) 4 ~ (1) 3,1 (2) 4
T (1) x=3 (2) y>5 ~ (1) x=3; (2) y>5
T (1) 6 (2) 12 ~ (1) 6; (2) 12
T (1) 6 (2) 12 ~ \text{(1) } 6 \quad \text{(2) } 12
T (i) \frac{1}{2} (ii) (3,4) ~ (1) \frac12, (2) (3,4)
T 6, 12 ~ (1) 6 \\ (2) 12
T (1)(2) ~ 2
T (1) + (2) ~ 3
T (a) b ~ ab
T 2 (1) 3 ~ 6
)table");
}

TEST_CASE("Values of several symbols keep together", "[rules]") {
  testing::check_answer_table(R"table(
F x=1,y=2 \text{ and } x=2,y=1 ~ x=1,y=1 \text{ and } x=2,y=2
T x=1,y=2 \text{ and } x=2,y=1 ~ (1,2),(2,1)
T x=1,y=2 \text{ and } x=2,y=1 ~ x=2,y=1 \text{ or } x=1,y=2
F x=1 \text{ and } y=2, \text{ or } x=3 \text{ and } y=4 ~ x=1 \text{ and } y=4, \text{ or } x=3 \text{ and } y=2
T x=1 \text{ and } y=2, \text{ or } x=3 \text{ and } y=4 ~ (1,2),(3,4)
F f(x)=x, g(x)=2x \text{ and } f(x)=3x,g(x)=4x ~ f(x)=x,g(x)=4x \text{ and } f(x)=3x,g(x)=2x
F x=1,3; y=2,4 ~ x=1,2; y=3,4
T x=1,3; y=2,4 ~ x=3,1; y=4,2
F a=1,2, b=3 ~ a=1,b=2,3
F p=2,q=3,5 ~ p=2,3,q=5
T x=1, y=2, \text{ and } z=3 ~ z=3, x=1, y=2
T x=1, y=2 ~ x=1 \text{ and } y=2
T 1, 2 \text{ and } 3, 4 ~ 1,2,3,4
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

TEST_CASE("An equation about a product or a function is no name with its value", "[rules]") {
  testing::check_answer_table(R"table(
F 6 ~ n(n-1)=6
F 6 ~ x(y+1)=6
F 0.5 ~ sinx = 0.5
F 2 ~ lnx = 2
T 6 ~ f(x+1)=6
T 6 ~ P(A)=6
T 6 ~ n(S)=6
T 6 ~ f(n-1)=6
T 12 ~ Area = 12
F 5 ~ 5 \text{ sevenths}
F 5 ~ 5 \text{ millionths}
F 5\text{ light years} ~ 5\text{ years}
T (2,+\infty) ~ x＞2
T 1.5 ~ 1．5
)table");
}

}  // namespace quorum
