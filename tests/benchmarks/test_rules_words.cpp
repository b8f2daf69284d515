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

TEST_CASE("Votes of one word are one class in any case, with \\text and without", "[rules]") {
  const auto classes = [](const std::vector<std::string>& answers) {
    return answer_classes("other", answers, GraderKind::kMath);
  };
  CHECK(classes({"\\text{yes}", "Yes", "yes", "YES"}) == std::vector<int>{0, 0, 0, 0});
  CHECK(classes({"Odd", "odd", "\\text{even}"}) == std::vector<int>{0, 0, 1});
  CHECK(classes({"\\text{Sun}", "Sun", "sun"}) == std::vector<int>{0, 0, 0});
  CHECK(classes({"xy", "yx", "x \\cdot y"}) == std::vector<int>{0, 0, 0});
}

}  // namespace quorum
