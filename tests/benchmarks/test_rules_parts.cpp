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

TEST_CASE("An equation about a product or a function is no name with its value", "[rules]") {
  testing::check_answer_table(R"table(
F 6 ~ n(n-1)=6
F 6 ~ x(y+1)=6
F 0.5 ~ sinx = 0.5
F 2 ~ lnx = 2
F 6 ~ k(k+2)=6
F 1 ~ cosx=1
T 6 ~ f(x+1)=6
T 6 ~ P(A)=6
T 6 ~ n(S)=6
T 6 ~ f(n-1)=6
T 12 ~ Area = 12
)table");
}

}  // namespace quorum
